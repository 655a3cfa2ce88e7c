import { timingSafeEqual } from 'node:crypto';
import { hmacWith } from '../lib/hmac.ts';
import type { LinkKey } from './tokens.ts';

/** Hex digits of the signature: 80 bits. Hex survives hosts that change the case of a local part. */
const MAC_DIGITS = 20;

/**
 * Returns the envelope sender of one delivery (VERP, https://cr.yp.to/proto/verp.txt): `b+ID-MAC@domain`, so that a
 * bounce without a usable report still names its delivery, and a forged one does not (55 octets; RFC 5321 4.5.3.1.1
 * allows 64).
 */
export function verpAddress(key: LinkKey, deliveryPublicId: string, domain: string): string {
  return `b+${deliveryToken(key, deliveryPublicId)}@${domain}`;
}

/** Returns `ID-MAC` of one delivery, as it stands in its envelope sender and in the header that providers hand back. */
export function deliveryToken(key: LinkKey, deliveryPublicId: string): string {
  const id = digitsOf(deliveryPublicId);
  return `${id}-${macOf(key, id)}`;
}

/**
 * Returns the public id of the delivery (a UUID) that a bounce address names; null where it names none or its signature
 * is false.
 */
export function readVerp(keys: readonly LinkKey[], address: string): string | null {
  const found = /^b\+([0-9a-f]{32}-[0-9a-f]{20})@/.exec(address.toLowerCase());
  return found?.[1] ? readToken(keys, found[1]) : null;
}

/** Reads `ID-MAC` of a header likewise. */
export function readToken(keys: readonly LinkKey[], token: string): string | null {
  const [, id, mac] = /^([0-9a-f]{32})-([0-9a-f]{20})$/.exec(token.toLowerCase()) ?? [];
  if (!id) return null;
  const given = Buffer.from(mac ?? '');
  let holds = false;
  for (const key of keys) if (timingSafeEqual(given, Buffer.from(macOf(key, id)))) holds = true;
  return holds ? id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null;
}

function digitsOf(publicId: string): string {
  return publicId.replaceAll('-', '').toLowerCase();
}

function macOf(key: LinkKey, id: string): string {
  return hmacWith('sha256', key.secret)(`bounce.${id}`).slice(0, MAC_DIGITS);
}
