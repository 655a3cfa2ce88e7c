import { stringify } from 'csv-stringify/sync';
import type { Context } from '../context.ts';
import { listSubscribers } from '../db/subscribers/list.ts';
import { eachPage } from '../lib/cursor.ts';
import { CSV_COLUMNS, quoteFormulas, toRecord } from './csv-rows.ts';

/** Readers of one query. */
const PAGE = 1_000;

/** Writes all subscribers as CSV, the header first, a page at a time: what an import takes in. */
export async function* exportCsv(ctx: Context): AsyncGenerator<string> {
  yield stringify([[...CSV_COLUMNS]]);
  for await (const readers of eachPage((wish) => listSubscribers(ctx.db, wish), { limit: PAGE }))
    yield stringify(
      readers.map((reader) => {
        const record = toRecord(reader);
        return CSV_COLUMNS.map((column) => quoteFormulas(record[column]));
      }),
    );
}
