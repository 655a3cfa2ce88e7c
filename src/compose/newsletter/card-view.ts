import type { ChosenPaper } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { links } from '../../links/links.ts';
import { dateInWords } from '../text/dates.ts';
import { boldMatched } from '../text/bold-matched.ts';
import { excerptOf, shortSentence } from '../text/excerpt.ts';
import { dangles, withoutLeads } from '../text/findings/openings.ts';
import { plainOf, type MarkedText } from '../text/marked-text.ts';
import { firstLines, type PaperReading } from '../text/paper-reading.ts';
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
const LEAD = 460;
/** Authors named where there are more than three. */
const NAMED = 2;
const SIZES = { lead: 25, card: 20 };

/** How a card is shown: the words that brought it are bold, and the sentence at `at`, which holds them, counts. */
export interface CardForm {
  detail: Detail;
  at: number;
  terms: readonly string[];
  base: string;
  language: string;
}

/** Makes the view of one paper's card. */
export function cardView(reading: PaperReading, chosen: ChosenPaper, as: CardForm, t: Translate): CardView {
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

/** Returns what is new and what came out; where the abstract tells neither, an excerpt from the sentence at `at`. */
function excerptFor(reading: PaperReading, { detail, at, terms }: CardForm): MarkedText {
  const { sentences, findings } = reading;
  if (detail === 'sentence') return boldMatched(shortSentence(sentences, findings.isNew ?? at), terms);
  return boldMatched(detail === 'lead' ? leadLines(reading, at) : firstLines(reading, at), terms);
}

/** Returns the first lines of the lead: a third sentence follows what is new and what came out, where one fits. */
function leadLines(reading: PaperReading, at: number): MarkedText {
  const { sentences, findings, said } = reading;
  if (said.isNew === '' && said.cameOut === '') return excerptOf(sentences, at, LEAD);
  const lines = firstLines(reading, at);
  const room = LEAD - plainOf(lines).length - 1;
  const third = [at, (findings.isNew ?? at) + 1].find((index) => {
    const sentence = sentences[index];
    if (!sentence || index === findings.isNew || index === findings.cameOut) return false;
    return sentence.length <= room && !dangles(withoutLeads(sentence.text));
  });
  return third === undefined ? lines : `${lines} ${withoutLeads(sentences[third]?.text ?? '')}`;
}

function factsOf(
  { names, organization }: PaperReading,
  { entry, upvotes, comments, match }: ChosenPaper,
  language: string,
  t: Translate,
): string[] {
  const facts = [
    authorsInWords(names, Math.max(entry.authorCount ?? 0, entry.authors.length), t),
    match?.interestKind === 'organization' ? '' : organization, // it stands in the reason already
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
