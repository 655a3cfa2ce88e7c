import { AppError } from '../../lib/errors.ts';
import { OTHER_KINDS } from './source-kind.ts';

/** What a document says its encoding is: XML's declaration, HTML's meta element, both within the first bytes. */
const XML_ENCODING = /^\s*<\?xml\b[^>]{0,200}\bencoding\s*=\s*["']([\w:.-]{2,40})["']/i;
const META_CHARSET = /<meta\b[^>]{0,200}\bcharset\s*=\s*["']?([\w:.-]{2,40})/i;
/** Bytes that are looked at for it (HTML: the first 1,024, https://html.spec.whatwg.org/#charset). */
const HEAD = 1_024;
/** Bytes that a text holds only where it is in UTF-16. */
const NUL_WINDOW = 4_096;

/**
 * Decodes a capture: by its byte order mark, else by the encoding it declares, any of
 * https://encoding.spec.whatwg.org, else as UTF-8, or Windows-1252 where it is no UTF-8 at all. Marks and NULs are dropped. Throws AppError bad-input for
 * binary data.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const encoding = markedEncoding(bytes) ?? wideWithoutMark(bytes) ?? declaredEncoding(bytes);
  if (!encoding?.startsWith('utf-16') && bytes.subarray(0, NUL_WINDOW).includes(0)) {
    const said = { name: 'capture.binary', values: { file: name } };
    throw new AppError('bad-input', `${name}: binary data; expected the text of a papers page, ${OTHER_KINDS}`, {
      said,
    });
  }
  const text = encoding === null ? undeclared(bytes) : decodeAs(encoding, bytes);
  return text.replace(/\0/g, '').replace(/^\uFEFF/, '');
}

/**
 * Returns bytes whose encoding only the answer's Content-Type tells as UTF-8 with a mark, so that what is kept can be
 * read alone; all others as they are (RFC 7303 8: a mark is the best word, then Content-Type, then the declaration).
 */
export function selfDescribing(bytes: Uint8Array, contentType: string | null): Uint8Array {
  const label = /\bcharset\s*=\s*"?([\w:.-]{2,40})/i.exec(contentType ?? '')?.[1];
  const encoding = label === undefined ? null : known(label);
  if (encoding === null || encoding === 'utf-8' || markedEncoding(bytes) || declaredEncoding(bytes)) return bytes;
  return Buffer.from(`\uFEFF${decodeAs(encoding, bytes)}`);
}

/** UTF-8, or the old encoding of the west: a damaged character leaves one mark of damage among good ones. */
function undeclared(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes);
  const isOld = text.includes('\uFFFD') && !/[\u0080-\uFFFC]/.test(text);
  return isOld ? decodeAs('windows-1252', bytes) : text;
}

/** Encodings of one byte a character, in which text that is sound UTF-8 as well makes no sense. */
const ONE_BYTE = /^(?:windows-|iso-8859-|koi8-|macintosh)/;
/** What windows-1252 has for 0x80 to 0x9F; Node 20 reads them as control characters (nodejs/node#56542). */
const C1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Decodes; what says it is in an encoding of one byte and is sound UTF-8 beyond ASCII is UTF-8. */
function decodeAs(encoding: string, bytes: Uint8Array): string {
  if (ONE_BYTE.test(encoding)) {
    const text = soundUtf8(bytes);
    if (text !== null) return text;
  }
  const text = new TextDecoder(encoding).decode(bytes);
  return encoding === 'windows-1252'
    ? text.replace(/[\u0080-\u009f]/g, (sign) => C1[sign.charCodeAt(0) - 0x80] ?? sign)
    : text;
}

function soundUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function markedEncoding(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : null;
}

/** UTF-16 without a mark starts with «<», «{» or «[» and a NUL beside it (XML 1.0, appendix F). */
function wideWithoutMark([first, second]: Uint8Array): string | null {
  const opens = (byte: number | undefined) => byte === 0x3c || byte === 0x7b || byte === 0x5b;
  if (opens(first) && second === 0) return 'utf-16le';
  return first === 0 && opens(second) ? 'utf-16be' : null;
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1');
  const label = XML_ENCODING.exec(head)?.[1] ?? META_CHARSET.exec(head)?.[1];
  const encoding = label === undefined ? null : known(label);
  // A document that can say so in bytes of one is in no UTF-16, whatever it says.
  if (encoding?.startsWith('utf-16')) return 'utf-8';
  return encoding === 'utf-8' ? null : encoding;
}

/** Returns the encoding's name; null where there is none of that name. */
function known(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}
