import { cutTail } from '../lib/cut-tail.ts';

/**
 * What a program leaves in a link that it broke: soft line breaks of quoted-printable and line ends (RFC 2045 6.7),
 * and characters of no width.
 */
const UNSEEN = /=(?:%20|%0D|%0A)+|%0D|%0A|%E2%80%8[B-F]|%E2%81%A0|%EF%BB%BF|%C2%AD/gi;
/** No path of ours holds another sign; `=` is what is left of a soft break. */
const OURS = /^[\w/.~=-]*/;
/** A blank or a sign that quoted-printable wrote behind a link; beside it goes the full stop of a sentence. */
const SIGN = /^=[0-9A-F]{2}$/;
const STOPS = '.=~';
/** Here `-` and `_` at the end are glued on; public ids and tokens of older mails may end in them. */
const DAY_OR_TOPIC = /^\/(?:digests|feeds)\//i;
/** The list of a place, or the front page: an address that is cut down to it never was one of ours. */
const NOTHING_LEFT = /^(?:\/[^/]*)?\/$|^$/;
/** How a token begins; behind it an `=` and two digits may be its own. */
const IN_TOKEN = /\/[a-z]+\.[\w-]+\.\d+\.[\w-]*=[0-9A-F]{2}$/i;
/** How far back an end is looked at: no token of ours is longer, and thousands of signs are cut off in no time. */
const REACH = 256;

/**
 * Mends the address of a page after what mail programs do to links: whatever was glued on is cut off (brackets, quotes,
 * punctuation, the next word of a language without blanks, escaped signs), broken lines are joined, an escaped `?` is
 * one again. An address of ours is returned as it is.
 */
export function mendedUrl(url: string): string {
  const whole = url.includes('?') ? url : url.replace(/%3F/i, '?');
  const at = whole.indexOf('?');
  const [path, query] = at < 0 ? [whole, ''] : [whole.slice(0, at), whole.slice(at)];
  let mended = withoutTail(OURS.exec(path.replace(UNSEEN, ''))?.[0] ?? '');
  if (DAY_OR_TOPIC.test(mended)) mended = cutTail(mended, '-_');
  return NOTHING_LEFT.test(mended) && mended !== path ? whole : mended + query;
}

function withoutTail(text: string): string {
  for (let end = text.length; ;) {
    const isSign = SIGN.test(text.slice(Math.max(0, end - 3), end));
    if (isSign ? isOfToken(text, end) : !STOPS.includes(text.charAt(end - 1) || '/')) return text.slice(0, end);
    end -= isSign ? 3 : 1;
  }
}

/** May what looks like a sign at the end be the token's own? */
function isOfToken(text: string, end: number): boolean {
  const last = text.slice(Math.max(0, end - REACH), end);
  return last.includes('/') && IN_TOKEN.test(last);
}

/** Purpose, subject and generation, and the signature as far as letters go. */
const TOKEN = /^([a-z]+\.[\w-]{1,80}\.\d{1,9})\.([\w-]{18,80})/i;
/** A signature: of today, or of an older mail, which may have lost `-` and `_` at its end. */
const SIGNATURE = /^(?:[0-9a-f]{32}|[\w-]{18,21})$/i;

/** Finds the token in a part of a path: without what stands behind it, and joined where a soft break parted it. */
export function mendedToken(part: string): string {
  for (const text of [part.replaceAll('=', ''), part.split('=', 1)[0] ?? '']) {
    const [, head = '', tail = ''] = TOKEN.exec(text) ?? [];
    const signature = cutTail(tail, '-_');
    if (SIGNATURE.test(signature)) return `${head}.${signature}`;
  }
  return part;
}
