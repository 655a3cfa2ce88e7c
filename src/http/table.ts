import type { WhenView } from './moments.ts';
import { NO_PAGER, type Pager } from './pager.ts';

/** The name of a column; numbers stand to the right. */
export type Column = string | { number: string };

/** What a cell holds: text, a number, a number as it is said, text as code, an instant, or a link. */
export type Cell =
  | string
  | number
  | { number: number; text: string }
  | { code: string }
  | { when: WhenView }
  | { text: string; href: string };

/** A list as the partial `table` shows it. */
export interface TableWords {
  /** Names the table for those who do not see it. */
  label: string;
  columns: readonly Column[];
  /** Said where there are no rows. */
  empty: string;
}

/** A field by which a list is narrowed; with `options` one of them is chosen, or none. */
export interface FilterField {
  name: string;
  label: string;
  value: string;
  type?: string;
  inputmode?: string;
  options?: readonly Option[];
  /** Names the choice of none of them, where that is not all. */
  otherwise?: string;
}

/** A choice of a filter, and its name for people. */
export interface Option {
  value: string;
  name: string;
}

/** Prepares a table whose rows are cells (partial `cells`). */
export function tableOfCells(words: TableWords, rows: readonly (readonly Cell[])[], pager?: Pager) {
  return tableOfRows(
    words,
    rows.map((row) => row.map(cellView)),
    pager,
  );
}

/** Prepares a table whose rows a template writes by itself, in the block of the partial `table`. */
export function tableOfRows<Row>({ label, columns, empty }: TableWords, rows: readonly Row[], pager: Pager = NO_PAGER) {
  return { label, empty, columns: columns.map(columnView), rows, pager };
}

/** Prepares the form that narrows a list (partial `filters`). */
export function filtersView(action: string, submit: string, fields: readonly FilterField[]) {
  const views = fields.map(({ options = [], type = '', inputmode = '', otherwise = '', ...field }) => ({
    ...{ ...field, type, inputmode, otherwise },
    options: options.map((option) => ({ ...option, selected: option.value === field.value })),
  }));
  return { action, submit, fields: views };
}

function columnView(column: Column) {
  return typeof column === 'string' ? { name: column, number: false } : { name: column.number, number: true };
}

const NO_CELL = { text: '', code: false, number: false, href: '', when: null };

function cellView(cell: Cell) {
  if (typeof cell !== 'object') return { ...NO_CELL, text: String(cell), number: typeof cell === 'number' };
  if ('number' in cell) return { ...NO_CELL, text: cell.text, number: true };
  return 'code' in cell ? { ...NO_CELL, text: cell.code, code: true } : { ...NO_CELL, ...cell };
}
