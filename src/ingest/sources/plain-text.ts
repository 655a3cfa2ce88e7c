import { AppError } from '../../lib/errors.ts';
import { OTHER_KINDS } from './source-kind.ts';

/** The largest number that a database's integer column takes, rounded down. */
const MOST_COUNTED = 2_000_000_000;

/**
 * Decodes a capture: UTF-8, UTF-16 where its byte order mark says so, Windows-1252 where it is no UTF-8 at all. Marks
 * and NULs are dropped. Throws AppError bad-input for binary data.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  if (!wide && bytes.subarray(0, 4096).includes(0)) {
    throw new AppError('bad-input', `${name}: binary data; expected the text of a papers page, ${OTHER_KINDS}`);
  }
  let text = new TextDecoder(wide ?? 'utf-8').decode(bytes);
  // A cut or damaged character leaves one mark of damage among good ones; without any good one the text is in the old
  // encoding.
  if (!wide && text.includes('\uFFFD') && !/[\u0080-\uFFFC]/.test(text))
    text = new TextDecoder('windows-1252').decode(bytes);
  return text.replace(/\0/g, '').replace(/^\uFEFF/, '');
}

/**
 * Normalises white space as the contract asks: runs become one space, none at the ends. Control characters count as
 * white space, half characters, which no database takes, become U+FFFD.
 */
export function squeeze(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[\s\p{Cc}\u200b\ufeff]+/gu, ' ')
    .trim();
}

/** Splits text into lines, whatever ends them, each with its white space normalised. */
export function toLines(text: string): string[] {
  return text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map(squeeze);
}

/** Reads a count as pages print it: `12`, `1,204`, `1.2k`; null for anything else. */
export function readCount(text: string): number | null {
  const found = /^\+?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d))?(k)?$/i.exec(text);
  if (!found || (found[2] && !found[3])) return null;
  const whole = Number((found[1] ?? '').replaceAll(',', ''));
  const count = found[3] ? whole * 1000 + Number(found[2] ?? 0) * 100 : whole;
  return count <= MOST_COUNTED ? count : null;
}
