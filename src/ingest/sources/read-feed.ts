import { parseFeed, type AnyFeed } from 'feedsmith';
import { AppError, oneLine } from '../../lib/errors.ts';
import { soundXml } from './sound-xml.ts';
import { markExtras } from './feed-extras.ts';
import type { Feed, FeedItem } from './feed.ts';

type Parsed = AnyFeed;
type Rss = Extract<Parsed, { format: 'rss' }>['feed'];
type Rdf = Extract<Parsed, { format: 'rdf' }>['feed'];
type Atom = Extract<Parsed, { format: 'atom' }>['feed'];
type JsonFeed = Extract<Parsed, { format: 'json' }>['feed'];

const SCHEME = /^[a-z][a-z\d+.-]{0,20}:/i;
/** Where a channel's table of contents starts. */
const CONTENTS = /<((?:[a-z\d]{1,10}:)?items)(?:\s[^<>]{0,200})?>/i;

/**
 * Reads RSS 0.9x to 2.0 (https://www.rssboard.org/rss-specification), RDF (RSS 1.0), Atom (RFC 4287) or JSON Feed
 * (https://jsonfeed.org/version/1.1). Throws AppError bad-input where it is none of them, or not well formed.
 */
export function readFeed(text: string, name: string): Feed {
  const isJson = text.trimStart().startsWith('{');
  const document = isJson ? text : withoutContents(soundXml(text, name));
  const parsed = parse(document, name);
  if (parsed.format === 'json') return ofJson(parsed.feed);
  const feed = parsed.format === 'atom' ? ofAtom(parsed.feed) : ofRss(parsed.feed);
  return { ...feed, items: markExtras(feed.items, document) };
}

/**
 * Takes RDF's table of contents out (RSS 1.0 5.3.5): the parser drops items that it does not name, gives one twice that
 * two share an address, and puts them in its order.
 */
function withoutContents(xml: string): string {
  const opened = CONTENTS.exec(xml);
  if (!opened) return xml;
  const closed = xml.indexOf('</' + (opened[1] ?? ''), opened.index);
  return closed < 0 ? xml : xml.slice(0, opened.index) + xml.slice(xml.indexOf('>', closed) + 1);
}

function parse(document: string, name: string): Parsed {
  try {
    return parseFeed(document);
  } catch (error) {
    const broken = error instanceof Error && error.cause !== undefined ? oneLine(error.cause).slice(0, 160) : '';
    const words = said(document);
    const cause = broken !== '' ? ` (${broken})` : words !== '' ? ` but says «${words}»` : '';
    throw new AppError(
      'bad-input',
      `${name}: XML that is no feed${cause}; expected RSS (rss, channel, item), RDF or Atom (feed, entry)`,
      { cause: error, said: { name: 'capture.noFeed', values: { file: name, words: broken || words || 'none' } } },
    );
  }
}

/** What a document that is no feed says itself: PubMed's <ERROR>, OAI's <error>. */
const SAID = /<(?:[a-z\d]{1,10}:)?(?:error|message)(?:\s[^<>]{0,200})?>([^<>]{1,200})/i;

function said(document: string): string {
  return SAID.exec(document)?.[1]?.trim() ?? '';
}

function ofRss(feed: Rss | Rdf): Feed {
  const dates = 'pubDate' in feed || 'lastBuildDate' in feed ? [feed.pubDate, feed.lastBuildDate] : [];
  return {
    title: feed.title ?? '',
    link: feed.link ?? '',
    updated: firstOf([...dates, ...(feed.dc?.dates ?? []), ...(feed.dcterms?.modified ?? [])]),
    items: (feed.items ?? []).map(ofRssItem),
  };
}

function ofRssItem(item: NonNullable<Rss['items']>[number] | NonNullable<Rdf['items']>[number]): FeedItem {
  const rss = item as NonNullable<Rss['items']>[number];
  const about = (item as NonNullable<Rdf['items']>[number]).rdf?.about ?? '';
  const persons = (rss.authors ?? []).map(({ name, email }) => name ?? email ?? '');
  const creators = item.dc?.creators ?? [];
  return {
    id: rss.guid?.value ?? about,
    title: item.title ?? item.dc?.titles?.[0] ?? '',
    link: (item.link ?? guidLink(rss.guid)) || addressOr(about),
    summaries: [item.description ?? '', ...(item.dc?.descriptions ?? []), item.content?.encoded ?? ''],
    published: firstOf([rss.pubDate, ...(item.dc?.dates ?? []), ...(rss.prism?.publicationDates ?? [])]),
    creators: creators.length > 0 ? creators : persons,
    identifiers: [...(item.dc?.identifiers ?? []), rss.prism?.doi ?? '', rss.guid?.value ?? '', about, item.link ?? ''],
    keywords: [...(item.dc?.subjects ?? []), ...(rss.prism?.keywords ?? [])],
    announceType: '',
    comment: '',
  };
}

function ofAtom(feed: Atom): Feed {
  const base = within(feed.xml?.base, linkOf(feed.links ?? []));
  return {
    title: feed.title?.value ?? '',
    link: base,
    updated: firstOf([feed.updated]),
    items: (feed.entries ?? []).map((entry) => {
      const link = within(linkOf(entry.links ?? []), within(entry.xml?.base, base));
      return {
        id: entry.id ?? '',
        title: entry.title?.value ?? '',
        link: link === '' ? addressOr(entry.id ?? '') : link,
        summaries: [entry.summary?.value ?? '', entry.content?.value ?? ''],
        published: firstOf([entry.published, entry.updated]),
        creators: [...(entry.authors ?? []).map(({ name }) => name ?? ''), ...(entry.dc?.creators ?? [])],
        identifiers: [entry.arxiv?.doi ?? '', ...(entry.dc?.identifiers ?? []), entry.id ?? '', link],
        keywords: [],
        announceType: '',
        comment: entry.arxiv?.comment ?? '',
      };
    }),
  };
}

function ofJson(feed: JsonFeed): Feed {
  return {
    title: feed.title ?? '',
    link: feed.home_page_url ?? feed.feed_url ?? '',
    updated: '',
    items: (feed.items ?? []).map((item) => ({
      id: item.id ?? '',
      title: item.title ?? '',
      link: item.url ?? item.external_url ?? '',
      summaries: [item.summary ?? '', item.content_text ?? '', item.content_html ?? ''],
      published: firstOf([item.date_published, item.date_modified]),
      creators: (item.authors ?? []).map(({ name }) => name ?? ''),
      identifiers: [item.id ?? '', item.url ?? '', item.external_url ?? ''],
      keywords: item.tags ?? [],
      announceType: '',
      comment: '',
    })),
  };
}

/** Returns where a link leads from a base (XML Base, https://www.w3.org/TR/xmlbase/); as written where that is nowhere. */
function within(link: string | undefined, base: string): string {
  const given = link?.trim() ?? '';
  if (given === '') return link === undefined ? base : '';
  return !SCHEME.test(given) && URL.canParse(given, base) ? new URL(given, base).href : given;
}

/** A guid is a link where it says so, or is an address and does not deny it. */
function guidLink(guid: { value?: string; isPermaLink?: boolean } | undefined): string {
  if (guid?.isPermaLink === false) return '';
  return guid?.isPermaLink === true ? (guid.value ?? '') : addressOr(guid?.value ?? '');
}

/** An id stands for a link where it is an address. */
function addressOr(id: string): string {
  return /^https?:/i.test(id.trim()) ? id : '';
}

function linkOf(links: readonly { href?: string; rel?: string }[]): string {
  const chosen =
    links.find(({ rel }) => rel === undefined || rel === 'alternate') ??
    links.find(({ rel }) => rel !== 'self') ??
    links[0];
  return chosen?.href ?? '';
}

function firstOf(texts: readonly (string | undefined)[]): string {
  return texts.find((text) => text !== undefined && text.trim() !== '') ?? '';
}
