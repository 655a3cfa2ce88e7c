import { timingSafeEqual } from 'node:crypto';
import { hmacWith } from '../lib/hmac.ts';
import { cutTail } from '../lib/cut-tail.ts';

/** What a link may do. */
export type TokenPurpose =
  | 'confirm'
  | 'decline'
  | 'undo'
  | 'preferences'
  | 'unsubscribe'
  | 'react'
  | 'newsletter'
  | 'feed'
  | 'signin'
  | 'invitation';

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

/** Hex digits of a signature: 128 bits, beyond guessing. Four of them are the 128 digits of one HMAC-SHA512. */
const MAC_LENGTH = 32;

/**
 * Signs a link: `purpose.subject.generation.HMAC`, URL-safe, without a secret of its own, so that a worker can build it
 * and a dump holds none. The signature is hex, as fast to write as base64url: a link never ends in a sign that programs
 * take for the end of a sentence, and with a public id of today it means the same in capitals.
 */
export function signToken(key: LinkKey, purpose: TokenPurpose, subject: string, generation: number): string {
  return `${purpose}.${subject}.${generation}.${macOf(key, purpose, subject, generation)}`;
}

/**
 * Signs all of a reader's own links with one HMAC: each purpose takes a stretch of its own, which says nothing of the
 * others (as HKDF expands one key to many, RFC 5869 2.3).
 */
export function signReaderTokens(key: LinkKey, subject: string, generation: number): Record<ReaderPurpose, string> {
  const mac = hmacOf(key, `links.${subject}.${generation}`);
  const token = (purpose: ReaderPurpose) =>
    `${purpose}.${subject}.${generation}.${stretchOf(mac, purpose, MAC_LENGTH)}`;
  return {
    preferences: token('preferences'),
    unsubscribe: token('unsubscribe'),
    react: token('react'),
    feed: token('feed'),
  };
}

const FORM = /^([a-z]+)\.([A-Za-z0-9_-]{1,80})\.(0|[1-9]\d{0,8})\.([0-9a-f]{32}|[A-Za-z0-9_-]{18,21})$/;

/**
 * Checks a token against every live key, in constant time on the text; null where it is malformed, forged or for
 * another purpose. All in capitals it is the same token; mixed it is none.
 */
export function verifyToken(keys: readonly LinkKey[], purpose: TokenPurpose, token: string): TokenClaim | null {
  const parts = FORM.exec(token === token.toUpperCase() ? token.toLowerCase() : token);
  if (!parts || parts[1] !== purpose) return null;
  const [, , subject = '', digits = '', mac = ''] = parts;
  const generation = Number(digits);
  const expected = mac.length === MAC_LENGTH ? macOf : oldMacOf;
  const given = Buffer.from(atFullLength(mac));
  let holds = false;
  for (const key of keys)
    if (timingSafeEqual(given, Buffer.from(atFullLength(expected(key, purpose, subject, generation))))) holds = true;
  return holds ? { purpose, subject, generation } : null;
}

function macOf(key: LinkKey, purpose: TokenPurpose, subject: string, generation: number): string {
  return isReaderPurpose(purpose)
    ? stretchOf(hmacOf(key, `links.${subject}.${generation}`), purpose, MAC_LENGTH)
    : hmacOf(key, `link.${purpose}.${subject}.${generation}`).slice(0, MAC_LENGTH);
}

/** Characters of a signature in mails of before 28 November 2026, in base64url: 126 bits. */
const OLD_MAC_LENGTH = 21;

function oldMacOf(key: LinkKey, purpose: TokenPurpose, subject: string, generation: number): string {
  const of = (text: string) => Buffer.from(hmacOf(key, text), 'hex').toString('base64url');
  return isReaderPurpose(purpose)
    ? stretchOf(of(`reader.${subject}.${generation}`), purpose, OLD_MAC_LENGTH)
    : of(`${purpose}.${subject}.${generation}`).slice(0, OLD_MAC_LENGTH);
}

/**
 * Brings a signature to the length of the longest, without the `-` and `_` at its end: programs cut those off old
 * links, which are whole without them (3 % end so, and lose 6 of their 126 bits).
 */
function atFullLength(mac: string): string {
  return cutTail(mac, '-_').padEnd(MAC_LENGTH, '.');
}

function stretchOf(mac: string, purpose: ReaderPurpose, length: number): string {
  const from = READER_PURPOSES.indexOf(purpose) * length;
  return mac.slice(from, from + length);
}

function isReaderPurpose(purpose: TokenPurpose): purpose is ReaderPurpose {
  return (READER_PURPOSES as readonly TokenPurpose[]).includes(purpose);
}

function hmacOf(key: LinkKey, text: string): string {
  return hmacWith('sha512', key.secret)(text);
}
