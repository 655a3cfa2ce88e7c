import { randomBytes } from 'node:crypto';

/** Makes a public id: 96 random bits, URL-safe, 16 characters. */
export function newPublicId(): string {
  return randomBytes(12).toString('base64url');
}
