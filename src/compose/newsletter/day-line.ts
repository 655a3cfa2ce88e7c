import type { NewsletterInput } from '../../model/newsletter.ts';
import type { StringValues, Translate } from '../../lib/strings.ts';
import { cleanText, shorten } from '../text/clean-text.ts';
import { latexToText } from '../text/latex-to-text.ts';
import { plainOf } from '../text/marked-text.ts';

/** Longest name or title in the sentence, in characters: two of them and the numbers are still one line or two. */
const NAME = 70;

/** Words the sentence of the day as plain text, to be escaped like any other; null where there is none. */
export function dayLineInWords({ dayLine }: Pick<NewsletterInput, 'dayLine'>, t: Translate): string | null {
  if (!dayLine) return null;
  const values: StringValues = {};
  for (const [name, value] of Object.entries(dayLine.params)) {
    values[name] = typeof value === 'number' ? value : shown(value);
    if (values[name] === '') return null; // a name that nobody could see
  }
  return t(`mail.day.${dayLine.kind}`, values).replace(/^\p{Ll}(?=[\p{Ll}\s])/u, (letter) => letter.toUpperCase());
}

function shown(text: string): string {
  const plain = plainOf(latexToText(cleanText(text), 'title')).replace(/"/g, '');
  return shorten(plain, NAME);
}
