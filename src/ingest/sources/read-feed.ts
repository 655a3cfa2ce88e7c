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

/**
 * Reads RSS 0.9x to 2.0 (https://www.rssboard.org/rss-specification), RDF (RSS 1.0), Atom (RFC 4287) or JSON Feed
 * (https://jsonfeed.org/version/1.1). Throws AppError bad-input where it is none of them, or not well formed.
 */
export function readFeed(text: string, name: string): Feed {
  const isJson = text.trimStart().startsWith('{');
  const document = isJson ? text : soundXml(text, name);
  const parsed = parse(document, name);
  if (parsed.format === 'json') return ofJson(parsed.feed);
  const feed = parsed.format === 'atom' ? ofAtom(parsed.feed) : ofRss(parsed.feed);
  return { ...feed, items: markExtras(feed.items, document) };
}

function parse(document: string, name: string): Parsed {
  try {
    return parseFeed(document);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` (${oneLine(error.cause).slice(0, 160)})` : '';
    throw new AppError(
      'bad-input',
      `${name}: XML that is no feed${cause}; expected RSS (rss, channel, item), RDF or Atom (feed, entry)`,
      { cause: error },
    );
  }
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
    link: item.link ?? (rss.guid?.isPermaLink === false ? '' : (rss.guid?.value ?? about)),
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
  return {
    title: feed.title?.value ?? '',
    link: linkOf(feed.links ?? []),
    updated: firstOf([feed.updated]),
    items: (feed.entries ?? []).map((entry) => {
      const link = linkOf(entry.links ?? []);
      return {
        id: entry.id ?? '',
        title: entry.title?.value ?? '',
        link: link === '' ? (entry.id ?? '') : link,
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

function linkOf(links: readonly { href?: string; rel?: string }[]): string {
  const chosen =
    links.find(({ rel }) => rel === undefined || rel === 'alternate') ?? links.find(({ rel }) => rel !== 'self');
  return chosen?.href ?? '';
}

function firstOf(texts: readonly (string | undefined)[]): string {
  return texts.find((text) => text !== undefined && text.trim() !== '') ?? '';
}
