import type { AddressFact, AnsweredFact, Fact, HandedFact, PaperName, ReaderFact } from '../model/fact.ts';
import { listFiles, writtenSince, type JournalFile } from './files.ts';
import { readLine, type Line } from './format.ts';
import { rawLines } from './lines.ts';

/** A mail that was handed over, and whether the server said 250 or nobody knows. */
export interface JournaledMail {
  handed: HandedFact;
  outcome: 'sent' | 'in-doubt';
  at: Date;
  papers: PaperName[];
}

/** One that was not answered yet; `doubted`: an earlier try of it was not answered either. */
type OpenMail = JournaledMail & { doubted: boolean };

/** What a journal tells, in the order each process wrote it. */
export type Told = { mail: JournaledMail } | { at: Date; fact: ReaderFact | AddressFact };

/** What was read, and how sound it is. */
export interface Reading {
  files: number;
  lines: number;
  bytes: number;
  /** Last lines that were cut off: a process was killed, or the disk was full. */
  torn: number;
  /** Lines within a file whose checksum does not hold. */
  damaged: number;
  /** Files whose hashes were made under another key: of another service. */
  foreign: number;
  first: Date | null;
  last: Date | null;
}

/** Which of it is wanted. */
export interface ReadOptions {
  folders: readonly string[];
  /** Nothing that was over before. */
  since: Date;
  /** Leaves files out that were last written to before; all are read where it is left out. */
  writtenSince?: Date;
  /** The mark of the database's suppression key; files of another key are left out. */
  keyMark: string | null;
  /** Hears how many files are read. */
  progress?: (done: number, total: number) => void;
}

/** Begins to count what is read. */
export function newReading(): Reading {
  return { files: 0, lines: 0, bytes: 0, torn: 0, damaged: 0, foreign: 0, first: null, last: null };
}

/**
 * Reads journals as a stream: mails with what became of them, each once what its own process knew is known; what people
 * did as it stands. Memory holds no more than was in flight. `reading` counts along.
 */
export async function* readJournal(options: ReadOptions, reading: Reading): AsyncGenerator<Told> {
  const all = (await Promise.all(options.folders.map(listFiles))).flat();
  const files = options.writtenSince ? await writtenSince(all, options.writtenSince) : all;
  let open = new Map<string, OpenMail>();
  for (const [n, file] of files.entries()) {
    if (file.writer !== files[n - 1]?.writer) {
      yield* inDoubt(open, options.since);
      open = new Map();
    }
    yield* readFile(file, { options, reading, open });
    options.progress?.(n + 1, files.length);
  }
  yield* inDoubt(open, options.since);
}

interface FileReading {
  options: ReadOptions;
  reading: Reading;
  /** Mails that were handed over and not answered yet. */
  open: Map<string, OpenMail>;
}

async function* readFile(file: JournalFile, { options, reading, open }: FileReading): AsyncGenerator<Told> {
  reading.files += 1;
  const papers = new Map<number, PaperName>();
  for await (const { text, length, cut } of rawLines(file.path)) {
    const line = cut ? null : readLine(text);
    reading.lines += 1;
    reading.bytes += length;
    if (cut) reading.torn += 1;
    else if (!line) reading.damaged += 1;
    if (!line) continue;
    note(reading, line);
    if (line.says === 'begins' && options.keyMark !== null && line.keyMark !== options.keyMark) {
      reading.foreign += 1;
      return;
    }
    if (line.says === 'paper') papers.set(line.id, line.paper);
    if (line.says !== 'fact') continue;
    const told = tellFact(line, papers, open);
    if (told && atOf(told) >= options.since) yield told;
  }
}

function tellFact(
  { at, fact }: Line & { says: 'fact' },
  papers: ReadonlyMap<number, PaperName>,
  open: Map<string, OpenMail>,
): Told | null {
  const when = new Date(at);
  if (fact.what === 'handed') {
    const named = (fact.shown?.paperIds ?? []).flatMap((id) => papers.get(id) ?? []);
    const doubted = open.has(fact.mail);
    open.set(fact.mail, { handed: fact, outcome: 'in-doubt', at: when, papers: named, doubted });
    return null;
  }
  if (!isAnswer(fact)) return { at: when, fact };
  const mail = open.get(fact.mail);
  if (!mail || (fact.what === 'unsent' && mail.doubted)) return null;
  open.delete(fact.mail);
  return fact.what === 'sent' ? { mail: { ...mail, outcome: 'sent', at: when } } : null;
}

function isAnswer(fact: Exclude<Fact, HandedFact>): fact is AnsweredFact {
  return fact.what === 'sent' || fact.what === 'unsent';
}

function* inDoubt(open: ReadonlyMap<string, OpenMail>, since: Date): Generator<Told> {
  for (const mail of open.values()) if (mail.at >= since) yield { mail };
}

function atOf(told: Told): Date {
  return 'mail' in told ? told.mail.at : told.at;
}

function note(reading: Reading, { at }: Line): void {
  const when = new Date(at);
  if (!reading.first || when < reading.first) reading.first = when;
  if (!reading.last || when > reading.last) reading.last = when;
}
