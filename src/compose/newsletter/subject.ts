import type { ChosenPaper, NewsletterInput } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { shorten } from '../text/clean-text.ts';
import { escapeHtml, plainOf } from '../text/marked-text.ts';
import { firstLines } from '../text/paper-reading.ts';
import { slotValue } from '../wire/fragment.ts';
import { readingOf, type Headline, type FragmentCache } from './fragment-cache.ts';

/** Longest subject that is shown whole nearly everywhere, in characters. */
const SUBJECT = 78;
const PREHEADER = 140;
/** A shorter line is filled up by mail programs with whatever follows. */
const LEAST_PREHEADER = 30;

/**
 * Words what a newsletter says of itself: the subject, the title of the paper that leads and how many there are beside
 * it, as a person would write it and different each time; and the line that a mail program shows next to it, which goes
 * on with the papers after that and repeats nothing.
 */
export function headlineOf(
  cache: FragmentCache,
  input: Pick<NewsletterInput, 'language'> & { papers: readonly Pick<ChosenPaper, 'entry'>[] },
  t: Translate,
): Headline {
  const [best, second, third] = input.papers.map(({ entry }) => entry);
  if (!best) throw new Error('A newsletter without papers is never composed');
  const count = input.papers.length;
  return cache.headlines.get(`${input.language} ${best.id} ${second?.id} ${third?.id} ${count}`, () => {
    const titled = (title: string) => t('mail.subject', { title, others: count - 1 });
    const titleOf = (entry: typeof best) => readingOf(cache, entry).plainTitle;
    const subject = titled(shorten(titleOf(best), SUBJECT - Array.from(titled('')).length));
    const others = [second, third].filter((entry) => entry !== undefined).map(titleOf);
    const opening = plainOf(firstLines(readingOf(cache, best)));
    const html = (words: string) => slotValue(escapeHtml(words));
    return {
      subject,
      title: html(subject),
      preheader: html(preheaderOf(others, opening, t)),
    };
  });
}

/** Names the next papers; where there is none, begins with what the only one says. A short line is filled up. */
function preheaderOf(others: readonly string[], opening: string, t: Translate): string {
  const also = others.length > 0 ? t('mail.preheader.also', { titles: others.join(' · ') }) : opening;
  if (also.length >= LEAST_PREHEADER) return shorten(also, PREHEADER);
  const inside = t('mail.preheader.inside');
  return also === '' ? inside : `${also} · ${inside}`;
}
