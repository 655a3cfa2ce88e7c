import { crc32 } from 'node:zlib';
import type { Fact, HandedFact, PaperName } from '../model/fact.ts';
import { MAIL_KINDS, type MailKind } from '../model/mail-kind.ts';
import type { SuppressionReason } from '../model/suppression.ts';

/** Version of the lines; a file tells its own in its first line. */
const VERSION = 1;

/** What a line says: a fact, what a paper of this file is known by, whose journal it is, or nothing any more. */
export type Line =
  | { at: number; says: 'fact'; fact: Fact }
  | { at: number; says: 'paper'; id: number; paper: PaperName }
  | { at: number; says: 'begins'; version: number; keyMark: string }
  | { at: number; says: 'nothing' };

/** Marks of lines, and what they stand for. */
const MARKS = {
  ...{ handed: 'h', sent: 's', unsent: 'u' },
  ...{ left: 'l', returned: 'b', moved: 'm', erased: 'e', suppressed: 'x', lifted: 'y' },
} as const satisfies Record<Fact['what'], string>;
const [PAPER, BEGINS, NOTHING] = ['p', 'j', '-'];
/** Lines about what a reader did and got: erased with them. That they were erased stays, so that it is done again. */
const PERSONAL = new Set<string>([MARKS.handed, MARKS.left, MARKS.returned, MARKS.moved]);
/** Digits of a checksum. */
const SUM = 8;

/** Writes an instant in milliseconds, as lines have it: once for many lines. */
export function stampOf(at: number): string {
  return at.toString(36);
}

/** Writes the line of a fact: checksum, instant, mark, what it is about. It holds no address and no secret. */
export function factLine(stamp: string, fact: Fact): string {
  return sealed(stamp, MARKS[fact.what], bodyOf(fact));
}

/** Writes the line that says what a paper of this file is known by. */
export function paperLine(stamp: string, id: number, paper: PaperName): string {
  return sealed(stamp, PAPER, `${id} ${JSON.stringify(paper)}`);
}

/** Writes the first line of a file: under which key its hashes were made, by a mark of that key. */
export function firstLine(stamp: string, keyMark: string): string {
  return sealed(stamp, BEGINS, `${VERSION} ${keyMark}`);
}

/** Writes a line of the same length as one that is to be forgotten. */
export function emptyLine(at: number, length: number): string {
  const shortest = sealed(stampOf(at), NOTHING, '').length;
  return sealed(stampOf(at), NOTHING, '-'.repeat(Math.max(0, length - shortest)));
}

/** Names the reader whom a line is about; null where it is about nobody, or stays when they are erased. */
export function readerIn(line: string): string | null {
  const [, , mark = '', reader = ''] = line.split(' ', 4);
  return PERSONAL.has(mark) && reader !== '-' ? reader : null;
}

/** Reads a line without its end; null where its checksum does not hold, or it says nothing that this release knows. */
export function readLine(line: string): Line | null {
  const text = line.slice(SUM + 1);
  if (line[SUM] !== ' ' || checksum(text) !== line.slice(0, SUM)) return null;
  const [instant = '', mark = ''] = text.split(' ', 2);
  const at = parseInt(instant, 36);
  const body = text.slice(instant.length + mark.length + 2);
  if (mark === NOTHING) return { at, says: 'nothing' };
  if (mark === PAPER) return readPaper(at, body);
  const words = body.split(' ');
  if (mark === BEGINS) return { at, says: 'begins', version: Number(words[0]), keyMark: words[1] ?? '' };
  const fact = readFact(mark, words);
  return fact && { at, says: 'fact', fact };
}

function sealed(stamp: string, mark: string, body: string): string {
  const text = `${stamp} ${mark} ${body}`;
  return `${checksum(text)} ${text}\n`;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(SUM, '0');
}

function bodyOf(fact: Fact): string {
  switch (fact.what) {
    case 'handed': {
      const { mail, kind, attempt, to, shown } = fact;
      const head = `${to?.reader ?? '-'} ${mail} ${kind} ${attempt} ${to ? encodeURIComponent(to.key) : '-'}`;
      return shown ? `${head} ${shown.issuedOn} ${shown.paperIds.join()}` : head;
    }
    case 'sent':
    case 'unsent':
      return fact.mail;
    case 'suppressed':
      return `${fact.hash} ${fact.reason}`;
    case 'lifted':
      return fact.hash;
    case 'moved':
      return `${fact.reader} ${fact.hash}`;
    default:
      return fact.reader;
  }
}

function readPaper(at: number, body: string): Line | null {
  const [id = ''] = body.split(' ', 1);
  try {
    return { at, says: 'paper', id: Number(id), paper: JSON.parse(body.slice(id.length + 1)) as PaperName };
  } catch {
    return null;
  }
}

function readFact(mark: string, words: readonly string[]): Fact | null {
  const [first = '', second = ''] = words;
  if (mark === MARKS.handed) return readHanded(words);
  if (mark === MARKS.sent || mark === MARKS.unsent)
    return { what: mark === MARKS.sent ? 'sent' : 'unsent', mail: first };
  if (mark === MARKS.left) return { what: 'left', reader: first };
  if (mark === MARKS.returned) return { what: 'returned', reader: first };
  if (mark === MARKS.erased) return { what: 'erased', reader: first };
  if (mark === MARKS.moved) return { what: 'moved', reader: first, hash: second };
  if (mark === MARKS.suppressed) return { what: 'suppressed', hash: first, reason: second as SuppressionReason };
  return mark === MARKS.lifted ? { what: 'lifted', hash: first } : null;
}

function readHanded([
  reader = '-',
  mail = '',
  kind = '',
  attempt = '',
  key = '',
  issuedOn,
  ids,
]: readonly string[]): HandedFact | null {
  if (!Object.hasOwn(MAIL_KINDS, kind)) return null;
  return {
    ...{ what: 'handed', mail, kind: kind as MailKind, attempt: Number(attempt) },
    to: reader === '-' ? null : { reader, key: decodeURIComponent(key) },
    shown: issuedOn === undefined ? null : { issuedOn, paperIds: ids ? ids.split(',').map(Number) : [] },
  };
}
