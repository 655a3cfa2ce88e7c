import { readPrintedDate, type PrintedDate } from './list-day.ts';
import { readCount } from './plain-text.ts';

/** What stands under an abstract: `9 authors` or `Berkeley UC Berkeley`, `·`, `Dec 8, 2024 3`. */
export interface Byline {
  authorCount: number | null;
  organization: string | null;
  date: PrintedDate | null;
  comments: number | null;
}

/** The paragraphs above one byline, since the last one. */
export interface PageSegment {
  paragraphs: string[];
  byline: Byline;
}

const AUTHORS = /^(?:[•·*-]\s*)?(\+?[\d,]+)\s+authors?$/i;
/** A byline cut off in the middle, at the very end of a capture. */
const CUT_AUTHORS = /^•\s*(?:\d+\s*)?[a-z]{0,7}$/i;
/**
 * Longer than any organisation on the page («CarnegieMellonU Carnegie Mellon University»), shorter than any abstract.
 */
const LONGEST_ORGANIZATION = 120;

/** Cuts a page's lines at its bylines. `rest` holds the paragraphs after the last one. */
export function readBylines(lines: string[]): { segments: PageSegment[]; rest: string[] } {
  const spaced = lines.includes('');
  const segments: PageSegment[] = [];
  let open: string[][] = [[]];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const joined = readJoined(line);
    const split = joined ? null : readSplit(lines, index, open);
    const byline = joined ?? split?.byline;
    if (byline) {
      segments.push({ paragraphs: toParagraphs(open, spaced), byline });
      open = [[]];
      index += split?.taken ?? 0;
    } else if (line === '') open.push([]);
    else open.at(-1)?.push(line);
  }
  const rest = toParagraphs(open, spaced);
  if (CUT_AUTHORS.test(rest.at(-1) ?? '')) rest.pop();
  return { segments, rest };
}

/** A byline on one line: `9 authors · Dec 8, 2024 · 3`. */
function readJoined(line: string): Byline | null {
  if (line.length > 200 || !line.includes('·')) return null;
  const [who, when, comments] = line.split('·').map((part) => part.trim());
  if (!who || !when) return null;
  const dated = readDated(comments ? `${when} ${comments}` : when);
  return dated ? { ...readWho([who]), ...dated } : null;
}

/** A byline around a line that is `·` alone; takes who stands above it out of the open paragraphs. */
function readSplit(lines: string[], index: number, open: string[][]): { byline: Byline; taken: number } | null {
  if (lines[index] !== '·') return null;
  const next = lines.slice(index + 1, index + 4).findIndex((line) => line !== '');
  const dated = next < 0 ? null : readDated(lines[index + 1 + next] ?? '');
  // A dot in running text; at the very end the date was cut off.
  if (!dated && next >= 0 && index + 2 + next < lines.length) return null;
  return {
    byline: {
      ...readWho(takeWho(open, lines[index - 1] !== '' || lines[index + 1] === '')),
      ...(dated ?? { date: null, comments: null }),
    },
    taken: next < 0 ? 0 : next + 1,
  };
}

function readDated(text: string): { date: PrintedDate; comments: number | null } | null {
  const found = /^([a-z]+\.? \d{1,2}(?:, ?\d{4})?)(?:\s+([\d.,]+k?|-))?$/i.exec(text);
  const date = readPrintedDate(found?.[1] ?? '');
  return date ? { date, comments: readCount(found?.[2] ?? '') } : null;
}

/**
 * Takes the lines that name authors or an organisation from the end of the open paragraph; a title or the end of an
 * abstract stays. What ends as a sentence does («Yahoo!», «Rakuten Group, Inc.») is a name only where it stands by
 * itself below a title and an abstract.
 */
function takeWho(open: string[][], organizationFits: boolean): string[] {
  while (open.length > 1 && open.at(-1)?.length === 0) open.pop();
  const block = open.at(-1) ?? [];
  const who: string[] = [];
  for (const wanted of ['authors', 'organization'] as const) {
    const line = block.at(-1) ?? '';
    const fits = organizationFits && line !== '' && line.length <= LONGEST_ORGANIZATION;
    const alone = block.length === 1;
    const named = /[.!?]$/.test(line)
      ? fits && alone && open.filter(({ length }) => length > 0).length > 2
      : fits && (alone || /[.!?]$/.test(block.at(-2) ?? ''));
    if (!(wanted === 'authors' ? AUTHORS.test(line) : named)) continue;
    block.pop();
    who.push(line);
  }
  return who;
}

function readWho(lines: string[]): { authorCount: number | null; organization: string | null } {
  let authorCount: number | null = null;
  let organization: string | null = null;
  for (const line of lines) {
    const authors = AUTHORS.exec(line);
    if (authors) authorCount = readCount(authors[1] ?? '');
    else organization = line.replace(/^•\s*/, '') || null;
  }
  return { authorCount, organization };
}

/**
 * Joins the lines of each paragraph. On a page without blank lines each line is a paragraph, unless all are short: then
 * the text is wrapped, the first line is the title and the others are the abstract.
 */
function toParagraphs(blocks: string[][], spaced: boolean): string[] {
  const full = blocks.filter((block) => block.length > 0);
  if (spaced) return full.map((block) => block.join(' '));
  const lines = full.flat();
  const wrapped = lines.length > 2 && lines.every((line) => line.length < LONGEST_ORGANIZATION);
  return wrapped ? [...lines.slice(0, 1), lines.slice(1).join(' ')] : lines;
}
