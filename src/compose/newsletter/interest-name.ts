import { withoutLeftOut } from '../../model/interest.ts';
import type { ChosenPaper } from '../../model/newsletter.ts';
import type { Translate } from '../../lib/strings.ts';
import { cleanText, shorten } from '../text/clean-text.ts';
import { latexToText } from '../text/latex-to-text.ts';
import { plainOf } from '../text/marked-text.ts';
import { likeName } from './like-name.ts';

/** Longest name of an interest, in characters. */
const NAME = 60;

/**
 * Names an interest as its reader would: words without quotes and without what is left out, a person or an
 * organisation as the paper writes it, papers by the first of their titles.
 */
export function interestName(match: NonNullable<ChosenPaper['match']>, t: Translate): string {
  if (match.like) return likeName(t, match.like);
  return shorten(plainOf(latexToText(cleanText(wordingOf(match)), 'title')), NAME);
}

/** Returns what the name of an interest is made of, to tell two apart. */
export function wordingOf(match: NonNullable<ChosenPaper['match']>): string {
  const { interestKind, interestText, wording = interestText, reasons } = match;
  if (interestKind === 'words') return withoutLeftOut(wording);
  return reasons.find(({ kind }) => kind === interestKind)?.text ?? interestText;
}
