import type { ChosenPaper } from '../model/newsletter.ts';
import type { Entry } from '../model/digest.ts';
import type { Translate } from '../lib/strings.ts';
import { links } from '../lib/links.ts';
import { dateInWords } from './dates.ts';
import { excerptOf, firstSentenceOf } from './excerpt.ts';
import { latexToText } from './latex-to-text.ts';
import { cleanText, shorten } from './clean-text.ts';
import { plainOf, type MarkedText } from './marked-text.ts';
import { matchedTerms, reasonsInWords } from './reasons-in-words.ts';
import { safeUrl } from './safe-url.ts';

/** How much of a paper is shown; the size budget goes from the first towards the last. */
export type Detail = 'excerpt' | 'sentence' | 'title';

/** What the card of a paper shows; one view for HTML and text. */
export interface CardView {
  title: MarkedText;
  url: string;
  /** Its parts, none where the source says nothing. */
  byline: string[];
  reasons: string[];
  /** Null where only the title is shown. */
  excerpt: MarkedText | null;
  discussionUrl: string | null;
  codeUrl: string | null;
  paperPublicId: string;
}

/** Longest title shown, in characters: longer than any real one, so that only nonsense is cut. */
const TITLE = 300;
const NAME = 60;
/** Most of a title or name that is looked at. */
const LINE = 2_000;
/** Authors named before «and n others». */
const NAMED = 3;

/** Makes the view of one paper's card. */
export function cardView(chosen: ChosenPaper, detail: Detail, base: string, t: Translate, language: string): CardView {
  const { entry } = chosen;
  const abstract = detail === 'title' ? '' : latexToText(cleanText(entry.abstract), 'abstract');
  const terms = matchedTerms(chosen);
  const excerpt = detail === 'excerpt' ? excerptOf(abstract, terms) : firstSentenceOf(abstract, terms);
  return {
    title: titleOf(entry),
    url: safeUrl(entry.url) ?? links.paper(base, entry.paperPublicId),
    byline: bylineOf(chosen, t, language),
    reasons: reasonsInWords(chosen, t),
    excerpt: detail === 'title' || abstract === '' ? null : excerpt,
    discussionUrl: detail === 'title' ? null : safeUrl(entry.discussionUrl),
    codeUrl: detail === 'title' ? null : safeUrl(entry.codeUrl),
    paperPublicId: entry.paperPublicId,
  };
}

/** Returns a paper's title as it is shown; never empty. */
export function titleOf(entry: Entry): MarkedText {
  const title = latexToText(cleanText(entry.title, LINE), 'title');
  if (plainOf(title).length > TITLE) return shorten(plainOf(title), TITLE);
  return title === '' ? entry.paperPublicId : title;
}

/** Words the byline: authors or their number, organisation, date, upvotes and comments, as far as the source says. */
function bylineOf({ entry, upvotes, comments }: ChosenPaper, t: Translate, language: string): string[] {
  const parts = [
    authorsOf(entry, t),
    nameOf(entry.organization?.name ?? ''),
    entry.publishedOn ? dateInWords(entry.publishedOn, language, 'medium') : '',
    upvotes === null || upvotes < 0 ? '' : t('mail.upvotes', { count: upvotes }),
    comments === null || comments < 0 ? '' : t('mail.comments', { count: comments }),
  ];
  return parts.filter((part) => part !== '');
}

function authorsOf(entry: Entry, t: Translate): string {
  const named = entry.authors
    .slice(0, NAMED)
    .map(nameOf)
    .filter((name) => name !== '');
  const count = Math.max(entry.authorCount ?? 0, entry.authors.length);
  if (named.length === 0) return count > 0 ? t('mail.authors', { count }) : '';
  const others = count - named.length;
  return others > 0 ? t('mail.authors.others', { names: named.join(', '), count: others }) : named.join(', ');
}

function nameOf(name: string): string {
  return shorten(plainOf(latexToText(cleanText(name, LINE), 'title')), NAME);
}
