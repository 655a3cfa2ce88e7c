import { AppError } from '../../lib/errors.ts';
import type { Listing, ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { firstEntries } from '../cap-digest.ts';
import { readSummary, type ReadSummary } from './abstracts.ts';
import { authorNames } from './author-names.ts';
import type { Feed, FeedItem } from './feed.ts';
import { askedDay, fullDateIn, latestListDay, type DayHints } from './list-day.ts';
import { textOfMarkup } from './markup-text.ts';
import { paperIds } from './paper-ids.ts';
import { squeeze } from './plain-text.ts';
import { readFeed } from './read-feed.ts';
import type { SourceKind } from './source-kind.ts';
import { isWithdrawn } from './withdrawn.ts';
import { writtenDay } from './written-dates.ts';

/** RSS, RDF, Atom and JSON Feed. */
export const feeds: SourceKind = {
  kind: 'feeds',
  recognises: (start, text) =>
    /^<(\?xml|!doctype rss|rss|feed|(?:[a-z\d]{1,10}:)?rdf)\b/i.test(start) ||
    (start.startsWith('{') && JSON_FEED.test(text)),
  read: parseFeed,
};

/** JSON Feed's version, wherever among its members it stands. */
const JSON_FEED = /"version"\s{0,10}:\s{0,10}"https?:\\?\/\\?\/jsonfeed\.org/;
/** What arXiv announces beside papers that are new to a list: new versions of old ones. */
const REPLACEMENT = /^replace/;
/** What journals put before titles of articles in press: ACS's «[ASAP] », MDPI's «Foods, Vol. 15, Pages 1: ». */
const TITLE_MARK =
  /^(?:\[(?:ASAP|Early View|In Press|Articles?|Reviews?|Perspectives?)\]|[^:]{1,80}, Vol\. \d{1,5}, Pages? [\w-]{1,20}:)\s+/i;

/**
 * Reads a feed of papers: arXiv's, answers of its API, a journal's, a blog's, or one that others make of a daily list.
 * Replaced and withdrawn papers are left out, and notices about others. Throws AppError bad-input where it is no feed,
 * or a feed that tells of an error.
 */
function parseFeed(text: string, hints: DayHints): ParsedDigest {
  const feed = readFeed(text, hints.name);
  refuseErrors(feed, hints.name);
  const warnings: ParseWarning[] = [];
  const read = feed.items.map((item) => ({ item, summary: bestSummary(item) }));
  const listed = read.filter(
    ({ item, summary }) => !REPLACEMENT.test(item.announceType || summary.announceType) && !isTakenBack(item, summary),
  );
  const listing = listingOf(feed, read);
  const digestOn = (listing === 'stream' ? askedDay(hints) : null) ?? dayOf(feed, hints, warnings);
  const entries = firstEntries(listed, warnings).map(({ item, summary }, index) =>
    toEntry({ position: index + 1, item, summary, base: feed.link }, warnings),
  );
  return { listing, digestOn, entries, warnings };
}

/**
 * arXiv announces, its query answers are lists too; who makes a feed of a daily list gives votes; every other feed
 * shows its newest items. Of a feed without any that is not arXiv's nothing is known.
 */
function listingOf({ title, link }: Feed, read: readonly { item: FeedItem; summary: ReadSummary }[]): Listing {
  if (read.length === 0) return /\barxiv\b/i.test(`${title} ${link}`) ? 'announced' : 'curated';
  if (read.some(({ summary }) => summary.upvotes !== null)) return 'curated';
  const ofArxiv = ({ item, summary }: (typeof read)[number]) =>
    item.announceType !== '' || summary.announceType !== '' || /^https?:\/\/arxiv\.org\/abs\//i.test(item.id);
  return read.some(ofArxiv) ? 'announced' : 'stream';
}

function isTakenBack({ title, comment }: FeedItem, { abstract }: ReadSummary): boolean {
  return isWithdrawn({ title: textOfMarkup(title), abstract, comment });
}

/** Errors of arXiv come as valid feeds: one titled «Feed error for query: …», one with a single entry «Error». */
function refuseErrors({ title, items }: Feed, name: string): void {
  const [first] = items;
  const error = /^feed error/i.test(title)
    ? title
    : items.length === 1 && first && squeeze(first.title) === 'Error' && /\/errors#/.test(first.id)
      ? (first.summaries.find((summary) => summary !== '') ?? '')
      : null;
  if (error !== null) {
    const words = squeeze(error).slice(0, 200);
    throw new AppError('bad-input', `${name}: the feed tells of an error (${words}); expected a list of papers`, {
      said: { name: 'capture.serverError', values: { file: name, words } },
    });
  }
}

/**
 * The day given, else the feed's own, else its newest item's, those of issues to come aside, else the one in the name,
 * else the day of the fetch.
 */
function dayOf(feed: Feed, hints: DayHints, warnings: ParseWarning[]): string {
  const own = hints.on ?? writtenDay(feed.updated);
  if (own) return own;
  const days = feed.items.flatMap((item) => writtenDay(item.published) ?? []).sort();
  const newest = days.findLast((day) => day <= latestListDay(hints.fetchedAt)) ?? days[0];
  if (newest) return newest;
  const named = fullDateIn(hints.name);
  if (named) return named;
  const problem = 'the feed tells no day; taken as the day it was fetched';
  warnings.push({ position: null, field: 'digestOn', problem });
  return hints.fetchedAt.toISOString().slice(0, 10);
}

/** Where a blog cuts its description. */
const CUT = /\[(?:…|\.{3}|&hellip;|&#8230;|&#x2026;)\]/i;

/**
 * The first text that holds an abstract: descriptions are short where a feed carries the whole article too. Of one that
 * was cut, the whole.
 */
function bestSummary(item: FeedItem): ReadSummary {
  const read = item.summaries.filter((summary) => summary !== '').map(readSummary);
  const told = read.find(({ abstract }) => abstract !== '');
  if (told && item.summaries.some((summary) => CUT.test(summary))) {
    return read.find(({ abstract }) => abstract !== told.abstract && abstract.startsWith(told.abstract)) ?? told;
  }
  return told ?? read.find(({ names }) => names !== '') ?? read[0] ?? readSummary('');
}

function toEntry(
  given: { position: number; item: FeedItem; summary: ReadSummary; base: string },
  warnings: ParseWarning[],
): ParsedEntry {
  const { position, item, summary, base } = given;
  const title = textOfMarkup(item.title).replace(TITLE_MARK, '');
  if (title === '') warnings.push({ position, field: 'title', problem: 'missing' });
  if (summary.abstract === '') warnings.push({ position, field: 'abstract', problem: 'missing' });
  const authors = authorNames(item.creators.length > 0 ? item.creators : [summary.names]);
  const { arxivId, doi } = paperIds([...item.identifiers, item.link, summary.identifier]);
  return {
    position,
    title,
    abstract: summary.abstract,
    authors,
    authorCount: authors.length || null,
    organization: null,
    publishedOn: writtenDay(item.published) ?? writtenDay(summary.published),
    upvotes: summary.upvotes,
    comments: null,
    arxivId,
    doi,
    url: arxivId ? `https://arxiv.org/abs/${arxivId}` : linkAt(item.link, base),
    codeUrl: null,
    discussionUrl: null,
  };
}

/** A DOI alone leads nowhere. */
const RELATIVE = /^(?!10\.\d{4})[^\s"<>]+$/;

/** Returns where an item's link leads, relative ones from the feed's own page; null where that is nowhere. */
function linkAt(link: string, base: string): string | null {
  const given = squeeze(link);
  if (/^https?:\/\/[^\s"<>]+$/.test(given)) return given;
  if (!RELATIVE.test(given) || !URL.canParse(given, base)) return null;
  const resolved = new URL(given, base);
  return /^https?:$/.test(resolved.protocol) ? resolved.href : null;
}
