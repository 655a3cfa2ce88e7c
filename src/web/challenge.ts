import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from '../context.ts';
import { newPublicId } from '../lib/tokens.ts';
import { first, type Fields } from './bodies.ts';

/** Leading zero bits a solution must have: about 33,000 hashes, well under a second for one reader, hours for a flood. */
export const CHALLENGE_BITS = 15;

/** How long a challenge may be answered. */
const LIFE_MS = 20 * 60_000;

/** Without JavaScript patience stands in for work: the form is taken again after this long. */
export const PATIENCE_SECONDS = 20;

/** Makes a challenge: when, which, signed. Whoever finds an n such that SHA-256(`challenge n`) starts with enough zero bits has worked for it. */
export function makeChallenge(ctx: Context): string {
  return signed(ctx, `${ctx.now().getTime()}.${newPublicId()}`);
}

/** Tells whether a form carries a challenge of ours with its solution, or has waited long enough with it. */
export function challengeIsMet(ctx: Context, fields: Fields): boolean {
  const challenge = first(fields, 'challenge');
  const age = ageOf(ctx, challenge);
  if (age === null || age > LIFE_MS) return false;
  return age >= PATIENCE_SECONDS * 1000 || solves(challenge, first(fields, 'solution'));
}

/** Checks one solution. Pure. */
export function solves(challenge: string, solution: string): boolean {
  if (!/^\d{1,12}$/.test(solution)) return false;
  const digest = createHash('sha256').update(`${challenge} ${solution}`).digest();
  return digest.readUInt32BE(0) >>> (32 - CHALLENGE_BITS) === 0;
}

/** Identifies a challenge, so that it is taken once. */
export function challengeId(fields: Fields): string {
  return first(fields, 'challenge').split('.')[1] ?? '';
}

function ageOf(ctx: Context, challenge: string): number | null {
  const [, body = '', time = ''] = /^((\d{1,15})\.[A-Za-z0-9_-]{16})\.[A-Za-z0-9_-]{22}$/.exec(challenge) ?? [];
  if (body === '') return null;
  const [given, expected] = [Buffer.from(challenge), Buffer.from(signed(ctx, body))];
  return given.length === expected.length && timingSafeEqual(given, expected)
    ? ctx.now().getTime() - Number(time)
    : null;
}

function signed(ctx: Context, body: string): string {
  const secret = ctx.keys.link.at(-1)?.secret;
  if (!secret) throw new Error('No key to sign challenges with');
  const mac = createHmac('sha256', secret).update(`challenge ${body}`).digest().subarray(0, 16).toString('base64url');
  return `${body}.${mac}`;
}
