import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../lib/errors.ts';
import { AS_WINDOWS_1252, type FileNote } from './file-note.ts';

/** A line of a file: its number from 1, and its text, or why it has none. */
export type FileLine = { number: number; text: string } | ({ number: number } & LineProblem);

/** Why a line cannot be read: its name, and in words for commands and reports. */
export interface LineProblem {
  why: 'tooLong' | 'nul' | 'lostLetter' | 'noUtf8' | 'noEncoding' | 'unclosed';
  problem: string;
}

/** Longest line that is read, in bytes: twice what may be pasted as papers. */
const MAX_LINE_BYTES = 2_000_000;

const [LF, CR] = [0x0a, 0x0d];
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** What a file is that begins so, and is no text. */
const NO_TEXT: readonly (readonly [start: Buffer, name: string, kind: string])[] = [
  [Buffer.from('PK\u0003\u0004', 'latin1'), 'zip', 'a zip archive or an Excel workbook'],
  [Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), 'excel', 'an Excel workbook'],
  [Buffer.from([0x1f, 0x8b]), 'compressed', 'compressed'],
];

const TOO_LONG: LineProblem = { why: 'tooLong', problem: 'too long' };
const NUL: LineProblem = { why: 'nul', problem: 'holds a NUL character' };
const LOST_LETTER: LineProblem = {
  ...{ why: 'lostLetter', problem: 'holds «\ufffd»: a letter was lost when the file was made' },
};
const NO_UTF8: LineProblem = {
  ...{ why: 'noUtf8', problem: 'holds bytes that are no UTF-8, which the rest of the file is' },
};
const NO_ENCODING: LineProblem = {
  ...{ why: 'noEncoding', problem: 'is neither UTF-8 nor Windows-1252: expected a file saved as UTF-8' },
};

/**
 * Reads a file's lines, whichever way they end: UTF-8, UTF-16, or Windows-1252, which is what spreadsheets write where
 * they do not write Unicode. A line that is none of them, or has lost letters before, is given with its problem; the
 * others are read. `said` hears once how the file is read where that is no Unicode. Throws AppError bad-input for a
 * file that is no text.
 */
export async function* fileLines(
  file: AsyncIterable<Buffer | string>,
  said: (note: FileNote) => void,
): AsyncGenerator<FileLine> {
  const decoder = createLineDecoder(said);
  let number = 0;
  for await (const line of byteLines(asUtf8(file, decoder.isUnicode)))
    yield { number: ++number, ...(line === null ? TOO_LONG : decoder.decode(line)) };
}

function createLineDecoder(said: (note: FileNote) => void) {
  let encoding: 'utf-8' | 'windows-1252' | null = null;
  return { isUnicode: () => (encoding = 'utf-8'), decode };

  function decode(line: Buffer): { text: string } | LineProblem {
    if (isAscii(line)) return checked(line.toString('latin1'));
    if (isUtf8(line)) {
      encoding ??= 'utf-8';
      return checked(line.toString('utf8'));
    }
    if (encoding === 'utf-8') return NO_UTF8;
    if (line.some((byte) => HIGH[byte - 0x80] === ' ')) return NO_ENCODING;
    if (encoding === null) said(AS_WINDOWS_1252);
    encoding = 'windows-1252';
    return checked(fromWindows1252(line));
  }
}

/**
 * What Windows-1252 has from 0x80 on where Latin-1 has control characters, with spaces where it has nothing
 * (https://encoding.spec.whatwg.org/windows-1252.html). Node's own decoder reads them as Latin-1 (20.20).
 */
const HIGH = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

function fromWindows1252(line: Buffer): string {
  return line.toString('latin1').replace(/[\u0080-\u009f]/g, (char) => HIGH[char.charCodeAt(0) - 0x80] ?? char);
}

function checked(text: string): { text: string } | LineProblem {
  if (text.includes('\0')) return NUL;
  if (text.includes('\ufffd')) return LOST_LETTER;
  return { text };
}

/** Gives the bytes of a file on as UTF-8 where it is UTF-16, else as they are, without a mark at the start. */
async function* asUtf8(file: AsyncIterable<Buffer | string>, isUnicode: () => void): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | null | undefined;
  for await (const piece of file) {
    let chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (chunk.length === 0) continue;
    if (decoder === undefined) {
      const found = NO_TEXT.find(([start]) => chunk.subarray(0, start.length).equals(start));
      if (found) throw noText(found[1], found[2]);
      const utf16 = utf16Of(chunk);
      decoder = utf16 ? new TextDecoder(utf16) : null;
      const marked = chunk.subarray(0, 3).equals(UTF8_MARK);
      if (marked) chunk = chunk.subarray(3);
      if (marked || utf16) isUnicode();
    }
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
  }
  if (decoder) yield Buffer.from(decoder.decode());
}

function noText(kind: string, words: string): AppError {
  const message = `The file is ${words}: expected a CSV; save it as one, in UTF-8`;
  return new AppError('bad-input', message, { said: { name: 'csv.kind', values: { kind } } });
}

/** Knows UTF-16 by its mark, or by the NULs that letters of Latin leave in it. */
function utf16Of(start: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const some = start.subarray(0, 1_000);
  const nuls = [0, 0];
  for (const [at, byte] of some.entries()) if (byte === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (odd > some.length / 4 && even === 0) return 'utf-16le';
  return even > some.length / 4 && odd === 0 ? 'utf-16be' : null;
}

/** Cuts bytes at LF, CR LF and CR; null for a line that is too long to be kept. */
async function* byteLines(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let rest: Buffer = Buffer.alloc(0);
  let tooLong = false;
  for await (const chunk of file) {
    let bytes: Buffer = tooLong ? chunk : Buffer.concat([rest, chunk]);
    for (let end = lineEnd(bytes); end !== null; end = lineEnd(bytes)) {
      yield tooLong ? null : bytes.subarray(0, end.at);
      tooLong = false;
      bytes = bytes.subarray(end.next);
    }
    tooLong ||= bytes.length > MAX_LINE_BYTES;
    rest = tooLong ? bytes.subarray(-1) : bytes;
  }
  const last = rest.at(-1) === CR ? rest.subarray(0, -1) : rest;
  if (tooLong) yield null;
  else if (rest.length > 0) yield last;
}

/** A CR at the very end may be half of a line end: it waits for what follows. */
function lineEnd(bytes: Buffer): { at: number; next: number } | null {
  const lf = bytes.indexOf(LF);
  const cr = bytes.subarray(0, lf < 0 ? bytes.length : lf).indexOf(CR);
  if (cr < 0) return lf < 0 ? null : { at: lf, next: lf + 1 };
  if (cr === bytes.length - 1) return null;
  return { at: cr, next: bytes[cr + 1] === LF ? cr + 2 : cr + 1 };
}
