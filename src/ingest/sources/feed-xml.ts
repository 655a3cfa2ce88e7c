import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';

/** A feed of either kind, in one shape. Texts are as written, markup and white space included. */
export interface Feed {
  title: string;
  /** When the feed was made, as the feed writes it. */
  updated: string;
  items: FeedItem[];
}

/** One item of a feed; '' or [] where it does not say. */
export interface FeedItem {
  id: string;
  title: string;
  link: string;
  summary: string;
  published: string;
  /** arXiv: new, cross, replace, replace-cross. */
  announceType: string;
  authors: string[];
  /** Names in one text, separated by commas. */
  creators: string;
  doi: string;
}

const text = z.union([z.string(), z.object({ '#text': z.string() }).transform((node) => node['#text'])]).catch('');
const link = z
  .array(z.union([z.string(), z.object({ '@href': text, '@rel': text }).partial().loose()]))
  .catch([])
  .transform((links) => {
    const chosen = links.find((one) => typeof one === 'string' || one['@rel'] === 'alternate') ?? links[0];
    return typeof chosen === 'string' ? chosen : (chosen?.['@href'] ?? '');
  });
const authors = z
  .array(z.union([z.object({ name: text }).transform((author) => author.name), text]))
  .catch([])
  .transform((names) => names.filter((name) => name !== ''));
const item = z.object({
  id: text,
  guid: text,
  title: text,
  link,
  summary: text,
  description: text,
  published: text,
  pubDate: text,
  'arxiv:announce_type': text,
  author: authors,
  'dc:creator': text,
  'arxiv:doi': text,
  'arxiv:DOI': text,
});
const head = { title: text, updated: text, pubDate: text, lastBuildDate: text };
const atom = z.object({ feed: z.object({ ...head, entry: z.array(item).default([]) }) });
const rss = z.object({ rss: z.object({ channel: z.object({ ...head, item: z.array(item).default([]) }) }) });

const LISTS = new Set(['entry', 'item', 'author', 'link']);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  isArray: (name) => LISTS.has(name),
});

/**
 * Reads RSS 2.0 (https://www.rssboard.org/rss-specification) or Atom (RFC 4287). Throws AppError bad-input where it is
 * neither, or not well formed.
 */
export function readFeed(xml: string, name: string): Feed {
  const sound = XMLValidator.validate(xml);
  if (sound !== true) {
    const { msg, line } = sound.err;
    throw new AppError(
      'bad-input',
      `${name}: broken XML (line ${line}: ${msg.slice(0, 120)}); expected an RSS or Atom feed`,
    );
  }
  const tree: unknown = parser.parse(xml);
  const feed = atom.safeParse(tree).data?.feed;
  if (feed) return { title: feed.title, updated: feed.updated, items: feed.entry.map(toItem) };
  const channel = rss.safeParse(tree).data?.rss.channel;
  if (channel)
    return { title: channel.title, updated: channel.pubDate || channel.lastBuildDate, items: channel.item.map(toItem) };
  throw new AppError(
    'bad-input',
    `${name}: XML that is no feed; expected RSS (rss, channel, item) or Atom (feed, entry)`,
  );
}

function toItem(given: z.output<typeof item>): FeedItem {
  return {
    id: given.id || given.guid,
    title: given.title,
    link: given.link,
    summary: given.summary || given.description,
    published: given.published || given.pubDate,
    announceType: given['arxiv:announce_type'],
    authors: given.author,
    creators: given['dc:creator'],
    doi: given['arxiv:doi'] || given['arxiv:DOI'],
  };
}
