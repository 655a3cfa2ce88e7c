import { decodeHTML } from 'entities';
import PostalMime from 'postal-mime';
import { readPlainMail, type ParsedMail } from './plain-mail.ts';

/** A mail as far as a report is concerned. */
export interface ReadMail {
  /** By name in small letters, the first of each; empty where there were none. */
  headers: ReadonlyMap<string, string>;
  subject: string;
  /** Addresses of From and To, in small letters. */
  from: string;
  to: readonly string[];
  /** The words of the mail itself. */
  text: string;
  /** Parts that are data, such as message/delivery-status, by their type. */
  parts: readonly { type: string; text: string }[];
}

/** A report stands in front, what it returns behind it: what is behind this much is not looked at. */
const MOST_BYTES = 64 * 1024;
const LIMITS = { forceRfc822Attachments: true, maxNestingDepth: 16, maxHeadersSize: 64 * 1024 };
const MOST_PARTS = 64;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const REPORT = /^message\/(?:(?:global-)?delivery-status|feedback-report)$/;
/** A text whose charset is not parted from its type. */
const ODD_TEXT = /^text\/plain./;
const BEGINS_WITH_HEADER = /^\s{0,8}(?:[A-Za-z][\w-]{0,75}\s{0,4}:(?!\/\/)|From )/;

/** Reads a mail of any charset and any line ends; null where it cannot be read. */
export async function readMail(bytes: Uint8Array): Promise<ReadMail | null> {
  try {
    const raw = prepare(bytes);
    return shapeOf(readPlainMail(raw) ?? (await PostalMime.parse(raw, LIMITS)), raw);
  } catch {
    return null;
  }
}

/** Cuts what is long, mends bare CR, and gives what has no header an empty one. */
function prepare(bytes: Uint8Array): Uint8Array {
  const head = bytes.slice(0, MOST_BYTES);
  if (!head.includes(LINE_FEED))
    for (let at = 0; at < head.length; at++) if (head[at] === CARRIAGE_RETURN) head[at] = LINE_FEED;
  const first = head.findIndex((byte) => byte > 0x20);
  const mail = head.subarray(Math.max(0, first));
  const begin = Buffer.from(mail.subarray(0, 100)).toString('latin1');
  return BEGINS_WITH_HEADER.test(begin) ? mail : Buffer.concat([Buffer.from('\n'), head]);
}

function shapeOf(mail: ParsedMail, raw: Uint8Array): ReadMail {
  const headers = new Map<string, string>();
  for (const { key, value } of mail.headers) if (!headers.has(key)) headers.set(key, value);
  const html = mail.html === undefined ? '' : textOfHtml(mail.html);
  const odd = mail.attachments
    .filter(({ mimeType }) => ODD_TEXT.test(mimeType))
    .map(({ content }) => decodeAny(content));
  const text = [[...odd, mail.text ?? ''].join('\n'), html].find((each) => each.trim());
  const isEmpty = text === undefined && !mail.attachments.some(({ mimeType }) => REPORT.test(mimeType));
  return {
    headers,
    subject: mail.subject ?? '',
    from: (mail.from?.address ?? '').toLowerCase(),
    to: (mail.to ?? []).flatMap(({ address }) => (address ? [address.toLowerCase()] : [])),
    text: isEmpty ? bodyOf(raw) : readable(text ?? ''),
    parts: mail.attachments
      .slice(0, MOST_PARTS)
      .map(({ mimeType, content }) => ({ type: mimeType, text: decodeAny(content) })),
  };
}

/** What a mail holds whose parts are not where it says. */
function bodyOf(raw: Uint8Array): string {
  const whole = decode(raw);
  const at = whole.indexOf('\n\n');
  return at === -1 ? '' : whole.slice(at + 2);
}

const TAG = /<(?:(br|\/p|\/div|\/tr|\/li|\/h\d)\b)?[^<>]*>/gi;

function textOfHtml(html: string): string {
  const shown = ['head', 'style', 'script'].reduce(without, html.slice(0, MOST_BYTES / 2));
  return decodeHTML(shown.replace(TAG, (_, breaks: string | undefined) => (breaks === undefined ? '' : '\n')));
}

/** Leaves out all elements of a name. */
function without(html: string, name: string): string {
  const small = html.toLowerCase();
  const kept: string[] = [];
  let at = 0;
  for (let begin = small.indexOf(`<${name}`); begin !== -1; begin = small.indexOf(`<${name}`, at)) {
    const end = small.indexOf(`</${name}`, begin);
    kept.push(html.slice(at, begin));
    at = end === -1 ? html.length : end;
  }
  return kept.join('') + html.slice(at);
}

/** ISO-2022-JP is told by its escapes, whatever the part says of itself. */
const ESCAPES = ['\u001b$B', '\u001b$@', '\u001b(J'];
const JAPANESE = new TextDecoder('iso-2022-jp');
const UTF_8 = new TextDecoder('utf-8', { fatal: true });
const LATIN = new TextDecoder('windows-1252');

function decodeAny(content: string | ArrayBuffer | Uint8Array): string {
  return typeof content === 'string' ? readable(content) : decode(content);
}

function decode(content: ArrayBuffer | Uint8Array): string {
  try {
    return readable(UTF_8.decode(content));
  } catch {
    return readable(LATIN.decode(content));
  }
}

function readable(text: string): string {
  const words = ESCAPES.some((each) => text.includes(each)) ? JAPANESE.decode(Buffer.from(text, 'latin1')) : text;
  return words.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replaceAll('\u00a0', ' ');
}
