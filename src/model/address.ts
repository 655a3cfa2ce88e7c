import { createHmac } from 'node:crypto';
import { domainToASCII, domainToUnicode } from 'node:url';
import punycode from 'punycode/punycode.js';

/** Why an address was refused. */
export type AddressProblem =
  | 'empty'
  | 'too-long'
  | 'not-one-address'
  | 'control-characters'
  | 'non-ascii-local-part'
  | 'bad-local-part'
  | 'bad-domain';

/** An address in canonical form, or why it cannot be used. */
export type AddressResult = { ok: true; address: string } | { ok: false; problem: AddressProblem };

/** Characters beyond which nothing is looked at: 254 octets is the limit, and a domain is longer in ASCII than in Unicode. */
const MAX_LENGTH = 320;
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Returns the canonical form of an address: domain as lower-case A-label, local part lower-cased, plus-tags kept.
 * White space around it is for forms to trim; within it, it is refused with everything else no newsletter should be sent to:
 * quoted or dotless, lists, control characters, non-ASCII local parts
 * (RFC 6531 needs SMTPUTF8 all the way), over 64 octets before or 254 in all (RFC 5321 4.5.3.1).
 */
export function canonicalAddress(text: string): AddressResult {
  if (text.length > MAX_LENGTH) return { ok: false, problem: 'too-long' };
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) return { ok: false, problem: 'control-characters' };
  if (text.trim() === '') return { ok: false, problem: 'empty' };
  const at = text.lastIndexOf('@');
  if (at < 1 || /[\s,;<>"()]/.test(text)) return { ok: false, problem: 'not-one-address' };
  const local = text.slice(0, at).toLowerCase();
  // eslint-disable-next-line no-control-regex
  if (/[^\u0000-\u007f]/.test(local)) return { ok: false, problem: 'non-ascii-local-part' };
  if (!LOCAL_PART.test(local)) return { ok: false, problem: 'bad-local-part' };
  const domain = canonicalDomain(text.slice(at + 1));
  if (domain === null) return { ok: false, problem: 'bad-domain' };
  if (local.length > 64 || local.length + 1 + domain.length > 254) return { ok: false, problem: 'too-long' };
  return { ok: true, address: `${local}@${domain}` };
}

/** Returns the canonical form of a fully qualified name, lower-case and in ASCII; null where it is none: no dot, no letter in the end, or another character than letters, digits and hyphens (RFC 1123 2.1). */
export function canonicalDomain(text: string): string | null {
  const domain = asciiDomain(text);
  const labels = domain.split('.');
  const sound = labels.length >= 2 && labels.every((label) => LABEL.test(label));
  return sound && !/^\d+$/.test(labels.at(-1) ?? '') ? domain : null;
}

/** Returns an address for people to read: the domain in Unicode. */
export function displayAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToUnicode(address.slice(at + 1))}`;
}

/** Returns the keyed hash under which an address is suppressed: HMAC-SHA256, 32 bytes. */
export function addressHash(suppressionKey: Buffer, canonical: string): Buffer {
  return createHmac('sha256', suppressionKey).update(canonical).digest();
}

/** A code point that this platform's Unicode tables do not know yet makes its IDNA refuse the whole domain: that is no fault of the address. */
function asciiDomain(domain: string): string {
  const known = domainToASCII(domain).toLowerCase();
  if (known !== '' || !/\p{Cn}/u.test(domain)) return known;
  return punycode.toASCII(domain.normalize('NFKC').toLowerCase());
}
