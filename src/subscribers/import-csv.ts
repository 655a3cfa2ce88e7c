import type { Readable } from 'node:stream';
import type { Context } from '../context.ts';
import { listTopics } from '../db/interests/topics.ts';
import { AppError, oneLine, type Said } from '../lib/errors.ts';
import { isOutage } from '../lib/outage.ts';
import { sparing } from '../lib/sparing.ts';
import type { Actor } from '../model/actor.ts';
import { openCsv, type CsvFile } from './csv/open-csv.ts';
import type { ColumnMap } from './csv/header.ts';
import { checkRow, type CheckedRow, type ImportRow } from './csv/rows.ts';
import {
  foreseeRows,
  importRows,
  noCounts,
  type ImportCounts,
  type ImportedBy,
  type RejectedRow,
} from './import-rows.ts';
import type { SignUpSettings } from './sign-up.ts';
import type { FileNote } from './csv/file-note.ts';

/** Rows of one transaction: with 1,000 more of them outlive two collections, with 60 each row costs twice the time. */
const CHUNK = 250;

/** What an import is to do, and who hears of it. */
export interface ImportWish {
  actor: Actor;
  dryRun?: boolean;
  map?: ColumnMap;
  progress?: (rows: number) => void;
  /** Ends the import after the rows that are being taken in. */
  signal?: AbortSignal;
  /** The errand it is done for. */
  errand?: ImportErrand | undefined;
  /** Begins one once the header was read; not of a dry run. */
  begin?: () => Promise<ImportErrand>;
}

/** What whom an import makes is marked with. */
export interface ImportErrand {
  id: number;
  /** Notes in the transaction that takes rows in that they are dealt with, up to a line. */
  note: NonNullable<ImportedBy['note']>;
  /** Of one that goes on where it was interrupted. */
  goesOn?: {
    /** Rows up to this line are dealt with. */
    after: number;
    /** Keeps what was refused before its rows are passed over; a line twice is one. */
    refused: (rows: readonly RejectedRow[]) => Promise<void>;
  };
}

/** What became of a file. */
export interface ImportResult extends ImportCounts {
  /** How it was read, where that is worth saying. */
  notes: FileNote[];
  /** Null where the whole file was read. */
  ended: ImportEnd | null;
}

/** Why an import ended before the file did; rows up to this line were done with. */
export interface ImportEnd {
  line: number;
  error: unknown;
}

/**
 * Reads subscribers from a CSV with a header and takes them in, some hundred rows a transaction. What cannot be used is
 * listed with its line and the reason; the rest is imported. What ends it early is told with what was done until then.
 * Throws AppError bad-input for a file that is no such CSV, before anything is imported.
 */
export async function importCsv(ctx: Context, file: Readable, by: ImportWish): Promise<ImportResult> {
  const settings = {
    topics: new Set((await listTopics(ctx.db)).map(({ slug }) => slug)),
    maxPapers: ctx.config.MAX_PAPERS,
  };
  const stop = () => file.destroy(new AppError('conflict', 'it was told to stop'));
  by.signal?.addEventListener('abort', stop, { once: true });
  try {
    const csv = await openCsv(file, by.map ?? new Map());
    const errand = by.dryRun ? undefined : (by.errand ?? (await by.begin?.()));
    return await takeIn(ctx, csv, settings, { ...by, errand });
  } finally {
    by.signal?.removeEventListener('abort', stop);
  }
}

async function takeIn(ctx: Context, csv: CsvFile, settings: SignUpSettings, by: ImportWish): Promise<ImportResult> {
  const goesOn = by.errand?.goesOn;
  const total: ImportResult = { ...noCounts(), notes: csv.notes, ended: null };
  const rejected: ImportCounts['rejected'] = [];
  const seen = new Map<string, number>();
  let done = csv.headerLine;
  let [rows, line] = [0, done];
  let chunk: ImportRow[] = [];
  const flush = async () => {
    await goesOn?.refused(rejected);
    await importChunk(ctx, chunk, total, by);
    total.rejected.push(...rejected.splice(0));
    // One that goes on keeps what is refused, and knows of earlier rows by the table: memory stays as it is.
    if (goesOn) {
      total.rejected.length = 0;
      seen.clear();
    }
    [chunk, done] = [[], line];
    by.progress?.(rows);
  };
  try {
    for await (const row of csv.rows) {
      line = row.line;
      rows++;
      if (line <= (goesOn?.after ?? 0)) continue;
      const checked = 'record' in row ? checkRow(row.record, line, settings, ctx.now()) : refusal(row);
      const fresh = seenOnce(checked, seen);
      if (fresh.ok) chunk.push(fresh.row);
      else rejected.push({ line, email: fresh.email, reason: fresh.reason, why: fresh.why });
      if (chunk.length >= CHUNK) await flush();
    }
    await flush();
  } catch (error) {
    total.ended = { line: done, error };
  }
  total.rejected.sort((a, b) => a.line - b.line);
  return total;
}

/** Takes the rows in; those that the database refuses are rejected, one by one. */
async function importChunk(ctx: Context, chunk: readonly ImportRow[], total: ImportCounts, by: ImportWish) {
  if (by.signal?.aborted) throw new AppError('conflict', 'it was told to stop');
  if (by.dryRun) return add(total, await foreseeRows(ctx, chunk));
  const take = async (some: readonly ImportRow[]) => add(total, await importRows(ctx, some, importedBy(by)));
  const refused = await sparing(chunk, take, isOver);
  for (const { one, error } of refused) {
    const [reason, why] = [`the database refused it: ${oneLine(error)}`, [{ name: 'database' }]];
    total.rejected.push({ line: one.line, email: one.email, reason, why });
  }
  if (refused.length > 0) await by.errand?.goesOn?.refused(total.rejected);
}

/** Tells whether an import cannot go on, whatever stands in its rows. */
const isOver = (error: unknown): boolean => isOutage(error) || (error instanceof AppError && error.code === 'conflict');

function importedBy({ actor, errand }: ImportWish): ImportedBy {
  const by = { actor, source: 'import' };
  return errand ? { ...by, importId: errand.id, note: errand.note } : by;
}

function refusal({ line, problem, named }: { line: number; problem: string; named: Said }): CheckedRow {
  return { ok: false, line, email: '', reason: problem, why: [named] };
}

function seenOnce(checked: CheckedRow, seen: Map<string, number>): CheckedRow {
  if (!checked.ok) return checked;
  const { line, email } = checked.row;
  const earlier = seen.get(email);
  if (earlier !== undefined) {
    const why = [{ name: 'twice', values: { line: String(earlier) } }];
    return { ok: false, line, email, reason: `the same address as in line ${earlier}`, why };
  }
  seen.set(email, line);
  return checked;
}

function add(total: ImportCounts, part: ImportCounts): void {
  for (const status of ['pending', 'confirmed', 'unsubscribed'] as const) total.counts[status] += part.counts[status];
  total.rejected.push(...part.rejected);
}
