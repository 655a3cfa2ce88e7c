import type { FeedItem } from './feed.ts';

/**
 * Where an item starts, or something it says that the parser leaves out: arXiv's kind of news, DOIs, dates, IEEE's
 * authors.
 */
const MARK =
  /<(?:[a-z\d]{1,10}:)?(item|entry)[\s>/]|<(?:(?:arxiv|prism):(?=[adp])|(?=authors))(announce_type|doi|publicationdate|authors)\s*>\s*(?:<!\[CDATA\[)?([^<\]]{1,300})/gi;

/**
 * Adds to the items of an XML feed what its parser leaves out (arXiv's RSS:
 * https://info.arxiv.org/help/rss_specifications.html; PRISM in RDF), in the order in which they stand; nothing where
 * the items are not told apart for sure.
 */
export function markExtras(items: readonly FeedItem[], xml: string): FeedItem[] {
  const extras: { type: string; dois: string[]; date: string; authors: string }[] = [];
  for (const [, opens, field, text = ''] of xml.matchAll(MARK)) {
    if (opens !== undefined) extras.push({ type: '', dois: [], date: '', authors: '' });
    const last = extras.at(-1);
    if (!last || field === undefined) continue;
    const name = field.toLowerCase();
    if (name === 'doi') last.dois.push(text.trim());
    else if (name === 'authors') last.authors ||= text.trim();
    else if (name === 'announce_type') last.type ||= text.trim().toLowerCase();
    else last.date ||= text.trim();
  }
  if (extras.length !== items.length) return [...items];
  return items.map((item, at) => ({
    ...item,
    announceType: extras[at]?.type ?? '',
    creators: item.creators.length > 0 ? item.creators : [extras[at]?.authors ?? ''].filter((text) => text !== ''),
    published: item.published || (extras[at]?.date ?? ''),
    identifiers: [...(extras[at]?.dois ?? []), ...item.identifiers],
  }));
}
