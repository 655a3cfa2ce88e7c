import { closeSync, fdatasync, fdatasyncSync, fsyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact, PaperName } from '../model/fact.ts';
import { DAY_MS, dayOf, fileName, newWriter } from './files.ts';
import { factLine, firstLine, paperLine, stampOf } from './format.ts';

/** What a process keeps its journal with. */
export interface Writer {
  /** Papers that may be named from now on by their number. */
  describe(papers: ReadonlyMap<number, PaperName>): void;
  /** Which of these papers were never described. */
  unknown(paperIds: readonly number[]): number[];
  /** Appends facts in one write. Throws where the file cannot take them; the next call begins another file. */
  append(facts: readonly Fact[]): void;
  /** Has the disk keep what was appended since the last time. */
  sync(): Promise<void>;
  close(): void;
}

/** An open file, and what was written to it. */
interface OpenFile {
  fd: number;
  path: string;
  /** When its day (UTC) began, in milliseconds since 1970. */
  from: number;
  described: Set<number>;
  dirty: boolean;
  /** Whether a fact stands in it. */
  used: boolean;
}

/** More papers than are named in a day: those that the last file did not name are dropped then. */
const MOST_PAPERS = 20_000;

/** All that a writer knows. */
interface Own {
  folder: string;
  keyMark: string;
  clock: () => number;
  writer: string;
  papers: Map<number, PaperName>;
  file: OpenFile | null;
  part: number;
}

/**
 * Opens the journal of this process in a folder. A file is begun with the first fact of each day. It is written to by
 * whole lines, at once and in the same thread: a call of some microseconds, after which a killed process loses nothing.
 */
export function openWriter(folder: string, keyMark: string, clock: () => number): Writer {
  const own: Own = { folder, keyMark, clock, writer: newWriter(), papers: new Map(), file: null, part: 0 };
  return {
    describe: (some) => {
      for (const [id, paper] of some) own.papers.set(id, paper);
    },
    unknown: (ids) => ids.filter((id) => !own.papers.has(id)),
    append: (facts) => append(own, facts),
    sync: () => (own.file?.dirty ? syncFile(own, own.file) : Promise.resolve()),
    close: () => end(own),
  };
}

function append(own: Own, facts: readonly Fact[]): void {
  const at = own.clock();
  if (own.file && (at < own.file.from || at >= own.file.from + DAY_MS)) end(own);
  try {
    const into = own.file ?? begin(own, at);
    writeAll(into.fd, linesOf(own, into, facts, at));
    Object.assign(into, { dirty: true, used: true });
  } catch (error) {
    giveUp(own);
    throw error;
  }
}

function begin(own: Own, at: number): OpenFile {
  mkdirSync(own.folder, { recursive: true, mode: 0o700 });
  const path = join(own.folder, fileName(dayOf(at), own.writer, own.part++));
  const fd = openSync(path, 'ax', 0o600);
  own.file = { fd, path, from: at - (at % DAY_MS), described: new Set(), dirty: true, used: false };
  writeAll(fd, firstLine(stampOf(at), own.keyMark));
  syncFolder(own.folder); // that the name is there, too
  return own.file;
}

function end(own: Own): void {
  const ended = own.file;
  own.file = null;
  if (!ended) return;
  const { papers } = own;
  if (papers.size > MOST_PAPERS) for (const id of papers.keys()) if (!ended.described.has(id)) papers.delete(id);
  try {
    if (ended.dirty) fdatasyncSync(ended.fd);
  } finally {
    closeSync(ended.fd);
  }
}

/** A line that is cut off is the last of its file; a file that holds nothing goes. */
function giveUp(own: Own): void {
  const broken = own.file;
  own.file = null;
  if (!broken) return;
  quietly(() => closeSync(broken.fd));
  if (!broken.used) quietly(() => rmSync(broken.path, { force: true }));
}

/** Also lines on papers that this file has not named yet. */
function linesOf({ papers }: Own, into: OpenFile, facts: readonly Fact[], at: number): string {
  const stamp = stampOf(at);
  let text = '';
  for (const fact of facts) {
    for (const id of fact.what === 'handed' && fact.shown ? fact.shown.paperIds : []) {
      const paper = into.described.has(id) ? undefined : papers.get(id);
      if (!paper) continue;
      text += paperLine(stamp, id, paper);
      into.described.add(id);
    }
    text += factLine(stamp, fact);
  }
  return text;
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}

/** A file that the disk did not keep is written to no more: whether it takes the next is asked of a new one. */
function syncFile(own: Own, file: OpenFile): Promise<void> {
  file.dirty = false;
  return new Promise((resolve, reject) => {
    fdatasync(file.fd, (error) => {
      // A file that was ended meanwhile was synced then.
      if (!error || error.code === 'EBADF') return resolve();
      if (own.file === file) giveUp(own);
      reject(error);
    });
  });
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // it is broken anyway
  }
}
