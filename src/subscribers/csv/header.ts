import { AppError, type Said } from '../../lib/errors.ts';
import { nearest } from '../../lib/misspelt.ts';
import { CSV_COLUMNS, type CsvColumn, type CsvRecord } from './columns.ts';
import { toolOf, type Tool } from './tools.ts';
import { asExportOf, notRead, type FileNote } from './file-note.ts';

/** What the columns of a file are, and what is said of them. */
export interface Header {
  width: number;
  notes: FileNote[];
  toRecord: (cells: readonly string[]) => CsvRecord;
}

/** What a column is called and what it is to be: `--map theirs=ours`; nothing on the right leaves it out. */
export type ColumnMap = ReadonlyMap<string, CsvColumn | null>;

/** Names of ours that others write otherwise. */
const OTHER_NAMES: ReadonlyMap<string, CsvColumn> = new Map([
  ['email_address', 'email'],
  ['e_mail', 'email'],
  ['e_mail_address', 'email'],
  ['mail', 'email'],
  ['timezone', 'time_zone'],
  ['organisations', 'organizations'],
]);

const DELIMITERS = [',', ';', '\t', '|'];

/** Reads `theirs=ours` as a command is given it. Throws AppError bad-input for a column that is none of ours. */
export function columnMap(pairs: readonly string[]): ColumnMap {
  return new Map(
    pairs.map((pair): [string, CsvColumn | null] => {
      const cut = pair.lastIndexOf('=');
      const ours = CSV_COLUMNS.find((column) => column === nameOf(pair.slice(cut + 1)));
      const theirs = nameOf(pair.slice(0, Math.max(cut, 0)));
      if (cut < 1 || (ours === undefined && pair.slice(cut + 1).trim() !== ''))
        throw new AppError('bad-input', `--map ${pair}: expected theirs=ours, ours one of ${CSV_COLUMNS.join(', ')}`);
      return [theirs, ours ?? null];
    }),
  );
}

/** Returns the delimiter that a line `sep=;` names, as Excel reads it; null for any other line. */
export function namedDelimiter(line: string): string | null {
  return /^"?sep=(.)"?[,;\s]*$/i.exec(line)?.[1] ?? null;
}

/** Chooses the delimiter by which most of a header's names are known. */
export function delimiterOf(header: string, map: ColumnMap): string {
  const known = (delimiter: string) =>
    header.split(delimiter).filter((name) => oursOf(nameOf(name), map) !== undefined).length;
  return [...DELIMITERS].sort((a, b) => known(b) - known(a) || DELIMITERS.indexOf(a) - DELIMITERS.indexOf(b))[0] ?? ',';
}

/**
 * Finds out what each column is: ours by name, others by `--map` and by what Mailchimp, Substack and listmonk call
 * them. What is none of these is not read, and named in a note. Throws AppError bad-input where there is no address, or
 * where a name is a letter off one of ours.
 */
export function readHeader(cells: readonly string[], line: number, map: ColumnMap): Header {
  const names = cells.map(nameOf);
  const refuse = (what: string, said?: Said) => {
    const expected = `expected a header of ${CSV_COLUMNS.join(',')} (all but email may be left out)`;
    const message = `Line ${line} of the CSV: ${what}; ${expected}. Nothing was imported.`;
    return new AppError('bad-input', message, said ? { said } : {});
  };
  const lost = [...map.keys()].find((theirs) => !names.includes(theirs));
  if (lost !== undefined) throw refuse(`--map: no column called «${lost}»`);
  const tool = toolOf(names);
  const columns = columnsOf(names, map, tool);
  const isPassedOver = (name: string) => name === '' || map.get(name) === null || tool?.uses.includes(name);
  const unread = names.flatMap((name, at) => (columns[at] || isPassedOver(name) ? [] : [at]));
  for (const at of tool ? [] : unread) {
    const near = nearest(names[at] ?? '', CSV_COLUMNS);
    if (near && !columns.includes(near))
      throw refuse(`no column called «${cut(cells[at])}», did you mean ${near} (--map "${cut(cells[at])}=${near}")?`);
  }
  if (!columns.includes('email'))
    throw refuse(`no column email among ${cells.map((name) => `«${cut(name)}»`).join(', ')}`, { name: 'csv.noEmail' });
  const twice = columns.find((column, at) => column && columns.indexOf(column) !== at);
  if (twice)
    throw refuse(`two columns for ${twice}: say which with --map, and leave the other out with --map theirs=`, {
      ...{ name: 'csv.twice', values: { column: twice } },
    });
  const notes = tool ? [asExportOf(tool.name)] : [];
  if (unread.length > 0) notes.push(notRead(unread.map((at) => cut(cells[at]))));
  return { width: names.length, notes, toRecord: (row) => recordOf(row, names, columns, tool) };
}

/** Guesses what each column of a header is, as far as its name says so. */
export function guessColumns(cells: readonly string[]): (CsvColumn | null)[] {
  const names = cells.map(nameOf);
  return columnsOf(names, new Map(), toolOf(names));
}

/** Names a column as a map of columns does. */
export function columnName(cell: string): string {
  return nameOf(cell);
}

function recordOf(
  row: readonly string[],
  names: readonly string[],
  columns: readonly (CsvColumn | null)[],
  tool: Tool | null,
): CsvRecord {
  const record: CsvRecord = {};
  for (const [at, column] of columns.entries()) if (column) record[column] = row[at] ?? '';
  if (!tool) return record;
  const theirs = (name: string) => row[names.indexOf(name)]?.trim() ?? '';
  return { ...tool.read(theirs), ...onlyFilled(record), ...tool.settled?.(theirs) };
}

/** A column that stands in the file and is empty there does not hide what the tool says elsewhere. */
function onlyFilled(record: CsvRecord): CsvRecord {
  return Object.fromEntries(Object.entries(record).filter(([, text]) => text !== ''));
}

function columnsOf(names: readonly string[], map: ColumnMap, tool: Tool | null): (CsvColumn | null)[] {
  const columns = names.map((name) => oursOf(name, map) ?? null);
  return columns.map((column, at) => {
    const name = names[at] ?? '';
    if (map.has(name)) return column;
    // A name of ours is what it says; another's name for the same is passed over beside it.
    const isOther = column !== null && column !== name && columns.some((one, other) => one === column && other !== at);
    return isOther || (column !== null && tool?.owns.includes(name)) ? null : column;
  });
}

function oursOf(name: string, map: ColumnMap): CsvColumn | null | undefined {
  if (map.has(name)) return map.get(name) ?? null;
  return CSV_COLUMNS.find((column) => column === name) ?? OTHER_NAMES.get(name);
}

function nameOf(cell: string): string {
  return cell
    .normalize('NFKC')
    .replace(/["\ufeff]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

function cut(name: string | undefined): string {
  return (name ?? '').trim().slice(0, 40);
}
