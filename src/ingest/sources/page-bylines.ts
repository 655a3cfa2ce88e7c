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
/** Authors that are a byline whatever follows. */
const BULLET_AUTHORS = /^[•·*-]\s*\+?[\d,]+\s+authors?$/i;
/** A number of comments on a line of its own. */
const COUNT = /^(?:[\d.,]+k?|-)$/i;
/** A byline cut off in the middle, at the very end of a capture. */
const CUT_AUTHORS = /^•\s*(?:\d+\s*)?[a-z]{0,7}$/i;
/**
 * Longer than any organisation on the page («CarnegieMellonU Carnegie Mellon University»), shorter than any abstract.
 */
const LONGEST_ORGANIZATION = 120;
/** Longer than a date in any language. */
const LONGEST_DATE = 40;
/** Longer than any byline on one line. */
const LONGEST_BYLINE = 200;

/** Cuts a page's lines at its bylines. `rest` holds the paragraphs after the last one. */
export function readBylines(lines: string[]): { segments: PageSegment[]; rest: string[] } {
  const spaced = lines.includes('');
  const segments: PageSegment[] = [];
  let open: string[][] = [[]];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const found = readByline(lines, index, { open, spaced });
    if (found) {
      segments.push({ paragraphs: toParagraphs(open, spaced), byline: found.byline });
      open = [[]];
      index += found.taken;
    } else if (line === '') open.push([]);
    else open.at(-1)?.push(line);
  }
  const rest = toParagraphs(open, spaced);
  if (CUT_AUTHORS.test(rest.at(-1) ?? '')) rest.pop();
  return { segments, rest };
}

/** Tells whether a line can stand in a byline alone, whatever stands around it. */
export function isOfByline(line: string): boolean {
  const parts = splitAtDot(line);
  if (!parts) return BULLET_AUTHORS.test(line);
  return parts.who === '' ? parts.when === '' || readDated(parts.when) !== null : AUTHORS.test(parts.who);
}

/**
 * Reads a byline around a line's dot, with all of it on one line or each part on its own, or at authors whose dot is
 * missing; takes who stands above it out of the open paragraphs. Authors need no date that can be read. Tells how many
 * lines below belong to it.
 */
function readByline(
  lines: string[],
  index: number,
  { open, spaced }: { open: string[][]; spaced: boolean },
): { byline: Byline; taken: number } | null {
  const line = lines[index] ?? '';
  const below = lines.slice(index + 1, index + 4);
  const isBare = BULLET_AUTHORS.test(line) && !below.some((next) => splitAtDot(next)?.who === '');
  const parts = isBare ? { who: line, when: '' } : splitAtDot(line);
  if (!parts) return null;
  const { who, when } = parts;
  const isAuthors = AUTHORS.test(who || (open.findLast((block) => block.length > 0)?.at(-1) ?? ''));
  const next = when === '' ? below.findIndex((text) => text !== '') : -1;
  const dated = readDated(when || (below[next] ?? ''));
  // At the very end the date was cut off.
  const isCut = who === '' && when === '' && (next < 0 || index + 2 + next >= lines.length);
  if (!isAuthors && !isCut) {
    if (!dated) return null; // a dot in running text
    if (who !== '' && when === '' && (next > 0 || who.length > LONGEST_ORGANIZATION)) return null;
  }
  const hasDate = dated !== null || isCut || (spaced && when === '' && isUnreadDate(below));
  const toDate = hasDate ? next + 1 : 0;
  const count = dated?.hasCount ? '' : (lines[index + toDate + 1] ?? '');
  const isCounted = COUNT.test(count);
  const organizationFits = lines[index - 1] !== '' || (when === '' && lines[index + 1] === '');
  return {
    byline: {
      ...readWho(who ? [who] : takeWho(open, organizationFits)),
      date: dated?.date ?? null,
      comments: isCounted ? readCount(count) : (dated?.comments ?? null),
    },
    taken: toDate + (isCounted ? 1 : 0),
  };
}

/** What stands before and behind the first dot of a line, without marks of direction; null where there is none. */
function splitAtDot(line: string): { who: string; when: string } | null {
  if (line.length > LONGEST_BYLINE || !line.includes('·')) return null;
  const parts = line.split('·').map((part) => part.replace(AROUND_DOT, ''));
  const [who = '', when = '', comments = ''] = parts;
  if (when === '' && parts.length > 2) return null; // dots in a row
  return { who, when: comments ? `${when} ${comments}` : when };
}

const AROUND_DOT = /^[\s\u200c-\u200f\u2060]+|[\s\u200c-\u200f\u2060]+$/g;

/** A short line that ends the paragraph, or has a count alone below it, stands where the date should. */
function isUnreadDate([date = '', below = '']: string[]): boolean {
  return date !== '' && date.length <= LONGEST_DATE && !COUNT.test(date) && (below === '' || COUNT.test(below));
}

function readDated(text: string): { date: PrintedDate; comments: number | null; hasCount: boolean } | null {
  const found = /^([a-z]+\.? \d{1,2}(?:, ?\d{4})?)(?:\s+([\d.,]+k?|-))?$/i.exec(text);
  const date = readPrintedDate(found?.[1] ?? '');
  return date ? { date, comments: readCount(found?.[2] ?? ''), hasCount: found?.[2] !== undefined } : null;
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
      ? fits && alone && who.length === 0 && open.filter(({ length }) => length > 0).length > 2
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
 * the text is wrapped, the first line is the title and the others are the abstract. A count alone is none.
 */
function toParagraphs(blocks: string[][], spaced: boolean): string[] {
  return joinLines(blocks, spaced).filter((text) => !COUNT.test(text));
}

function joinLines(blocks: string[][], spaced: boolean): string[] {
  const full = blocks.filter((block) => block.length > 0);
  if (spaced) return full.map((block) => block.join(' '));
  const lines = full.flat();
  const wrapped = lines.length > 2 && lines.every((line) => line.length < LONGEST_ORGANIZATION);
  return wrapped ? [...lines.slice(0, 1), lines.slice(1).join(' ')] : lines;
}
