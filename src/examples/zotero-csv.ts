import { parse } from 'csv-parse/sync';
import { lineOf, SHOWN, toExample, unreadAt, type Stretch } from './record.ts';

/** Columns beside the title that tell a table from a title that happens to hold a comma. */
const COLUMNS = /^(?:key|item type|doi|abstract note|abstract|arxiv id|url|author|publication year)$/;

/** Tells whether a table begins at a place: a header that names a title and another column of Zotero's. */
export function beginsCsv(text: string, at: number): boolean {
  const names = headerOf(text.slice(at, at + 10_000).split('\n', 1)[0] ?? '');
  return names.includes('title') && names.some((name) => COLUMNS.test(name));
}

/** Reads a table with a header, as Zotero exports it, from a place to the end of the paste. */
export function readCsv(text: string, at: number): Stretch {
  const stretch: Stretch = { examples: [], unread: [], end: text.length };
  const before = lineOf(text, at) - 1;
  let rows: { record: Record<string, string>; info: { bytes: number; lines: number } }[];
  try {
    rows = parse(text.slice(at), {
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      delimiter: delimiterOf(text.slice(at)),
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as typeof rows;
  } catch {
    return { ...stretch, unread: [unreadAt(text, at, 'csv')] };
  }
  for (const { record, info } of rows) {
    const field = (...names: string[]) => names.map((name) => record[name] ?? '').find(Boolean) ?? '';
    const example = toExample({
      title: field('title'),
      abstract: field('abstract note', 'abstract'),
      doi: field('doi'),
      ids: [field('arxiv id', 'arxiv'), field('archive location'), field('number')],
      places: ['url', 'extra', 'archive location', 'number', 'publication title', 'series'].map((name) => field(name)),
    });
    if (example) stretch.examples.push(example);
    else {
      const told = Object.values(record).join(',').slice(0, SHOWN);
      stretch.unread.push({ ...unreadAt(text, at, 'nothing'), text: told, line: before + info.lines });
    }
  }
  return stretch;
}

function headerOf(line: string): string[] {
  return line.split(delimiterOf(line)).map((name) => name.trim().replace(/^"|"$/g, '').trim().toLowerCase());
}

function delimiterOf(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.includes('\t') ? '\t' : line.includes(',') ? ',' : ';';
}
