import { isSampleSource } from '../../samples.ts';
import type { NewsletterInput } from '../../model/newsletter.ts';
import { dateInWords } from '../text/dates.ts';
import type { CardContext } from './fragment-cache.ts';

/** Words what readers should know of the lists a newsletter is made of: that they are samples, or were let through. */
export function notesOf({ cache, language, t }: CardContext, input: NewsletterInput): string[] {
  const entries = [...input.papers.map(({ entry }) => entry), ...input.trending];
  const sample = entries.some(({ source }) => isSampleSource(cache.config, source));
  const released = (input.notes ?? []).map(({ digestOn, verdict }) =>
    t(`mail.note.${verdict}`, { date: dateInWords(digestOn, language, 'long') }),
  );
  return [...(sample ? [t('mail.note.sample')] : []), ...released];
}
