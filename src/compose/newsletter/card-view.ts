import type { ChosenPaper } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { links } from '../../links/links.ts';
import { dateInWords } from '../text/dates.ts';
import { shortSentence } from '../text/excerpt.ts';
import type { MarkedText } from '../text/marked-text.ts';
import { firstLines, type PaperReading } from '../text/paper-reading.ts';
import { safeUrl } from '../text/safe-url.ts';

/** How much of a paper is shown; the size budget goes from the first towards the last. */
export type Detail = 'excerpt' | 'sentence' | 'title';

/** What the card of a paper shows, but for the reasons why it is there; one view for HTML and text. */
export interface CardView {
  title: MarkedText;
  url: string;
  /** Its parts, none where the source says nothing. */
  byline: string[];
  /** Null where only the title is shown. */
  excerpt: MarkedText | null;
  discussionUrl: string | null;
  codeUrl: string | null;
  paperPublicId: string;
}

/** Makes the view of one paper's card; where its abstract tells nothing new, with an excerpt from the sentence `at`. */
export function cardView(
  reading: PaperReading,
  { entry, upvotes, comments }: ChosenPaper,
  as: { detail: Detail; at: number; base: string; language: string },
  t: Translate,
): CardView {
  const { title, sentences, findings, names, organization } = reading;
  const brief = as.detail === 'title';
  const excerpt =
    as.detail === 'excerpt' ? firstLines(reading, as.at) : shortSentence(sentences, findings.isNew ?? as.at);
  const byline = [
    authorsInWords(names, Math.max(entry.authorCount ?? 0, entry.authors.length), t),
    organization,
    entry.publishedOn ? dateInWords(entry.publishedOn, as.language, 'medium') : '',
    upvotes === null || upvotes < 0 ? '' : t('mail.upvotes', { count: upvotes }),
    comments === null || comments < 0 ? '' : t('mail.comments', { count: comments }),
  ];
  return {
    title,
    url: safeUrl(entry.url) ?? links.paper(as.base, entry.paperPublicId),
    byline: byline.filter((part) => part !== ''),
    excerpt: brief || sentences.length === 0 ? null : excerpt,
    discussionUrl: brief ? null : safeUrl(entry.discussionUrl),
    codeUrl: brief ? null : safeUrl(entry.codeUrl),
    paperPublicId: entry.paperPublicId,
  };
}

/** Words the authors or their number, as far as the source says. */
function authorsInWords(names: readonly string[], count: number, t: Translate): string {
  if (names.length === 0) return count > 0 ? t('mail.authors', { count }) : '';
  const others = count - names.length;
  return others > 0 ? t('mail.authors.others', { names: names.join(', '), count: others }) : names.join(', ');
}
