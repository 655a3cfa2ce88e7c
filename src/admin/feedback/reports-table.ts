import type { Context } from '../../context.ts';
import { listEvents } from '../../db/feedback/list.ts';
import type { Pager } from '../../http/pager.ts';
import { tableOfCells, type Cell } from '../../http/table.ts';
import type { Saying } from '../saying.ts';
import { toldBy } from './told-by.ts';
import { thenText, whatText } from './words.ts';

/** Events on one page. */
const PAGE = 50;

/** Prepares the table of what came back of a reader's mails; null where nothing did. */
export async function reportsTable(
  ctx: Context,
  say: Saying,
  subscriberId: number,
  cursor: string,
  pager: (page: { next: string | null }) => Pager,
) {
  const page = await listEvents(ctx.db, { subscriberId }, { limit: PAGE, cursor });
  if (page.rows.length === 0 && cursor === '') return null;
  const columns = ['when', 'came', 'followed', 'line'].map((name) => say.words(`admin.readers.column.${name}`));
  const rows = page.rows.map((event): Cell[] => [
    ...[say.when(event.at), { text: whatText(say, event), href: `/admin/feedback/${event.id}` }],
    ...[thenText(say, event), toldBy(say.words, event.line ?? '')],
  ]);
  const [label, empty] = [say.words('admin.readers.reports'), say.words('admin.readers.reports.none')];
  return tableOfCells({ label, columns, empty }, rows, pager(page));
}
