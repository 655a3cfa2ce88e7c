import type { RejectedCapture } from '../db/digests/captures.ts';
import type { DigestSummary } from '../db/digests/digests.ts';
import type { Pager } from '../http/pager.ts';
import { reasonsText } from '../lib/error-text.ts';
import { tableOfCells, type Cell } from '../http/table.ts';
import type { Saying } from './saying.ts';

/** The columns of the list of digests. */
export const DIGEST_COLUMNS = ['day', 'source', 'papers', 'health', 'state', 'arrived'] as const;

/** Prepares the list of digests. */
export function listsTable(rows: readonly DigestSummary[], say: Saying, pager: Pager) {
  const { words } = say;
  const columns = DIGEST_COLUMNS.map((column) => {
    const name = words(`admin.digests.column.${column}`);
    return column === 'papers' ? { number: name } : name;
  });
  return tableOfCells(
    { label: words('admin.digests.title'), columns, empty: words('admin.digests.empty') },
    rows.map((row) => digestCells(row, say)),
    pager,
  );
}

/** The cells of a digest in a list. */
export function digestCells(row: DigestSummary, { words, when }: Saying): Cell[] {
  const { id, digestOn, source, entryCount, verdict, reasons, why, warningCount, state, arrivedAt } = row;
  const seen = [words(`admin.digests.verdict.${verdict}`), reasonsText(why, reasons, words).join(' · ')]
    .filter(Boolean)
    .join(': ');
  const warnings = warningCount > 0 ? ` ${words('admin.digests.warnings', { n: warningCount })}` : '';
  return [
    { text: digestOn, href: `/admin/digests/${id}` },
    ...[source, entryCount, seen + warnings],
    ...[state === 'accepted' ? '' : words(`admin.digests.state.${state}`), when(arrivedAt)],
  ];
}

/** Prepares the list of files that were no digest. */
export function rejectedTable(rows: readonly RejectedCapture[], { words, when }: Saying, pager: Pager) {
  const columns = ['received', 'source', 'file', 'problem'].map((column) => words(`admin.digests.column.${column}`));
  const cells = rows.map(({ receivedAt, source, name, problem, said }) => [
    ...[when(receivedAt), source, name, ...reasonsText(said && [said], [problem], words)],
  ]);
  return tableOfCells({ label: words('admin.digests.rejected'), columns, empty: '' }, cells, pager);
}
