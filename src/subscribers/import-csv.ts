import { parse } from 'csv-parse';
import type { Readable } from 'node:stream';
import type { Context } from '../context.ts';
import { listTopics } from '../db/interests/topics.ts';
import { AppError, messageOf, oneLine } from '../lib/errors.ts';
import { sparing } from '../lib/sparing.ts';
import { checkRow, CSV_COLUMNS, type CsvRecord, type ImportRow } from './csv-rows.ts';
import { importRows, type ImportCounts } from './import-rows.ts';
import type { Actor } from '../model/actor.ts';

/** Rows of one transaction. */
const CHUNK = 1_000;

/**
 * Reads subscribers from a CSV with a header and takes them in, a thousand rows a transaction. What cannot
 * be used is listed with its line and the reason; the rest is imported. Throws AppError bad-input for a file that is no
 * such CSV.
 */
export async function importCsv(
  ctx: Context,
  file: Readable,
  by: { actor: Actor; dryRun?: boolean; progress?: (rows: number) => void },
): Promise<ImportCounts> {
  const settings = {
    topics: new Set((await listTopics(ctx.db)).map(({ slug }) => slug)),
    maxPapers: ctx.config.MAX_PAPERS,
  };
  const total: ImportCounts = { counts: { pending: 0, confirmed: 0, unsubscribed: 0 }, rejected: [] };
  const seen = new Map<string, number>();
  let chunk: ImportRow[] = [];
  let rows = 0;
  const flush = async () => {
    const take = async (some: readonly ImportRow[]) =>
      add(total, await importRows(ctx, some, { actor: by.actor, source: 'import' }));
    const refused = by.dryRun ? [] : await sparing(chunk, take);
    for (const { one, error } of refused)
      total.rejected.push({ line: one.line, email: one.email, reason: `the database refused it: ${oneLine(error)}` });
    if (by.dryRun) for (const { status } of chunk) total.counts[status]++;
    chunk = [];
    by.progress?.(rows);
  };
  for await (const { record, line } of records(file)) {
    rows++;
    const checked = checkRow(record, line, settings, ctx.now());
    const earlier = checked.ok ? seen.get(checked.row.email) : undefined;
    if (!checked.ok) total.rejected.push({ line, email: checked.email, reason: checked.reason });
    else if (earlier !== undefined) {
      total.rejected.push({ line, email: checked.row.email, reason: `the same address as in line ${earlier}` });
    } else {
      seen.set(checked.row.email, line);
      chunk.push(checked.row);
    }
    if (chunk.length === CHUNK) await flush();
  }
  await flush();
  total.rejected.sort((a, b) => a.line - b.line);
  return total;
}

function add(total: ImportCounts, part: ImportCounts): void {
  for (const status of ['pending', 'confirmed', 'unsubscribed'] as const) total.counts[status] += part.counts[status];
  total.rejected.push(...part.rejected);
}

async function* records(file: Readable): AsyncGenerator<{ record: CsvRecord; line: number }> {
  const parser = parse({
    bom: true,
    trim: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count_less: true,
    relax_quotes: true, // interests may hold "phrases"
    columns: (header: string[]) => checkHeader(header.map((name) => name.trim().toLowerCase())),
  });
  file.on('error', (error) => parser.destroy(error));
  file.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: CsvRecord; info: { lines: number } }>) {
      yield { record, line: info.lines };
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('bad-input', `The file cannot be read as CSV: ${messageOf(error)}`, { cause: error });
  }
}

function checkHeader(names: string[]): string[] {
  const unknown = names.filter((name) => !CSV_COLUMNS.some((column) => column === name));
  if (!names.includes('email') || unknown.length > 0) {
    const found =
      unknown.length > 0
        ? `no column called ${unknown.map((name) => `«${name.slice(0, 40)}»`).join(', ')}`
        : 'no column email';
    throw new AppError(
      'bad-input',
      `Line 1 of the CSV: ${found}; expected a header of ${CSV_COLUMNS.join(',')} (all but email may be left out)`,
    );
  }
  return names;
}
