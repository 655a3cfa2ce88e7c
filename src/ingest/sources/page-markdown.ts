import type { Organization, ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { firstEntries } from '../cap-digest.ts';
import { entryDay, listDay, readPrintedDate, type DayHints, type PrintedDate } from './list-day.ts';
import { readCount, squeeze, toLines } from './plain-text.ts';
import type { SourceKind } from './source-kind.ts';

/** A papers page as Markdown, as text browsers and converters write it. */
export const pageMarkdown: SourceKind = {
  kind: 'page-markdown',
  recognises: (_start, text) => text.includes('/papers/') && toLines(text).some((line) => HEADING.test(line)),
  read: parsePageMarkdown,
};

/** A heading that links a paper: `### [Title](https://huggingface.co/papers/2512.01234)`. */
const HEADING = /^#{1,6} \[(.+)\]\((?:https?:\/\/huggingface\.co)?\/papers\/(\d{4}\.\d{4,5})\)$/;
/** Longer than any byline, shorter than any abstract. */
const SHORTEST_ABSTRACT = 120;

/**
 * Reads the Markdown of a papers page: per paper a heading with its link, above it its upvotes, below it, where the
 * page shows them, the abstract, authors or organisation, date and comments. Most such pages show no abstracts. Throws
 * AppError bad-input where its day cannot be told.
 */
function parsePageMarkdown(text: string, hints: DayHints): ParsedDigest {
  const lines = toLines(text);
  const upvotes = readUpvotes(text);
  const headings = lines.flatMap((line, index) => (HEADING.test(line) ? [index] : []));
  const warnings: ParseWarning[] = [];
  const starts = firstEntries(headings, warnings);
  const papers = starts.map((start, index) => {
    const [, title = '', arxivId = ''] = HEADING.exec(lines[start] ?? '') ?? [];
    return { title: plain(title), arxivId, below: lines.slice(start + 1, headings[index + 1] ?? lines.length) };
  });
  const header = lines
    .slice(0, starts[0])
    .map(readPrintedDate)
    .find((date) => date !== null);
  const dates = papers.map(({ below }) => below.map(readPrintedDate).find((date) => date !== null) ?? null);
  const { digestOn, problems } = listDay(
    header ?? null,
    dates.filter((date) => date !== null),
    hints,
  );
  for (const problem of problems) warnings.push({ position: null, field: 'digestOn', problem });
  const entries = papers.map((paper, index) => {
    const entry = toEntry(index + 1, paper, dates[index] ?? null, digestOn);
    if (entry.abstract === '') warnings.push({ position: entry.position, field: 'abstract', problem: 'missing' });
    return { ...entry, upvotes: upvotes.get(paper.arxivId) ?? null };
  });
  return { digestOn, entries, warnings };
}

function toEntry(
  position: number,
  paper: { title: string; arxivId: string; below: string[] },
  date: PrintedDate | null,
  digestOn: string,
): ParsedEntry {
  const { title, arxivId, below } = paper;
  const authors = below.flatMap((line) => /^(?:[•·*-] )?([\d,]+) authors?$/.exec(line)?.[1] ?? [])[0];
  const code = below.map(codeIn).find((found) => found !== null);
  const comments = below.flatMap((line) => /^\[([\d.,]+k?)\]\([^()\s]*#community\)$/i.exec(line)?.[1] ?? [])[0];
  return {
    position,
    title,
    abstract: abstractIn(below),
    authors: [],
    authorCount: authors ? readCount(authors) : null,
    organization: below.map(organizationIn).find((found) => found !== null) ?? null,
    publishedOn: date ? entryDay(date, digestOn).publishedOn : null,
    upvotes: null,
    comments: comments ? readCount(comments) : null,
    arxivId,
    doi: null,
    url: `https://arxiv.org/abs/${arxivId}`,
    codeUrl: code?.url ?? null,
    stars: code?.stars ?? null,
    discussionUrl: `https://huggingface.co/papers/${arxivId}`,
  };
}

/** The abstract is wrapped as a link to the paper, its lines broken with backslashes; a run of long lines. */
function abstractIn(below: string[]): string {
  const end = below.findIndex((line) => /^(?:[•·*-] )?[\d,]+ authors?$|^\[!\[|^·$/.test(line));
  const text = plain(below.slice(0, end < 0 ? below.length : end).join(' '));
  return text.length >= SHORTEST_ABSTRACT ? text : '';
}

/** `[![avatar](address)UC Berkeley](https://huggingface.co/Berkeley)`. */
function organizationIn(line: string): Organization | null {
  const found = /^\[!\[[^[\]]*\]\([^()\s]*\)([^[\]]+)\]\((?:https?:\/\/huggingface\.co)?\/([^()/\s]+)\)$/.exec(line);
  const [, name = '', slug = ''] = found ?? [];
  return found ? { slug, name: squeeze(name) } : null;
}

/** `[ GitHub 250](https://github.com/…)`: the number is that of its stars. */
function codeIn(line: string): { url: string; stars: number | null } | null {
  for (const [, text = '', address = ''] of line.matchAll(/\[([^[\]]*)\]\((https?:\/\/[^()\s"<>]+)\)/g))
    if (text.startsWith('GitHub') || text.includes(' GitHub'))
      return { url: address, stars: readCount(/GitHub ([\d.,]{1,12}k?)$/i.exec(text.trim())?.[1] ?? '') };
  return null;
}

/** `[101](https://huggingface.co/login?next=/papers/2512.01234)` stands somewhere above the paper's heading. */
function readUpvotes(text: string): Map<string, number> {
  const votes = new Map<string, number>();
  for (const [, count = '', id = ''] of text.matchAll(
    /\[([\d.,]{1,12}k?)\]\([^()\s]{0,60}login\?next=(?:%2F|\/)papers(?:%2F|\/)(\d{4}\.\d{4,5})\)/gi,
  )) {
    const value = readCount(count);
    if (value !== null && !votes.has(id)) votes.set(id, value);
  }
  return votes;
}

/** Takes link marks, emphasis and the backslashes of broken lines out of Markdown. */
function plain(markdown: string): string {
  return squeeze(
    markdown
      .trim()
      .replace(/^\[|\]\((?:https?:\/\/|\/)[^()\s]*\)/g, '')
      .replace(/\\\\ ?/g, ' ')
      .replace(/\\([[\]*_#-])/g, '$1'),
  );
}
