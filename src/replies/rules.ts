import type { Question, Rule } from './rule.ts';
import { addressRules } from './rules/address.ts';
import { contentRules } from './rules/content.ts';
import { mailboxRules } from './rules/mailbox.ts';
import { networkRules } from './rules/network.ts';
import { sessionRules } from './rules/session.ts';
import { usRules } from './rules/us.ts';

/** What servers mean by their words, one rule a line; of two matches of the same length the first one counts. */
export const RULES: readonly Rule[] = [
  ...addressRules,
  ...mailboxRules,
  ...usRules,
  ...contentRules,
  ...networkRules,
  ...sessionRules,
];

/** Returns a test of plain words: does any rule that answers one of these questions match? */
export function asks(...questions: Question[]): (words: string) => boolean {
  const patterns = RULES.filter(({ answers }) => answers && questions.includes(answers)).map(({ pattern }) => pattern);
  return (words) => patterns.some((pattern) => pattern.test(words));
}
