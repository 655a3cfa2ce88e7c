import { createHash, randomBytes } from 'node:crypto';

/**
 * Makes a token that nobody can guess: 256 random bits, base64url. It ends in a letter or a digit, since programs cut a
 * `-` or `_` off the end of a link.
 */
export function randomToken(): string {
  const token = randomBytes(32).toString('base64url');
  return /[-_]$/.test(token) ? randomToken() : token;
}

/** Returns the SHA-256 under which a token is kept. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
