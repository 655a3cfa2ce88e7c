import type { ChosenPaper } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { links } from '../../links/links.ts';
import { dateInWords } from '../text/dates.ts';
import { excerptOf, shortSentence } from '../text/excerpt.ts';
import type { MarkedText } from '../text/marked-text.ts';
import type { PaperReading } from '../text/paper-reading.ts';
import { safeUrl } from '../text/safe-url.ts';

/**
 * How much of a paper is shown: the lead, a card, a card of one sentence, or its title and the reason on a line. The
 * size budget goes from the first towards the last.
 */
export type Detail = 'lead' | 'excerpt' | 'sentence' | 'title';

/** What a paper shows, but for the reasons why it is there; one view for HTML and text. */
export interface CardView {
  title: MarkedText;
  url: string;
  /** Null where the abstract is missing. */
  excerpt: MarkedText | null;
  /** Who, where, when and how it was received; none where the source says nothing. */
  facts: string[];
  codeUrl: string | null;
  paperPublicId: string;
  /** Class and size, in pixels, of its heading. */
  look: 'lead' | 'card';
  size: number;
}

/** Longest excerpt of the lead, in characters: three sentences of the usual length. */
const LEAD = 560;
/** Longest excerpt of a card, in characters: what is new and what came out. */
const CARD = 420;
/** Authors named where there are more than three. */
const NAMED = 2;
const SIZES = { lead: 25, card: 20 };

/** Makes the view of one paper's card, its excerpt from the sentence at `at`. */
export function cardView(
  reading: PaperReading,
  chosen: ChosenPaper,
  as: { detail: Detail; at: number; base: string; language: string },
  t: Translate,
): CardView {
  const { entry } = chosen;
  const look = as.detail === 'lead' ? 'lead' : 'card';
  return {
    title: reading.title,
    url: safeUrl(entry.url) ?? links.paper(as.base, entry.paperPublicId),
    excerpt: reading.sentences.length === 0 ? null : excerptFor(reading, as),
    facts: factsOf(reading, chosen, as.language, t),
    codeUrl: safeUrl(entry.codeUrl),
    paperPublicId: entry.paperPublicId,
    look,
    size: SIZES[look],
  };
}

function excerptFor({ sentences }: PaperReading, { detail, at }: { detail: Detail; at: number }): MarkedText {
  if (detail === 'sentence') return shortSentence(sentences, at);
  return excerptOf(sentences, at, detail === 'lead' ? LEAD : CARD);
}

function factsOf(
  { names, organization }: PaperReading,
  { entry, upvotes, comments }: ChosenPaper,
  language: string,
  t: Translate,
): string[] {
  const facts = [
    authorsInWords(names, Math.max(entry.authorCount ?? 0, entry.authors.length), t),
    organization,
    entry.publishedOn ? dateInWords(entry.publishedOn, language, 'medium') : '',
    upvotes === null || upvotes < 0 ? '' : t('mail.upvotes', { count: upvotes }),
    comments === null || comments < 0 ? '' : t('mail.comments', { count: comments }),
    (entry.stars ?? 0) > 0 ? t('mail.stars', { count: entry.stars ?? 0 }) : '',
  ];
  return facts.filter((fact) => fact !== '');
}

/** Words the authors or their number, as far as the source says: up to three by name, of more the first two. */
function authorsInWords(names: readonly string[], count: number, t: Translate): string {
  if (names.length === 0) return count > 0 ? t('mail.authors', { count }) : '';
  if (count <= names.length) return names.join(', ');
  const first = names.slice(0, NAMED);
  return t('mail.authors.others', { names: first.join(', '), count: count - first.length });
}
