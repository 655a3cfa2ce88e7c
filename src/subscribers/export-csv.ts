import { stringify } from 'csv-stringify/sync';
import type { Context } from '../context.ts';
import { findEvidence } from '../db/subscribers/consents.ts';
import { listSubscribers, type ListedSubscriber } from '../db/subscribers/list.ts';
import { eachPage, type Page, type PageWish } from '../lib/cursor.ts';
import { CSV_COLUMNS } from './csv/columns.ts';
import { quoteFormulas, toRecord } from './csv/rows.ts';

/** Readers of one query. */
const PAGE = 1_000;

/** Where readers come from who were taken in by an operator. */
const IMPORTED = ['import', 'cli'];

/** Writes subscribers as CSV, the header first, a page at a time, as an import takes it in. `read` may read some. */
export async function* exportCsv(
  ctx: Context,
  read: (wish: PageWish) => Promise<Page<ListedSubscriber>> = (wish) => listSubscribers(ctx.db, wish),
): AsyncGenerator<string> {
  yield stringify([[...CSV_COLUMNS]]);
  for await (const readers of eachPage(read, { limit: PAGE })) {
    const given = await findEvidence(
      ctx.db,
      readers.map(({ id }) => id),
    );
    yield stringify(
      readers.map((reader) => {
        const record = toRecord({ ...reader, consent: consentOf(reader, given.get(reader.id)) });
        return CSV_COLUMNS.map((column) => quoteFormulas(record[column]));
      }),
    );
  }
}

/** When and where a reader agreed: as an import told it, else as they confirmed it here. */
function consentOf(
  { confirmedAt, source }: { confirmedAt: Date | null; source: string },
  evidence: { at: Date; source: string } | undefined,
): { at: Date; source: string } | null {
  if (evidence) return { at: confirmedAt ?? evidence.at, source: evidence.source };
  // Who came by an import and then confirmed did so by the mail's link.
  return confirmedAt && { at: confirmedAt, source: IMPORTED.includes(source) ? 'link' : source };
}
