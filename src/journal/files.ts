import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '../lib/errors.ts';

/** How long a journal is kept, in days: no snapshot older than that should be brought back. */
export const JOURNAL_DAYS = 14;
/** A day of a journal, in milliseconds. */
export const DAY_MS = 86_400_000;
const NAME = /^(\d{4}-\d{2}-\d{2})\.([0-9a-z]{12})\.(\d+)\.journal$/;

/** A file of a journal: one process, one day (UTC), anew after each failure to write. */
export interface JournalFile {
  path: string;
  day: string;
  /** Names the process. */
  writer: string;
  part: number;
}

/** Names a process, as its files have it. */
export function newWriter(): string {
  return randomBytes(6).toString('hex');
}

/** Names the n-th file of a process on a day. */
export function fileName(day: string, writer: string, part: number): string {
  return `${day}.${writer}.${part}.journal`;
}

/** Returns the day (UTC) of an instant, in milliseconds. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Lists the files of a folder, each process' in the order it wrote them; no folder, no files. */
export async function listFiles(folder: string): Promise<JournalFile[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const files = names.flatMap((name) => {
    const [, day = '', writer = '', part = ''] = NAME.exec(name) ?? [];
    return day === '' ? [] : [{ path: join(folder, name), day, writer, part: Number(part) }];
  });
  const keyOf = ({ writer, day, part }: JournalFile) => `${writer} ${day} ${String(part).padStart(9, '0')}`;
  return files.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Makes sure that folders which somebody named hold a journal. Throws AppError bad-input where one does not. */
export async function mustBeJournals(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await readdir(folder).catch((error: unknown) => {
      const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such folder' : messageOf(error);
      throw new AppError('bad-input', `${folder}: ${why}; expected a journal, as JOURNAL_DIR names it`);
    });
    if ((await listFiles(folder)).length === 0)
      throw new AppError(
        'bad-input',
        `${folder}: no file of a journal in it; expected a journal, as JOURNAL_DIR names it`,
      );
  }
}

/** Keeps the files that were written to since an instant, by their own account. */
export async function writtenSince(files: readonly JournalFile[], since: Date): Promise<JournalFile[]> {
  const times = await Promise.all(files.map(({ path }) => stat(path).catch(() => null))); // one may just be forgotten
  return files.filter((_file, n) => (times[n]?.mtime ?? new Date(0)) >= since);
}

/** Deletes what is older than JOURNAL_DAYS. Returns how many files. */
export async function forgetOldFiles(folder: string, now: number): Promise<number> {
  const oldest = dayOf(now - JOURNAL_DAYS * DAY_MS);
  const old = (await listFiles(folder)).filter(({ day }) => day < oldest);
  for (const { path } of old) await rm(path, { force: true });
  return old.length;
}
