import { once } from 'node:events';
import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';
import type { Cell } from '../http/table.ts';

/**
 * Sends rows as a CSV file (RFC 4180, UTF-8), page after page, as fast as they are taken. Cells that a spreadsheet
 * would run as a formula are kept from that by a leading apostrophe
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export async function sendCsv<Row>(
  res: Response,
  name: string,
  heads: readonly string[],
  pages: AsyncIterable<readonly Row[]>,
  cells: (row: Row) => readonly Cell[],
): Promise<void> {
  res.attachment(`offprint-${name}.csv`).type('text/csv; charset=utf-8');
  res.write(stringify([[...heads]]));
  for await (const rows of pages) {
    const text = stringify(
      rows.map((row) => cells(row).map(plain)),
      { escape_formulas: true },
    );
    if (!res.write(text)) await Promise.race([once(res, 'drain'), once(res, 'close')]);
    if (res.destroyed) return;
  }
  res.end();
}

function plain(cell: Cell): string | number {
  if (typeof cell !== 'object') return cell;
  if ('number' in cell) return cell.number;
  if ('code' in cell) return cell.code;
  return 'when' in cell ? cell.when.iso : cell.text;
}
