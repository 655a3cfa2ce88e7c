import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from '../context.ts';
import { networkOf } from '../db/operator/budgets.ts';
import { newPublicId } from '../lib/public-id.ts';
import { mailboxOf } from '../model/address.ts';
import { first, type Fields } from './bodies.ts';

/**
 * Leading zero bits a solution must have: about 33,000 hashes, under a second in a browser. It slows a flood; what
 * bounds it is the budget.
 */
export const CHALLENGE_BITS = 15;

/** How long a challenge may be answered. */
const LIFE_MS = 20 * 60_000;

/** Without JavaScript patience stands in for work, for a few: the form is taken again after this long. */
export const PATIENCE_SECONDS = 20;

/**
 * Who is asked: a challenge answers for one visitor's network and one mailbox only, so that none can be gathered or
 * solved for elsewhere.
 */
export interface Challenged {
  ip: string;
  /** Canonical address. */
  email: string;
}

/**
 * Makes a challenge: when, which, signed for whom. Whoever finds an n such that SHA-256(`challenge n`) starts with
 * enough zero bits has worked for it.
 */
export function makeChallenge(ctx: Context, whom: Challenged): string {
  return signed(ctx, `${ctx.now().getTime()}.${newPublicId()}`, whom);
}

/**
 * Tells how a form met a challenge that was made for its sender: by its solution, or by having waited long enough with
 * it; null where it did not.
 */
export function challengeMet(ctx: Context, fields: Fields, whom: Challenged): 'solved' | 'waited' | null {
  const challenge = first(fields, 'challenge');
  const age = ageOf(ctx, challenge, whom);
  if (age === null || age > LIFE_MS) return null;
  if (solves(challenge, first(fields, 'solution'))) return 'solved';
  return age >= PATIENCE_SECONDS * 1000 ? 'waited' : null;
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

function ageOf(ctx: Context, challenge: string, whom: Challenged): number | null {
  const [, body = '', time = ''] = /^((\d{1,15})\.[a-z0-9]{20})\.[A-Za-z0-9_-]{22}$/.exec(challenge) ?? [];
  if (body === '') return null;
  const [given, expected] = [Buffer.from(challenge), Buffer.from(signed(ctx, body, whom))];
  return given.length === expected.length && timingSafeEqual(given, expected)
    ? ctx.now().getTime() - Number(time)
    : null;
}

function signed(ctx: Context, body: string, { ip, email }: Challenged): string {
  const secret = ctx.keys.link.at(-1)?.secret;
  if (!secret) throw new Error('No key to sign challenges with');
  const text = `challenge ${body} ${networkOf(ip)} ${mailboxOf(email)}`;
  const mac = createHmac('sha256', secret).update(text).digest().subarray(0, 16).toString('base64url');
  return `${body}.${mac}`;
}
