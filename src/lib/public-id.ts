import { randomBytes } from 'node:crypto';
import { cutTail } from './cut-tail.ts';

/**
 * Digits and small letters without `i`, `l` and `o`, which are read as others, and without `a`, so that 32 remain:
 * whatever ends in one of them is a whole link to every program, and survives a change of case.
 */
const SIGNS = '0123456789bcdefghjkmnpqrstuvwxyz';
const LENGTH = 20;

/** Makes a public id: 100 random bits, URL-safe, 20 characters. Older ids are 16 characters of base64url. */
export function newPublicId(): string {
  return Array.from(randomBytes(LENGTH), (octet) => SIGNS[octet & 31]).join('');
}

/** Characters of an id of before 28 November 2026: 96 bits as base64url, one in 32 with a `-` or `_` at its end. */
const OLD_LENGTH = 16;

/**
 * Lists the public ids that a link may mean: the one it names, in small letters where a program wrote all in capitals;
 * without a `-` or `_` glued on; and where an older one may have lost its own, with either.
 */
export function meantIds(named: string): string[] {
  const id = named.length >= LENGTH && named === named.toUpperCase() ? named.toLowerCase() : named;
  const whole = cutTail(id, '-_');
  return [...new Set([id, whole, ...(whole.length === OLD_LENGTH - 1 ? [`${whole}-`, `${whole}_`] : [])])];
}
