import type { Config } from '../../config.ts';
import type { Translate } from '../../lib/strings.ts';
import { isSampleSource } from '../../samples.ts';
import type { Entry } from '../../model/digest.ts';
import type { NewsletterInput } from '../../model/newsletter.ts';
import { dateInWords } from '../text/dates.ts';

/**
 * Words what should be known of a newsletter: that it is a test, that its lists are samples, or were let through.
 */
export function notesOf(
  config: Config,
  { language, t }: { language: string; t: Translate },
  input: NewsletterInput,
): string[] {
  const isSample = ({ source }: Entry) => isSampleSource(config, source);
  const sample = input.papers.some(({ entry }) => isSample(entry)) || input.trending.some(isSample);
  const released = (input.notes ?? []).map(({ digestOn, verdict }) =>
    t(`mail.note.${verdict}`, { date: dateInWords(digestOn, language, 'long') }),
  );
  return [...(input.test ? [t('mail.test.note')] : []), ...(sample ? [t('mail.note.sample')] : []), ...released];
}
