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

/**
 * Characters beyond which nothing is looked at: 254 octets is the limit, and a domain is longer in ASCII than in
 * Unicode.
 */
const MAX_LENGTH = 320;
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * What nobody sees and nobody types, and comes along when an address is copied from a page: zero-width and joining
 * characters, byte order mark, soft hyphen, marks of direction (Unicode's Default_Ignorable_Code_Point).
 */
const INVISIBLE = /\p{DI}/gu;
/** The same but the two joiners, which may be part of a name that is not in Latin letters (RFC 5892 A.1, A.2). */
const INVISIBLE_BUT_JOINERS = /(?![\u200c\u200d])\p{DI}/gu;

/**
 * Returns the canonical form of an address: domain as lower-case A-label, local part lower-cased, plus-tags kept,
 * invisible characters dropped. White space around it is for forms to trim; within it, it is refused with everything
 * else no newsletter should be sent to:
 * quoted or dotless, lists, control characters, non-ASCII local parts (RFC 6531 needs SMTPUTF8 all the way), over 64
 * octets before or 254 in all (RFC 5321 4.5.3.1).
 */
export function canonicalAddress(given: string): AddressResult {
  const text = withoutInvisible(given);
  if (text.length > MAX_LENGTH) return { ok: false, problem: 'too-long' };
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) return { ok: false, problem: 'control-characters' };
  if (text.trim() === '') return { ok: false, problem: 'empty' };
  const at = text.lastIndexOf('@');
  if (at < 1 || /[\s,;<>"()]/.test(text)) return { ok: false, problem: 'not-one-address' };
  const local = text.slice(0, at).toLowerCase();
  // oxlint-disable-next-line no-control-regex
  if (/[^\u0000-\u007f]/.test(local)) return { ok: false, problem: 'non-ascii-local-part' };
  if (!LOCAL_PART.test(local)) return { ok: false, problem: 'bad-local-part' };
  const domain = joinedDomain(given) ?? canonicalDomain(text.slice(at + 1));
  if (domain === null) return { ok: false, problem: 'bad-domain' };
  if (local.length > 64 || local.length + 1 + domain.length > 254) return { ok: false, problem: 'too-long' };
  return { ok: true, address: `${local}@${domain}` };
}

/** Drops what nobody can see in an address, and the white space it hid from whoever trims. */
export function withoutInvisible(text: string): string {
  const bare = text.replace(INVISIBLE, '');
  return bare === text ? text : bare.trim();
}

/** The domain with its joiners, where IDNA takes them; null where there are none to keep. */
function joinedDomain(given: string): string | null {
  const domain = given
    .slice(given.lastIndexOf('@') + 1)
    .replace(INVISIBLE_BUT_JOINERS, '')
    .trim();
  const mayJoin =
    /[\u200c\u200d]/.test(domain) && domain.length <= MAX_LENGTH && /(?![\u200c\u200d])[^\0-\u007f]/.test(domain);
  return mayJoin ? canonicalDomain(domain) : null;
}

/**
 * Returns the canonical form of a fully qualified name, lower-case and in ASCII; null where it is none: no dot, no
 * letter in the end, or another character than letters, digits and hyphens (RFC 1123 2.1).
 */
export function canonicalDomain(text: string): string | null {
  const domain = asciiDomain(text);
  const labels = domain.split('.');
  const sound = labels.length >= 2 && labels.every((label) => LABEL.test(label));
  return sound && !/^\d+$/.test(labels.at(-1) ?? '') ? domain : null;
}

/** Returns the domain of an address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
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

/** Which addresses of a provider are one mailbox, beyond plus-tags. */
interface MailboxRule {
  /** Its other domains stand for this one. */
  domain?: string;
  /** Characters that say nothing in its addresses. */
  ignored?: RegExp;
  /** What begins a tag, besides the plus. */
  tag?: string;
}

/**
 * Dots say nothing, and both domains are one: https://support.google.com/mail/answer/7436150,
 * https://support.google.com/mail/answer/10313
 */
const GMAIL: MailboxRule = { domain: 'gmail.com', ignored: /\./g };
/**
 * Dots, hyphens and underscores say nothing, and a name is one person's in every domain of theirs: as their own web
 * client compares addresses, https://github.com/ProtonMail/WebClients
 */
const PROTON: MailboxRule = { domain: 'proton.me', ignored: /[._-]/g };
/** Three names of one mailbox: https://support.apple.com/en-us/118230 */
const ICLOUD: MailboxRule = { domain: 'icloud.com' };
/**
 * `nickname-keyword@` for any keyword; names of accounts have no hyphen:
 * http://help.yahoo.com/help/uk/bt/tutorials/mail/addressguard2.html
 */
const YAHOO: MailboxRule = { tag: '-' };

const MAILBOX_RULES: readonly (readonly [domain: RegExp, rule: MailboxRule])[] = [
  [/^g(?:oogle)?mail\.com$/, GMAIL],
  [/^(?:proton\.me|protonmail\.(?:com|ch)|pm\.me)$/, PROTON],
  [/^(?:icloud|me|mac)\.com$/, ICLOUD],
  [/^(?:(?:y|rocket)mail\.com|yahoo(?:\.com?)?\.[a-z]{2,3})$/, YAHOO],
];

/** `anything@name.fastmail.com` is `name@fastmail.com`: https://www.fastmail.help/hc/en-us/articles/360060591053 */
const NAME_IN_DOMAIN = /^([^.]+)\.(fastmail\.(?:com|fm))$/;

/**
 * Names the mailbox behind a canonical address, for budgets and declines: plus-tags cut (RFC 5233; the default of most
 * servers), and what the large providers say of their own addresses. Never an address to write to, and too strict
 * rather than too lax: where a server takes the plus literally, two people share a budget.
 */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const [, name, host] = NAME_IN_DOMAIN.exec(domain) ?? [];
  if (name && host) return `${name}@${host}`;
  const rule = MAILBOX_RULES.find(([domains]) => domains.test(domain))?.[1] ?? {};
  const local = beforeTag(beforeTag(address.slice(0, at), '+'), rule.tag);
  const told = rule.ignored ? local.replace(rule.ignored, '') : local;
  return `${told || local}@${rule.domain ?? domain}`;
}

/** Returns the keyed hash under which a mailbox is counted and declines: another than any address's, 32 bytes. */
export function mailboxHash(suppressionKey: Buffer, canonical: string): Buffer {
  return createHmac('sha256', suppressionKey)
    .update(`mailbox ${mailboxOf(canonical)}`)
    .digest();
}

function beforeTag(local: string, separator: string | undefined): string {
  const cut = separator ? local.indexOf(separator) : -1;
  return cut > 0 ? local.slice(0, cut) : local;
}

/**
 * A code point that this platform's Unicode tables do not know yet makes its IDNA refuse the whole domain: that is no
 * fault of the address.
 */
function asciiDomain(domain: string): string {
  const known = domainToASCII(domain).toLowerCase();
  if (known !== '' || !/\p{Cn}/u.test(domain)) return known;
  return punycode.toASCII(domain.normalize('NFKC').toLowerCase());
}
