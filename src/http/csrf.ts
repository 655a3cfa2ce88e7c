import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { fieldOf } from './bodies.ts';

/**
 * Tells whether a form holds the token of the session that sends it, which no other site can know (cross-site request
 * forgery).
 */
export async function holdsToken(req: Request, sessionToken: string): Promise<boolean> {
  const [given, own] = [Buffer.from(await fieldOf(req, 'csrf')), Buffer.from(sessionToken)];
  return given.length === own.length && timingSafeEqual(given, own);
}
