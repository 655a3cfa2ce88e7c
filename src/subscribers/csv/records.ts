import type { FileLine, LineProblem } from './file-lines.ts';

/** A row of the file, with the line it begins in: its cells, or why they cannot be read. */
export type CsvRow = { line: number; cells: string[] } | ({ line: number } & LineProblem);

/** More lines than this in one row, and its quotation mark was never meant to open: papers pasted have fewer. */
const MAX_ROW_LINES = 10_000;
const MAX_ROW_LENGTH = 2_000_000;

const UNCLOSED: LineProblem = { why: 'unclosed', problem: 'a quotation mark opens a cell and never closes it' };
const ADDRESS = /^[^\s@"',;|]+@[^\s@"',;|.]+\.[^\s@"',;|]+$/;

/** A cell begun and not ended, and those before it. */
interface Scan {
  delimiter: string;
  cells: string[];
  /** What stands in the quoted cell so far; null outside of one. */
  open: string | null;
}

/**
 * Reads rows as RFC 4180 has them, so that one odd row costs that row alone: where a quotation mark opens a cell that
 * does not end as a cell does, the row's first line is given with its problem and reading goes on with the next line. A
 * row is at most `width()` cells. Blank lines and rows of nothing but delimiters are passed over.
 */
export async function* csvRows(
  lines: AsyncIterator<FileLine>,
  delimiter: string,
  width: () => number,
): AsyncGenerator<CsvRow> {
  const waiting: FileLine[] = []; // read ahead, the next one last
  const next = async () => waiting.pop() ?? ((await lines.next()).value as FileLine | undefined);
  for (let first = await next(); first; first = await next()) {
    const taken = [first];
    const scan: Scan = { delimiter, cells: [], open: null };
    let ended = scanLine(scan, first);
    while (ended === 'open' && fits(taken)) {
      const more = await next();
      if (!more) break;
      taken.push(more);
      ended = scanLine(scan, more);
    }
    if (ended === 'row' && (taken.length === 1 || isPlausible(scan, width()))) {
      const bad = taken.find((line) => 'problem' in line);
      if (bad && 'problem' in bad) yield { line: first.number, why: bad.why, problem: bad.problem };
      else if (scan.cells.some(Boolean)) yield { line: first.number, cells: scan.cells };
      continue;
    }
    waiting.push(...taken.slice(1).reverse());
    yield { line: first.number, ...UNCLOSED };
  }
}

function fits(taken: readonly FileLine[]): boolean {
  if (taken.length >= MAX_ROW_LINES) return false;
  return taken.length % 100 > 0 || taken.reduce((sum, line) => sum + textOf(line).length, 0) < MAX_ROW_LENGTH;
}

/** A row of several lines holds no more cells than the header, and no other row within a cell. */
function isPlausible({ cells, delimiter }: Scan, width: number): boolean {
  const isRow = (line: string) => {
    const parts = line.split(delimiter);
    return (parts.length > 1 || width === 1) && parts.some((part) => ADDRESS.test(part.replaceAll('"', '').trim()));
  };
  return cells.length <= width && cells.every((cell) => !cell.split('\n').slice(1).some(isRow));
}

function textOf(line: FileLine): string {
  return 'text' in line ? line.text : '';
}

/** Takes a line in: the row ends with it, or a quoted cell is still open, or one ended as no cell does. */
function scanLine(scan: Scan, line: FileLine): 'row' | 'open' | 'broken' {
  const text = textOf(line);
  let at = 0;
  if (scan.open !== null) {
    const end = scanQuoted(scan, text, 0, `${scan.open}\n`);
    if (end === null) return 'open';
    if (text.startsWith(scan.delimiter, end)) at = end + 1;
    else return end === text.length ? 'row' : 'broken';
  }
  for (;;) {
    const start = pastSpaces(text, at, scan.delimiter);
    const quoted = text[start] === '"' ? scanQuoted(scan, text, start + 1, '') : start;
    if (quoted === null) return 'open';
    const isWhole = text[start] === '"' && (quoted === text.length || text.startsWith(scan.delimiter, quoted));
    const found = isWhole ? quoted : text.indexOf(scan.delimiter, quoted);
    const end = found < 0 ? text.length : found;
    // A quotation mark that ends in the middle of a cell is a mere character: «"linear attention" -vision».
    if (text[start] === '"' && !isWhole) scan.cells.pop();
    if (!isWhole) scan.cells.push(text.slice(start, end).trim());
    if (end === text.length) return 'row';
    at = end + 1;
  }
}

/**
 * Reads on within quotation marks, of which two in a row are one; adds the cell and returns where what follows it
 * begins, spaces passed over. Null where it does not end in this line.
 */
function scanQuoted(scan: Scan, text: string, from: number, before: string): number | null {
  let cell = before;
  for (let at = from; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      scan.open = cell + text.slice(at);
      return null;
    }
    cell += text.slice(at, quote);
    at = quote + 1;
    if (text[at] !== '"') {
      scan.cells.push(cell);
      scan.open = null;
      return pastSpaces(text, at, scan.delimiter);
    }
    cell += '"';
    at++;
  }
}

function pastSpaces(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && /\s/.test(text[at] ?? '')) at++;
  return at;
}
