import type { Context } from '../context.ts';
import { createChallenge, takeChallenge, type Challenge, type ChallengePurpose } from '../db/operator/challenges.ts';
import { randomToken, tokenHash } from '../lib/random-token.ts';

/** How long a browser may take to bring back what it was asked. */
export const CHALLENGE_MINUTES = 5;

/** Keeps what a browser was asked; returns the token for its cookie, and until when it is good. */
export async function keepChallenge(ctx: Context, challenge: Challenge): Promise<{ token: string; expiresAt: Date }> {
  const token = randomToken();
  const expiresAt = new Date(ctx.now().getTime() + CHALLENGE_MINUTES * 60_000);
  await createChallenge(ctx.db, { ...challenge, tokenHash: tokenHash(token), expiresAt });
  return { token, expiresAt };
}

/** Takes what a browser was asked, once; null where it was not, or too long ago. */
export async function bringBack(ctx: Context, purpose: ChallengePurpose, token: string): Promise<Challenge | null> {
  return token === '' ? null : takeChallenge(ctx.db, { tokenHash: tokenHash(token), purpose, now: ctx.now() });
}
