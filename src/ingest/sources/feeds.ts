import { AppError } from '../../lib/errors.ts';
import type { ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { firstEntries } from '../cap-digest.ts';
import { readFeed, type Feed, type FeedItem } from './feed-xml.ts';
import { fullDateIn, isDate, toDate, type DayHints } from './list-day.ts';
import { squeeze } from './plain-text.ts';
import type { SourceKind } from './source-kind.ts';

/** RSS and Atom. */
export const feeds: SourceKind = {
  kind: 'feeds',
  recognises: (start) => /^<(\?xml|rss|feed)\b/i.test(start),
  read: parseFeed,
};

/** What arXiv announces beside papers that are new to a list: new versions of old ones. */
const REPLACEMENT = /^replace/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/**
 * Reads a feed of papers: arXiv's RSS and Atom (https://info.arxiv.org/help/rss_specifications.html), answers of its
 * API, or a feed that others make of a daily list. Replaced papers are left out. Throws AppError bad-input where it is
 * no feed, or a feed that tells of an error.
 */
function parseFeed(xml: string, hints: DayHints): ParsedDigest {
  const feed = readFeed(xml, hints.name);
  refuseErrors(feed, hints.name);
  const digestOn = hints.on ?? dayOf(feed.updated) ?? fullDateIn(hints.name);
  if (!digestOn) {
    throw new AppError(
      'bad-input',
      `${hints.name}: no list day; expected pubDate, lastBuildDate or updated in the feed, or --on YYYY-MM-DD`,
    );
  }
  const warnings: ParseWarning[] = [];
  const listed = feed.items.filter((item) => !REPLACEMENT.test(item.announceType));
  const entries = firstEntries(listed, warnings).map((item, index) => toEntry(index + 1, item, warnings));
  return { digestOn, entries, warnings };
}

/** Errors of arXiv come as valid feeds: one titled «Feed error for query: …», one with a single entry «Error». */
function refuseErrors({ title, items }: Feed, name: string): void {
  const [first] = items;
  const error = /^feed error/i.test(title)
    ? title
    : items.length === 1 && first && squeeze(first.title) === 'Error' && /\/errors#/.test(first.id)
      ? first.summary
      : null;
  if (error !== null) {
    throw new AppError(
      'bad-input',
      `${name}: the feed tells of an error (${squeeze(error).slice(0, 200)}); expected a list of papers`,
    );
  }
}

function toEntry(position: number, item: FeedItem, warnings: ParseWarning[]): ParsedEntry {
  const { abstract, names, upvotes } = readSummary(item.summary);
  const title = squeeze(item.title);
  if (title === '') warnings.push({ position, field: 'title', problem: 'missing' });
  if (abstract === '') warnings.push({ position, field: 'abstract', problem: 'missing' });
  const authors = item.authors.length > 0 ? item.authors.map(squeeze) : splitNames(item.creators || names);
  const arxivId = arxivIdIn(item.id) ?? arxivIdIn(item.link);
  const link = squeeze(item.link);
  return {
    position,
    title,
    abstract,
    authors,
    authorCount: authors.length || null,
    organization: null,
    publishedOn: dayOf(item.published),
    upvotes,
    comments: null,
    arxivId,
    doi: squeeze(item.doi).toLowerCase() || null,
    url: arxivId ? `https://arxiv.org/abs/${arxivId}` : /^https?:\/\/[^\s"<>]+$/.test(link) ? link : null,
    codeUrl: null,
    discussionUrl: null,
  };
}

/**
 * Finds the abstract: behind arXiv's «Announce Type», behind «Summary:» in a list made by others, else the whole text.
 */
function readSummary(summary: string): { abstract: string; names: string; upvotes: number | null } {
  const arxiv = /^\s*arXiv:\S+ Announce Type: \S+\s+Abstract:/.exec(summary);
  if (arxiv) return { abstract: squeeze(summary.slice(arxiv[0].length)), names: '', upvotes: null };
  if (!/<\/(p|b|a|div|span)>/i.test(summary)) return { abstract: squeeze(summary), names: '', upvotes: null };
  const labelled = (label: RegExp) => textOf(label.exec(summary)?.[1] ?? '');
  const upvotes = /^\d{1,9}$/.exec(labelled(/<b>Upvotes:<\/b>([^<]*)/i))?.[0];
  return {
    abstract: labelled(/<b>Summary:<\/b>([^<]*)/i) || textOf(summary.replace(/<[^<>]{0,2000}>/g, ' ')),
    names: labelled(/<b>Authors:<\/b>([^<]*)/i),
    upvotes: upvotes ? Number(upvotes) : null,
  };
}

function textOf(html: string): string {
  const marks: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&nbsp;': ' ',
    '&amp;': '&',
  };
  return squeeze(html.replace(/&(?:lt|gt|quot|#39|nbsp|amp);/g, (mark) => marks[mark] ?? mark));
}

/** «Ada Quill (Lakeside), Bo Reed»: affiliations stand in parentheses. */
function splitNames(names: string): string[] {
  return names
    .replace(/\([^()]*\)/g, '')
    .split(/,\s|;/)
    .map(squeeze)
    .filter((name) => name !== '');
}

/** The id without version, of the present form (2508.13426) or the one before 2007 (quant-ph/0201082). */
function arxivIdIn(text: string): string | null {
  return (
    /(?:arxiv\.org[:/]|\/abs\/)(?:abs\/)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?$/i.exec(text)?.[1] ??
    null
  );
}

/** Reads the date as written, in its own zone, of RFC 3339 (Atom) or RFC 822 (RSS); null for anything else. */
function dayOf(text: string): string | null {
  const iso = text.slice(0, 10);
  if (isDate(iso)) return iso;
  const found = /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\b/.exec(text);
  const month = found ? MONTHS.indexOf(found[2] ?? '') / 3 + 1 : 0;
  return found && Number.isInteger(month) ? toDate(Number(found[3]), month, Number(found[1])) : null;
}
