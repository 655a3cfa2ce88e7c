import type { NewsletterInput } from '../model/newsletter.ts';
import type { Translate } from '../lib/strings.ts';
import { shorten } from './clean-text.ts';
import type { SlotValue } from './fragment.ts';
import { readingOf, wordsOf, type Pieces } from './pieces.ts';

/** Longest subject that is shown whole nearly everywhere, in characters. */
const SUBJECT = 78;
const PREHEADER = 140;

/** Words the subject: how many papers, and the best one's title, so that it differs each time and tells something. */
export function subjectOf(pieces: Pieces, input: NewsletterInput, t: Translate): { text: string; value: SlotValue } {
  const best = input.papers[0]?.entry;
  if (!best) throw new Error('A newsletter without papers is never composed');
  const count = input.papers.length;
  const words = wordsOf(pieces, `subject ${input.language} ${best.id} ${count}`, () => {
    const worded = (title: string) => t('mail.subject', { count, title, others: count - 1 });
    return worded(shorten(readingOf(pieces, best).plainTitle, SUBJECT - Array.from(worded('')).length));
  });
  return { text: words.text.plain, value: words.html };
}

/** Words the line a mail program shows beside the subject: the second paper, then what was looked through. */
export function preheaderOf(pieces: Pieces, input: NewsletterInput, t: Translate): SlotValue {
  const second = input.papers[1]?.entry;
  const considered = input.consideredCount;
  const count = input.papers.length;
  return wordsOf(pieces, `preheader ${input.language} ${second?.id} ${considered} ${count}`, () => {
    const summary = t('mail.summary', { considered, count });
    if (!second) return shorten(`${summary} ${t('mail.preheader.one')}`, PREHEADER);
    const title = shorten(readingOf(pieces, second).plainTitle, PREHEADER - summary.length - 12);
    return shorten(`${t('mail.preheader.also', { title })} ${summary}`, PREHEADER);
  }).html;
}
