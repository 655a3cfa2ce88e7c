import { DEFAULT_LANGUAGE, readCatalogue, type Translate } from '../../lib/strings.ts';
import type { Rule } from '../../replies/rule.ts';

/** Words what a rule advises: the string of ours that says the same in English, in the language of who looks. */
export function adviceText(words: Translate, { advice }: Pick<Rule, 'advice'>): string {
  const english = Object.entries(readCatalogue(DEFAULT_LANGUAGE));
  const found = english.find(([key, text]) => text === advice && key.startsWith('admin.feedback.advice.'));
  return found ? words(found[0]) : advice;
}
