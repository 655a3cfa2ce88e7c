import type { ReplyClass, Rule, Topic } from './rule.ts';
import { RULES } from './rules.ts';
import { plainWords } from './words.ts';

/** What the words of a refusal mean by themselves, as in a report. */
export interface Judgement {
  about: Topic | null;
  class: ReplyClass;
  /** The rule that decided; null where none fits: soft, and a rule is wanted. */
  rule: Rule | null;
  /** The words that decided. */
  words: string;
}

const IN_REPORTS = RULES.filter(({ where }) => where !== 'session');
const ONLY_FOR_NOW = /^4\d\d\b|(?:^|[^\d.])4\.\d\.\d/;
const FOR_GOOD = /(?:^|[^\d.])5\.\d\.\d/;

/**
 * Judges a refusal by the longest match of the table, the first of two equal ones; what is refused for now is never
 * hard (RFC 5321 4.2.1, RFC 3463 2).
 */
export function judgeReply(reply: string): Judgement {
  const words = plainWords(reply);
  let rule: Rule | null = null;
  let longest = '';
  for (const each of IN_REPORTS) {
    const found = each.pattern.exec(words)?.[0] ?? '';
    if (found.length > longest.length) [rule, longest] = [each, found];
  }
  const isForNow = ONLY_FOR_NOW.test(words) && !FOR_GOOD.test(words);
  const said = isForNow ? 'soft' : (rule?.class ?? 'soft');
  return { about: rule?.about ?? null, class: said, rule, words: longest };
}
