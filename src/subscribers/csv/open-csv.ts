import type { Readable } from 'node:stream';
import { AppError, messageOf, type Said } from '../../lib/errors.ts';
import type { CsvColumn, CsvRecord } from './columns.ts';
import type { FileNote } from './file-note.ts';
import { fileLines, type FileLine, type LineProblem } from './file-lines.ts';
import { delimiterOf, guessColumns, namedDelimiter, readHeader, type ColumnMap, type Header } from './header.ts';
import { csvRows, type CsvRow } from './records.ts';

/** A file whose header has been read. */
export interface CsvFile {
  headerLine: number;
  /** How it is read, where that is worth saying; grows while it is read. */
  notes: FileNote[];
  rows: AsyncIterable<{ line: number; record: CsvRecord } | { line: number; problem: string; named: Said }>;
}

const empty = () =>
  new AppError('bad-input', 'The file is empty: expected a CSV with a header', { said: { name: 'csv.empty' } });

/**
 * Opens a CSV: finds out its encoding, its delimiter (a line `sep=;`, else what fits the header best) and its columns.
 * Throws AppError bad-input where it is none.
 */
export async function openCsv(file: Readable, map: ColumnMap): Promise<CsvFile> {
  const notes: FileNote[] = [];
  const lines = fileLines(file, (note) => notes.push(note));
  const { first, delimiter } = await startOf(lines, map);
  const shape = { width: Infinity };
  const rows = csvRows(from(first, lines), delimiter, () => shape.width);
  const top = (await rows.next()).value as CsvRow | undefined;
  if (!top) throw empty();
  if ('problem' in top) throw unreadable(top.line, top, `Line ${top.line} of the CSV, the header: ${top.problem}`);
  const header = readHeader(top.cells, top.line, map);
  shape.width = header.width;
  notes.push(...header.notes);
  return { headerLine: top.line, notes, rows: recordsOf(rows, header) };
}

/** What a file looks like before it is said what its columns are. */
export interface CsvLook {
  header: string[];
  guessed: (CsvColumn | null)[];
  /** Its first rows. */
  rows: string[][];
}

/** Looks at the header and the first rows of a CSV. Throws AppError bad-input where it is none. */
export async function lookAtCsv(file: Readable, most: number): Promise<CsvLook> {
  try {
    const lines = fileLines(file, () => {});
    const { first, delimiter } = await startOf(lines, new Map());
    const found: string[][] = [];
    for await (const row of csvRows(from(first, lines), delimiter, () => Infinity)) {
      if ('problem' in row && found.length === 0) throw unreadable(row.line, row, `Line ${row.line}: ${row.problem}`);
      if (!('problem' in row)) found.push([...row.cells]);
      if (found.length > most) break;
    }
    const [header = [], ...rows] = found;
    return { header, guessed: guessColumns(header), rows };
  } finally {
    file.destroy();
  }
}

/** Finds the header's first line, and the delimiter. */
async function startOf(
  lines: AsyncGenerator<FileLine>,
  map: ColumnMap,
): Promise<{ first: FileLine; delimiter: string }> {
  let named: string | null = null;
  try {
    for (let at = await lines.next(); !at.done; at = await lines.next()) {
      const line = at.value;
      if ('problem' in line) throw unreadable(line.number, line, `Line ${line.number} of the CSV ${line.problem}`);
      if (line.text.trim() === '') continue;
      const sep: string | null = named === null ? namedDelimiter(line.text) : null;
      if (sep === null) return { first: line, delimiter: named ?? delimiterOf(line.text, map) };
      named = sep;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const said = { name: 'csv.unreadable', values: { problem: messageOf(error) } };
    throw new AppError('bad-input', `The file cannot be read: ${messageOf(error)}`, { cause: error, said });
  }
  throw empty();
}

function unreadable(line: number, { why }: LineProblem, message: string): AppError {
  return new AppError('bad-input', message, { said: { name: 'csv.line', values: { line, why } } });
}

async function* from(first: FileLine, rest: AsyncIterable<FileLine>): AsyncGenerator<FileLine> {
  yield first;
  yield* rest;
}

async function* recordsOf(rows: AsyncIterable<CsvRow>, header: Header): CsvFile['rows'] {
  for await (const row of rows) {
    if ('problem' in row)
      yield { line: row.line, problem: row.problem, named: { name: 'line', values: { why: row.why } } };
    else if (row.cells.slice(header.width).some(Boolean))
      yield {
        line: row.line,
        problem: `${row.cells.length} cells, where the header has ${header.width}`,
        named: { name: 'cells', values: { cells: row.cells.length, width: header.width } },
      };
    else yield { line: row.line, record: header.toRecord(row.cells) };
  }
}
