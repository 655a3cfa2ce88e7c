import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from '../context.ts';
import { first, type Fields } from './bodies.ts';

/**
 * Who seems to have filled in a form: a person, a program that gave itself away, or nobody knows (a form on another
 * site, JSON).
 */
export type FormGuess = 'person' | 'robot' | 'unknown';

/** Nobody reads and fills in a form faster than this. */
const FASTEST_MS = 2_000;

/** A stamp older than this says nothing any more. */
const OLDEST_MS = 24 * 3_600_000;

/** Makes the stamp that our own forms carry (partial `form-guard`): when it was shown, signed. */
export function formStamp(ctx: Context): string {
  return signed(ctx, ctx.now().getTime());
}

/** Judges a form by its honeypot, a field that people do not see, and by its stamp. */
export function guessOf(ctx: Context, fields: Fields): FormGuess {
  if (first(fields, 'website') !== '') return 'robot';
  const shownAt = stampedAt(ctx, first(fields, 'stamp'));
  if (shownAt === null) return 'unknown';
  const age = ctx.now().getTime() - shownAt;
  if (age < FASTEST_MS) return 'robot';
  return age > OLDEST_MS ? 'unknown' : 'person';
}

/**
 * Returns the stamp for a form shown again: its own where that holds, so that a quick correction is not taken for a
 * program.
 */
export function stampAgain(ctx: Context, fields: Fields): string {
  const given = first(fields, 'stamp');
  return stampedAt(ctx, given) === null ? formStamp(ctx) : given;
}

function stampedAt(ctx: Context, stamp: string): number | null {
  const [, time = ''] = /^(\d{1,15})\.[A-Za-z0-9_-]{22}$/.exec(stamp) ?? [];
  if (time === '') return null;
  const expected = Buffer.from(signed(ctx, Number(time)));
  const given = Buffer.from(stamp);
  return given.length === expected.length && timingSafeEqual(given, expected) ? Number(time) : null;
}

function signed(ctx: Context, time: number): string {
  const secret = ctx.keys.link.at(-1)?.secret;
  if (!secret) throw new Error('No key to sign forms with');
  const mac = createHmac('sha256', secret).update(`form ${time}`).digest().subarray(0, 16).toString('base64url');
  return `${time}.${mac}`;
}
