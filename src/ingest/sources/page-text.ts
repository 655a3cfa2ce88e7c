import { AppError } from '../../lib/errors.ts';
import type { Organization, ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { entryDay, listDay, readPrintedDate, type DayHints, type PrintedDate } from './list-day.ts';
import { firstEntries } from '../cap-digest.ts';
import { readBylines, type Byline } from './page-bylines.ts';
import { tellPapersApart } from './page-paragraphs.ts';
import { toLines } from './plain-text.ts';
import { OTHER_KINDS, type SourceKind } from './source-kind.ts';

/** The text of a papers page, and whatever else is text: it says what was expected. */
export const pageText: SourceKind = { kind: 'page-text', recognises: () => true, read: parsePageText };

/** The lines that stand above the papers on the page, beside the day. */
const HEADER =
  /^(new|get trending papers in your email inbox.*|subscribe|log in|sign up|#*\s*daily papers|trending papers|(##\s*)?by\s*\[?ak\]?.*|[-•]?\s*daily|[-•]?\s*weekly|[-•]?\s*monthly)$/i;

const HEADER_NAME = /daily papers|trending papers in your email/i;
/** The longest title of 558 days of real lists has about 200 characters. */
const LONGEST_TITLE = 300;
/** Lines of a page's foot are names of other pages. */
const LONGEST_FOOT_LINE = 60;

/**
 * Reads the text of a papers page as a browser copies it: a header with the day, then per paper a title, an abstract
 * and a byline (number of authors or an organisation, `·`, date, number of comments), with blank lines between. Bylines
 * may be missing, the text may be cut. Throws AppError bad-input where it is no such page or its day cannot be told.
 */
function parsePageText(text: string, hints: DayHints): ParsedDigest {
  const lines = toLines(text);
  const header = findHeader(lines);
  const { segments, rest } = readBylines(lines.slice(header.end));
  if (!header.named && segments.length === 0) {
    throw new AppError(
      'bad-input',
      `${hints.name}: no digest; expected the page's header («Daily Papers», a day such as «Dec 31») or papers with bylines, ${OTHER_KINDS}`,
      { said: { name: 'capture.noDigest', values: { file: hints.name } } },
    );
  }
  const printed = segments.flatMap((segment) => segment.byline.date ?? []);
  const { digestOn, problems } = listDay(header.date, printed, hints);
  const warnings: ParseWarning[] = problems.map((problem) => ({ position: null, field: 'digestOn', problem }));
  const listed = [...segments, { paragraphs: rest, byline: null }].flatMap(({ paragraphs, byline }) => {
    const papers = byline
      ? tellPapersApart(paragraphs, 'byline')
      : tellPapersApart(withoutFooter(paragraphs, warnings), 'open');
    if (papers.length === 0 && byline) papers.push({ title: '', abstract: '' });
    return papers.map((paper, index) => ({ paper, byline: index === papers.length - 1 ? byline : null }));
  });
  const entries = firstEntries(listed, warnings).map(({ paper, byline }, index) =>
    toEntry(index + 1, paper, byline, digestOn, warnings),
  );
  const last = entries.at(-1);
  if (rest.length > 0 && last && !/[.!?)\]"'”…]$/.test(last.abstract || last.title)) {
    warnings.push({
      position: last.position,
      field: last.abstract ? 'abstract' : 'title',
      problem: 'the capture ends here: it may be cut',
    });
  }
  return { digestOn, entries, warnings };
}

/**
 * Drops lines below the last paper, which would else be taken for papers: three or more in a row that are too short for
 * an abstract are the page's foot.
 */
function withoutFooter(paragraphs: string[], warnings: ParseWarning[]): string[] {
  const end = paragraphs.findLastIndex((text) => text.length >= LONGEST_FOOT_LINE || /[.!?]$/.test(text)) + 1;
  const dropped = paragraphs.length - end;
  if (dropped < 3) return paragraphs;
  const problem = `${dropped} lines below the last paper are left out, from «${paragraphs[end] ?? ''}» on`;
  warnings.push({ position: null, field: 'entries', problem });
  return paragraphs.slice(0, end);
}

/**
 * Finds where the papers begin: below the last day that stands alone above the first abstract or byline (a copy of the
 * whole window has more lines there than the page's own), else below the last line of the page's own header.
 */
function findHeader(lines: string[]): { named: boolean; date: PrintedDate | null; end: number } {
  const first = lines.findIndex((line) => line === '·' || line.length > LONGEST_TITLE);
  const above = first < 0 ? lines : lines.slice(0, first);
  const named = above.some((line) => HEADER_NAME.test(line));
  const dates = above.flatMap((line, index) => {
    const date = readPrintedDate(line);
    return date ? [{ date, end: index + 1 }] : [];
  });
  const last = dates.at(-1);
  if (last) return { named, ...last };
  const body = above.findIndex((line) => line !== '' && !HEADER.test(line));
  return { named, date: null, end: body < 0 ? above.length : body };
}

function toEntry(
  position: number,
  paper: { title: string; abstract: string },
  byline: Byline | null,
  digestOn: string,
  warnings: ParseWarning[],
): ParsedEntry {
  const warn = (field: string, problem: string) => warnings.push({ position, field, problem });
  if (paper.title === '') warn('title', 'missing');
  if (paper.abstract === '') warn('abstract', 'missing');
  if (!byline) warn('byline', 'missing: no authors, organisation, date or comments in the capture');
  else if (!byline.date) warn('publishedOn', 'missing');
  const dated = byline?.date ? entryDay(byline.date, digestOn) : null;
  if (dated?.problem) warn('publishedOn', dated.problem);
  return {
    position,
    ...paper,
    authors: [],
    authorCount: byline?.authorCount ?? null,
    organization: byline?.organization ? toOrganization(byline.organization) : null,
    publishedOn: dated?.publishedOn ?? null,
    upvotes: null,
    comments: byline?.comments ?? null,
    arxivId: null,
    doi: null,
    url: null,
    codeUrl: null,
    discussionUrl: null,
  };
}

/** «Berkeley UC Berkeley»: the page writes the slug, which holds no space, before the name. */
function toOrganization(text: string): Organization {
  const at = text.indexOf(' ');
  return at < 0 ? { slug: text, name: text } : { slug: text.slice(0, at), name: text.slice(at + 1) };
}
