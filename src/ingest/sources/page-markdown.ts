import type { ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { CAPS } from '../../model/caps.ts';
import { firstEntries } from '../cap-digest.ts';
import {
  entryDay,
  listDay,
  printedDate,
  readPrintedDate,
  refuseTwoLists,
  type DayHints,
  type PrintedDate,
} from './list-day.ts';
import {
  abstractIn,
  authorsIn,
  codeIn,
  commentsIn,
  organizationIn,
  plain,
  readVotes,
  withoutComments,
} from './markdown-fields.ts';
import { toLines } from './plain-text.ts';
import type { SourceKind } from './source-kind.ts';

/** A papers page as Markdown, as text browsers and converters write it. */
export const pageMarkdown: SourceKind = {
  kind: 'page-markdown',
  recognises: (_start, text) => text.includes('/papers/') && joinHeadings(toLines(text)).some(isOfPaper),
  read: parsePageMarkdown,
};

/** A heading that links a paper: `### [Title](https://huggingface.co/papers/2512.01234)`. */
const HEADING = /^#{1,6} \[(.+)\]\((?:https?:\/\/huggingface\.co)?\/papers\/(\d{4}\.\d{4,5})\)$/;
/** The beginning of one that goes on in the next line: no link is whole in it. */
const BROKEN_HEADING = /^#{1,6} \[(?!.*\]\([^()\s]*\))/;
/** A title of three hundred characters, broken at forty. */
const MOST_LINES = 8;
/** The page's own heading: where it stands again, another capture begins. */
const PAGE_HEADING = /^#{1,6} Daily Papers$/i;
/** Whatever names a paper: its votes, or its link, also where no heading can be read. */
const OF_PAPER = /papers(?:\/|%2F)\d{4}\.\d{4,5}/i;

interface MarkdownPaper {
  title: string;
  arxivId: string;
  below: string[];
  date: PrintedDate | null;
}

/**
 * Reads the Markdown of a papers page: per paper a heading with its link, above it its upvotes, below it, where the
 * page shows them, the abstract, authors or organisation, date and comments. Most such pages show no abstracts. Throws
 * AppError bad-input where its day cannot be told, or another day's page follows.
 */
function parsePageMarkdown(text: string, hints: DayHints): ParsedDigest {
  const lines = joinHeadings(toLines(text));
  const votes = readVotes(text);
  const [first, ...others] = splitAtHeadings(lines);
  const warnings: ParseWarning[] = [];
  const papers = firstEntries(papersOf([first, ...others]), warnings);
  const dates = papers.flatMap(({ date }) => date ?? []);
  const { digestOn, problems } = listDay(first.date, dates, hints);
  refuseTwoLists(
    first.date ?? printedDate(digestOn),
    others.map(({ date }) => date),
    hints,
  );
  for (const problem of problems) warnings.push({ position: null, field: 'digestOn', problem });
  const entries = papers.map((paper, index) => {
    const entry = toEntry(index + 1, paper, digestOn);
    if (entry.abstract === '') warnings.push({ position: entry.position, field: 'abstract', problem: 'missing' });
    return { ...entry, upvotes: votes.get(paper.arxivId) ?? null };
  });
  const read = new Set(papers.map(({ arxivId }) => arxivId));
  const unread = papers.length < CAPS.entries ? [...votes.keys()].filter((id) => !read.has(id)) : [];
  if (unread.length > 0) warnings.push({ position: null, field: 'entries', problem: unreadProblem(unread) });
  return { digestOn, entries, warnings };
}

function unreadProblem(ids: string[]): string {
  return `papers with votes but without a heading that links them are left out: ${ids.slice(0, 10).join(', ')}`;
}

function isOfPaper(line: string): boolean {
  return HEADING.test(line);
}

/** Joins the lines of a heading: converters break it where the page breaks its title, or at a width. */
function joinHeadings(lines: string[]): string[] {
  const joined: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const end = BROKEN_HEADING.test(line) ? endOfHeading(lines, at) : at;
    joined.push(lines.slice(at, end + 1).join(' '));
    at = end;
  }
  return joined;
}

/** Returns the line in which a broken heading ends; its own where it ends in none. */
function endOfHeading(lines: string[], start: number): number {
  for (let end = start + 1; end < start + MOST_LINES; end++) {
    const line = lines[end] ?? '';
    if (line === '' || line.startsWith('#')) break;
    if (isOfPaper(lines.slice(start, end + 1).join(' '))) return end;
  }
  return start;
}

/** A capture of the page: the day above its papers, and its lines. */
interface Part {
  date: PrintedDate | null;
  lines: string[];
}

/** Parts the captures of a file: each begins with the page's own heading below papers of the one before. */
function splitAtHeadings(lines: string[]): [Part, ...Part[]] {
  const papers = lines.findIndex(isOfPaper);
  const again = lines.flatMap((line, at) => (at > papers && PAGE_HEADING.test(line) ? [at] : []));
  const part = (from: number, to: number | undefined): Part => {
    const own = lines.slice(from, to);
    return { date: dayAbove(own.slice(0, Math.max(0, own.findIndex(isOfPaper)))), lines: own };
  };
  return [part(0, again[0]), ...again.map((from, index) => part(from, again[index + 1]))];
}

/** Finds the page's day: the last above what names a paper, below the page's heading; further on are papers' own. */
function dayAbove(lines: string[]): PrintedDate | null {
  const top = lines.findIndex((line) => PAGE_HEADING.test(line));
  const paper = lines.findIndex((line, at) => at > top && OF_PAPER.test(line));
  const dates = (some: string[]) => some.flatMap((line) => readPrintedDate(line) ?? []);
  return dates(paper < 0 ? lines : lines.slice(0, paper)).at(-1) ?? dates(lines)[0] ?? null;
}

/** Lists the papers of all captures; what an earlier one had is not listed again. */
function papersOf(parts: Part[]): MarkdownPaper[] {
  const known = new Set<string>();
  return parts.flatMap(({ lines }) => {
    const starts = lines.flatMap((line, at) => (isOfPaper(line) ? [at] : []));
    const papers = starts.map((start, index) => toPaper(lines.slice(start, starts[index + 1])));
    const fresh = papers.filter(({ arxivId }) => !known.has(arxivId));
    for (const { arxivId } of papers) known.add(arxivId);
    return fresh;
  });
}

function toPaper([heading = '', ...below]: string[]): MarkdownPaper {
  const [, title = '', arxivId = ''] = HEADING.exec(heading) ?? [];
  const date = below.flatMap((line) => readPrintedDate(withoutComments(line)) ?? [])[0] ?? null;
  return { title: plain(title), arxivId, below, date };
}

function toEntry(position: number, paper: MarkdownPaper, digestOn: string): ParsedEntry {
  const { title, arxivId, below, date } = paper;
  const code = below.map(codeIn).find((found) => found !== null);
  return {
    position,
    title,
    abstract: abstractIn(below),
    authors: [],
    authorCount: authorsIn(below),
    organization: below.map(organizationIn).find((found) => found !== null) ?? null,
    publishedOn: date ? entryDay(date, digestOn).publishedOn : null,
    upvotes: null,
    comments: commentsIn(below),
    arxivId,
    doi: null,
    url: `https://arxiv.org/abs/${arxivId}`,
    codeUrl: code?.url ?? null,
    stars: code?.stars ?? null,
    discussionUrl: `https://huggingface.co/papers/${arxivId}`,
  };
}
