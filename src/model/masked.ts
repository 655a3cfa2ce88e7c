/**
 * What follows the local part of an address in any text: as it is written, or as a link carries it (`%40`). The domain
 * has a dot and no digit at the beginning of its last label, so that «Recall@10.5» is none.
 */
const DOMAIN = /(?:@|%40)(?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{M}\p{N}-]{1,62}/giu;
/** What ends a local part on its left; those in quotes are not worth finding. */
const NO_LOCAL = /[\s@<>"'(),:;?&=/%«»[\]\\]/;
/** Characters of a local part that a link, or HTML, writes as several. */
const IN_LINK = /%(?:2[13-7BF]|3[DF]|5E|60|7[B-E])$/i;
const IN_HTML = /(?:'|&(?:amp|#x27|#x3D|#x60);)$/;
/** Around an address they are no part of it. */
const QUOTES = /^(?:'|&#x27;)+/;
/** In characters (RFC 5321 4.5.3.1.1). */
const LONGEST_LOCAL = 64;
/** In which one of them may be written at most. */
const LONGEST_CHARACTER = 6;

/**
 * Masks an address for those who may not see it: its first letter stays, and its domain, which tells how mail fares at
 * that provider.
 */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${[...address.slice(0, at)][0] ?? ''}…${address.slice(at)}`;
}

/** Masks every address within a text, such as the words of a mail server or a page; `except` stays as it is. */
export function maskedText(text: string, except = ''): string {
  const parts: string[] = [];
  let done = 0;
  for (const { 0: domain, index: at } of text.matchAll(DOMAIN)) {
    const start = localStart(text, at, done);
    if (start === at || text.slice(start, at) + domain === except) continue;
    parts.push(text.slice(done, start), [...text.slice(start, at)][0] ?? '', '…', domain);
    done = at + domain.length;
  }
  return parts.join('') + text.slice(done);
}

/** Masks every address within a value of JSON, in the names of its parts too. */
export function maskedWithin(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return value.map((one) => maskedWithin(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [maskedText(name), maskedWithin(part)]));
}

function localStart(text: string, at: number, from: number): number {
  const written = text[at] === '%' ? IN_LINK : IN_HTML;
  let start = at;
  for (let n = 0; n < LONGEST_LOCAL && start > from; n++) {
    const several = written.exec(text.slice(Math.max(from, start - LONGEST_CHARACTER), start))?.[0] ?? '';
    if (several === '' && NO_LOCAL.test(text[start - 1] ?? ' ')) break;
    start -= several.length || 1;
  }
  return start + (QUOTES.exec(text.slice(start, at))?.[0].length ?? 0);
}
