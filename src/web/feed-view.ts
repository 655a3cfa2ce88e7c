import { setImmediate as nextTurn } from 'node:timers/promises';
import { Feed, type Item } from 'feed';
import { shorten } from '../compose/text/clean-text.ts';
import { escapeHtml } from '../compose/text/marked-text.ts';
import { reasonsInWords } from '../compose/newsletter/reasons-in-words.ts';
import { links } from '../links/links.ts';
import type { Translate } from '../lib/strings.ts';
import { asDate } from '../lib/time.ts';
import type { Entry } from '../model/digest.ts';
import type { ChosenPaper } from '../model/newsletter.ts';
import { abstractText, bylineText, firstLinesText, titleText } from './paper-view.ts';

/** What a feed says of itself. */
export interface FeedHead {
  title: string;
  description: string;
  /** The page a reader of the feed may open. */
  pageUrl: string;
  /** Where the feed itself is, in each format it has. */
  selfUrls: { atom: string; json?: string };
  language: string;
  author: string;
}

/** A paper in a feed; `perhaps` where it only may be right. */
export type FeedPaper = ChosenPaper & { perhaps?: boolean };

/** Longest abstract in a feed, in characters. */
const EXCERPT = 1_500;

/** So many papers are written before other work of the process has its turn. */
const AT_ONCE = 5;

/**
 * Writes a feed of papers, newest list day first; the same papers give the same bytes. Titles are HTML in Atom as the
 * library writes it and plain text in JSON Feed; descriptions are HTML in both.
 */
export async function paperFeed(
  t: Translate,
  base: string,
  head: FeedHead,
  papers: readonly FeedPaper[],
  format: 'atom' | 'json',
): Promise<string> {
  const newest = papers.reduce((day, { entry }) => (entry.digestOn > day ? entry.digestOn : day), '1970-01-01');
  const feed = new Feed({
    id: head.selfUrls.atom,
    title: head.title,
    description: head.description,
    link: head.pageUrl,
    feedLinks: { atom: head.selfUrls.atom, ...(head.selfUrls.json ? { json: head.selfUrls.json } : {}) },
    updated: asDate(newest),
    language: head.language,
    generator: 'Offprint',
    author: { name: head.author },
  });
  for (const [at, paper] of papers.entries()) {
    if (at % AT_ONCE === 0) await nextTurn();
    feed.addItem(itemOf(t, base, head.language, paper, format));
  }
  await nextTurn();
  return format === 'json' ? feed.json1() : feed.atom1();
}

function itemOf(t: Translate, base: string, language: string, chosen: FeedPaper, format: 'atom' | 'json'): Item {
  const { entry } = chosen;
  const url = links.paper(base, entry.paperPublicId);
  const reasons = chosen.match ? reasonsInWords(chosen, t).join('; ') : '';
  const why = chosen.perhaps ? `${t('mail.perhaps')}: ${reasons}` : reasons;
  const { title, abstract, says } = textsOf(entry);
  const lines = [says === abstract ? '' : says, bylineText(t, language, entry, 6), abstract, why];
  return {
    title: format === 'json' ? title : escapeHtml(title),
    id: `${base}/papers/${entry.paperPublicId}`, // as it has always been: a program tells entries apart by it
    link: url,
    date: asDate(entry.digestOn),
    published: asDate(entry.digestOn),
    description: lines.filter(Boolean).map(escapeHtml).join('<br>'),
    ...(entry.authors.length > 0 ? { author: entry.authors.slice(0, 20).map((name) => ({ name })) } : {}),
  };
}

/** What a feed says of an entry in whatever language. */
interface EntryTexts {
  title: string;
  abstract: string;
  says: string;
}

/** As long as the papers of previews are held: each is in many a feed. */
const keptTexts = new WeakMap<Entry, EntryTexts>();

function textsOf(entry: Entry): EntryTexts {
  const kept = keptTexts.get(entry);
  if (kept) return kept;
  const abstract = shorten(abstractText(entry.abstract), EXCERPT);
  const title = titleText(entry.title) || entry.paperPublicId;
  const made = { title, abstract, says: firstLinesText(entry) };
  keptTexts.set(entry, made);
  return made;
}
