import { AppError } from '../../lib/errors.ts';
import type { Organization, ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { titleKey } from '../../model/paper.ts';
import { entryDay, listDay, printedDate, refuseTwoLists, type DayHints } from './list-day.ts';
import { firstEntries } from '../cap-digest.ts';
import { readBylines, type Byline, type PageSegment } from './page-bylines.ts';
import { findHeader, splitAtHeaders } from './page-header.ts';
import { tellPapersApart, type PagePaper } from './page-paragraphs.ts';
import { toLines } from './plain-text.ts';
import { OTHER_KINDS, type SourceKind } from './source-kind.ts';

/** The text of a papers page, and whatever else is text: it says what was expected. */
export const pageText: SourceKind = { kind: 'page-text', recognises: () => true, read: parsePageText };

/** Lines of a page's foot are names of other pages. */
const LONGEST_FOOT_LINE = 60;
const HEADER_AGAIN = "the page's header stands between papers too; left out there";

/**
 * Reads the text of a papers page as a browser copies it: a header with the day, then per paper a title, an abstract
 * and a byline (number of authors or an organisation, `·`, date, number of comments), with blank lines between. Bylines
 * may be missing, the text may be cut; the same page may follow in the same file. Throws AppError bad-input where it is
 * no such page, its day cannot be told, or another day's follows.
 */
function parsePageText(text: string, hints: DayHints): ParsedDigest {
  const lines = toLines(text);
  const header = findHeader(lines);
  const { parts, found } = splitAtHeaders(lines.slice(header.end));
  const read = parts.map((part) => readBylines(part.lines));
  const segments = read.flatMap((part) => part.segments);
  if (!header.named && !found && segments.length === 0) {
    throw new AppError(
      'bad-input',
      `${hints.name}: no digest; expected the page's header («Daily Papers», a day such as «Dec 31») or papers with bylines, ${OTHER_KINDS}`,
      { said: { name: 'capture.noDigest', values: { file: hints.name } } },
    );
  }
  const printed = segments.flatMap((segment) => segment.byline.date ?? []);
  const { digestOn, problems } = listDay(header.date, printed, hints);
  refuseTwoLists(
    header.date ?? printedDate(digestOn),
    parts.map(({ date }) => date),
    hints,
  );
  const warnings: ParseWarning[] = problems.map((problem) => ({ position: null, field: 'digestOn', problem }));
  if (found) warnings.push({ position: null, field: 'entries', problem: HEADER_AGAIN });
  const captures = read.map((part) => listPapers(part, warnings));
  const listed = onceEach(captures);
  const entries = firstEntries(listed, warnings).map(({ paper, byline }, index) =>
    toEntry(index + 1, paper, byline, digestOn, warnings),
  );
  const last = entries.at(-1);
  const isLast = captures.at(-1)?.at(-1) === listed.at(-1);
  if (isLast && read.at(-1)?.rest.length && last && !/[.!?)\]"'”…]$/.test(last.abstract || last.title)) {
    warnings.push({
      position: last.position,
      field: last.abstract ? 'abstract' : 'title',
      problem: 'the capture ends here: it may be cut',
    });
  }
  return { digestOn, entries, warnings };
}

/** A paper as a capture tells it. */
interface ListedPaper {
  paper: PagePaper;
  byline: Byline | null;
}

/** Lists what each capture has beyond those before it; what one lists twice by itself stays, for the health rules. */
function onceEach(captures: readonly ListedPaper[][]): ListedPaper[] {
  const told = new Set<string>();
  return withoutCut(captures).flatMap((papers) => {
    const keys = papers.map(keyOf);
    const fresh = papers.filter((_, index) => !told.has(keys[index] ?? ''));
    for (const key of keys) if (key !== '') told.add(key);
    return fresh;
  });
}

/** Leaves out the paper in which a capture breaks off, where another capture of the file has it whole. */
function withoutCut(captures: readonly ListedPaper[][]): readonly ListedPaper[][] {
  if (captures.length === 1) return captures;
  const all = captures.flat();
  const whole = new Set(all.flatMap((one) => (one.byline ? [keyOf(one)] : [])));
  const keys = [...new Set(all.map(keyOf))].sort();
  const next = new Map(keys.map((key, at) => [key, keys[at + 1]]));
  const longest = new Map<string, number>();
  for (const one of all) longest.set(keyOf(one), Math.max(longest.get(keyOf(one)) ?? 0, one.paper.abstract.length));
  return captures.map((papers) => {
    const last = papers.at(-1);
    const key = last ? keyOf(last) : '';
    if (!last || last.byline || key === '') return papers;
    const goesOn = last.paper.abstract === '' && next.get(key)?.startsWith(key);
    const isLonger = (longest.get(key) ?? 0) > last.paper.abstract.length;
    return goesOn || isLonger || whole.has(key) ? papers.slice(0, -1) : papers;
  });
}

function keyOf({ paper }: ListedPaper): string {
  return titleKey(paper.title);
}

/** Lists the papers of one capture, the last of a segment with its byline. */
function listPapers(
  { segments, rest }: { segments: PageSegment[]; rest: string[] },
  warnings: ParseWarning[],
): ListedPaper[] {
  return [...segments, { paragraphs: rest, byline: null }].flatMap(({ paragraphs, byline }) => {
    const papers = byline
      ? tellPapersApart(paragraphs, 'byline')
      : tellPapersApart(withoutFooter(paragraphs, warnings), 'open');
    if (papers.length === 0 && byline) papers.push({ title: '', abstract: '' });
    return papers.map((paper, index) => ({ paper, byline: index === papers.length - 1 ? byline : null }));
  });
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
