import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link may do. */
export type TokenPurpose =
  'confirm' | 'decline' | 'undo' | 'preferences' | 'unsubscribe' | 'react' | 'newsletter' | 'feed';

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

/** What a reader's own links may do; every mail needs most of them. */
const READER_PURPOSES = ['preferences', 'unsubscribe', 'react', 'feed'] as const satisfies TokenPurpose[];

export type ReaderPurpose = (typeof READER_PURPOSES)[number];

/** Characters of a signature: 126 bits, beyond guessing. Four of them fit into the 86 characters of one HMAC-SHA512. */
const MAC_LENGTH = 21;

/**
 * Signs a link: `purpose.subject.generation.HMAC`, URL-safe, without a secret of its own, so that a worker can build it
 * and a dump holds none.
 */
export function signToken(key: LinkKey, purpose: TokenPurpose, subject: string, generation: number): string {
  return `${purpose}.${subject}.${generation}.${macOf(key, purpose, subject, generation)}`;
}

/**
 * Signs all of a reader's own links with one HMAC: each purpose takes a stretch of its own, which says nothing of the
 * others (as HKDF expands one key to many, RFC 5869 2.3).
 */
export function signReaderTokens(key: LinkKey, subject: string, generation: number): Record<ReaderPurpose, string> {
  const mac = hmacOf(key, `reader.${subject}.${generation}`);
  const token = (purpose: ReaderPurpose) => `${purpose}.${subject}.${generation}.${stretchOf(mac, purpose)}`;
  return {
    preferences: token('preferences'),
    unsubscribe: token('unsubscribe'),
    react: token('react'),
    feed: token('feed'),
  };
}

/**
 * Checks a token against every live key, in constant time on the text; null where it is malformed, forged or for
 * another purpose.
 */
export function verifyToken(keys: readonly LinkKey[], purpose: TokenPurpose, token: string): TokenClaim | null {
  const parts = /^([a-z]+)\.([A-Za-z0-9_-]{1,80})\.(0|[1-9]\d{0,8})\.([A-Za-z0-9_-]{21})$/.exec(token);
  if (!parts || parts[1] !== purpose) return null;
  const [, , subject = '', digits = '', mac = ''] = parts;
  const generation = Number(digits);
  const given = Buffer.from(mac);
  let holds = false;
  for (const key of keys)
    if (timingSafeEqual(given, Buffer.from(macOf(key, purpose, subject, generation)))) holds = true;
  return holds ? { purpose, subject, generation } : null;
}

function macOf(key: LinkKey, purpose: TokenPurpose, subject: string, generation: number): string {
  return isReaderPurpose(purpose)
    ? stretchOf(hmacOf(key, `reader.${subject}.${generation}`), purpose)
    : hmacOf(key, `${purpose}.${subject}.${generation}`).slice(0, MAC_LENGTH);
}

function stretchOf(mac: string, purpose: ReaderPurpose): string {
  const from = READER_PURPOSES.indexOf(purpose) * MAC_LENGTH;
  return mac.slice(from, from + MAC_LENGTH);
}

function isReaderPurpose(purpose: TokenPurpose): purpose is ReaderPurpose {
  return (READER_PURPOSES as readonly TokenPurpose[]).includes(purpose);
}

function hmacOf(key: LinkKey, text: string): string {
  return createHmac('sha512', key.secret).update(text).digest('base64url');
}
