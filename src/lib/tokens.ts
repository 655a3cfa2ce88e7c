import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a link may do. */
export type TokenPurpose = 'confirm' | 'decline' | 'preferences' | 'unsubscribe' | 'react' | 'newsletter' | 'feed';

/** A key that signs links. */
export interface LinkKey {
  id: number;
  secret: Buffer;
}

/** What a token says, once its signature holds. */
export interface TokenClaim {
  purpose: TokenPurpose;
  /** Public id of what it is about; letters, digits, - and _ only. */
  subject: string;
  generation: number;
}

/** Bytes of the signature: 128 bits, beyond guessing. */
const MAC_BYTES = 16;

/** Signs a link: `purpose.subject.generation.HMAC`, URL-safe, without a secret of its own, so that a worker can build it and a dump holds none. */
export function signToken(key: LinkKey, purpose: TokenPurpose, subject: string, generation: number): string {
  const body = `${purpose}.${subject}.${generation}`;
  return `${body}.${macOf(key, body)}`;
}

/** Checks a token against every live key, in constant time on the text; null where it is malformed, forged or for another purpose. */
export function verifyToken(keys: readonly LinkKey[], purpose: TokenPurpose, token: string): TokenClaim | null {
  const parts = /^([a-z]+)\.([A-Za-z0-9_-]{1,80})\.(\d{1,9})\.([A-Za-z0-9_-]{22})$/.exec(token);
  if (!parts || parts[1] !== purpose) return null;
  const body = `${parts[1]}.${parts[2]}.${parts[3]}`;
  const given = Buffer.from(parts[4] ?? '');
  let holds = false;
  for (const key of keys) if (timingSafeEqual(given, Buffer.from(macOf(key, body)))) holds = true;
  return holds ? { purpose, subject: parts[2] ?? '', generation: Number(parts[3]) } : null;
}

/** Makes a public id: 96 random bits, URL-safe, 16 characters. */
export function newPublicId(): string {
  return randomBytes(12).toString('base64url');
}

function macOf(key: LinkKey, body: string): string {
  return createHmac('sha256', key.secret).update(body).digest().subarray(0, MAC_BYTES).toString('base64url');
}
