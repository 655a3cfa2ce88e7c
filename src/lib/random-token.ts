import { createHash, randomBytes } from 'node:crypto';

/** Makes a token that nobody can guess: 256 random bits, base64url. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns the SHA-256 under which a token is kept. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
