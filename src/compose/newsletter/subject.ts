import type { NewsletterInput } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { shorten } from '../text/clean-text.ts';
import { slotValue } from '../wire/fragment.ts';
import { escapeHtml } from '../text/marked-text.ts';
import { readingOf, type Headline, type FragmentCache } from './fragment-cache.ts';

/** Longest subject that is shown whole nearly everywhere, in characters. */
const SUBJECT = 78;
const PREHEADER = 140;

/**
 * Words what a newsletter says of itself: the subject, which tells how many papers and the best one's title, so that it
 * differs each time; the line that a mail program shows beside it, with the second paper; and what was looked through.
 */
export function headlineOf(cache: FragmentCache, input: NewsletterInput, t: Translate): Headline {
  const { papers, consideredCount: considered, language } = input;
  const [best, second] = [papers[0]?.entry, papers[1]?.entry];
  if (!best) throw new Error('A newsletter without papers is never composed');
  const count = papers.length;
  return cache.headlines.get(`${language} ${best.id} ${second?.id} ${considered} ${count}`, () => {
    const titled = (title: string) => t('mail.subject', { count, title, others: count - 1 });
    const titleOf = (entry: typeof best, room: number) => shorten(readingOf(cache, entry).plainTitle, room);
    const subject = titled(titleOf(best, SUBJECT - Array.from(titled('')).length));
    const summary = t('mail.summary', { considered, count });
    const also = second
      ? `${t('mail.preheader.also', { title: titleOf(second, PREHEADER - summary.length - 12) })} ${summary}`
      : `${summary} ${t('mail.preheader.one')}`;
    const html = (words: string) => slotValue(escapeHtml(words));
    return {
      subject,
      title: html(subject),
      preheader: html(shorten(also, PREHEADER)),
      summary: { html: html(summary), text: slotValue(summary) },
    };
  });
}
