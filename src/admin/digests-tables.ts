import type { RejectedCapture } from '../db/digests/captures.ts';
import type { DigestSummary } from '../db/digests/digests.ts';
import type { Pager } from '../http/pager.ts';
import { tableOfCells } from '../http/table.ts';
import type { Saying } from './saying.ts';

/** Prepares the list of digests. */
export function listsTable(rows: readonly DigestSummary[], { words, when }: Saying, pager: Pager) {
  const name = (column: string) => words(`admin.digests.column.${column}`);
  const columns = [
    name('day'),
    name('source'),
    { number: name('papers') },
    ...['health', 'state', 'arrived'].map(name),
  ];
  const cells = rows.map(({ id, digestOn, source, entryCount, verdict, reasons, warningCount, state, arrivedAt }) => {
    const seen = [words(`admin.digests.verdict.${verdict}`), reasons.join(' · ')].filter(Boolean).join(': ');
    const warnings = warningCount > 0 ? ` ${words('admin.digests.warnings', { n: warningCount })}` : '';
    return [
      { text: digestOn, href: `/admin/digests/${id}` },
      ...[source, entryCount, seen + warnings],
      ...[state === 'accepted' ? '' : words(`admin.digests.state.${state}`), when(arrivedAt)],
    ];
  });
  return tableOfCells(
    { label: words('admin.digests.title'), columns, empty: words('admin.digests.empty') },
    cells,
    pager,
  );
}

/** Prepares the list of files that were no digest. */
export function rejectedTable(rows: readonly RejectedCapture[], { words, when }: Saying, pager: Pager) {
  const columns = ['received', 'source', 'file', 'problem'].map((column) => words(`admin.digests.column.${column}`));
  const cells = rows.map(({ receivedAt, source, name, problem }) => [when(receivedAt), source, name, problem]);
  return tableOfCells({ label: words('admin.digests.rejected'), columns, empty: '' }, cells, pager);
}
