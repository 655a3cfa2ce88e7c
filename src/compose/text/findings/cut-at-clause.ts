import type { MarkedText } from '../marked-text.ts';

const ELLIPSIS = '…';
/** A word of prose, perhaps with what stands around it: no sign of a formula, no letter that stands for a number. */
const PROSE = /^[“"‘'([]{0,2}(?:[aAI]|\p{L}[\p{L}'’-]+)[\p{P}]{0,3}$/u;
const ENDS_CLAUSE = /[,;:—–]$/;
/** Words that a text cut in front of them doesn't miss. */
const BEGINS_CLAUSE =
  /^(?:which|while|thereby|whereas|enabling|achieving|allowing|because|where|although|including|and)$/;
/** Words that a text must not end with. */
const LEANS =
  /^(?:a|an|the|of|to|in|on|by|for|with|from|as|at|and|or|that|than|is|are|was|were|be|its|their|our|this|these|into|via|between|under|over|across|such|more|most|while|which|both|not|up)$/i;
// oxlint-disable-next-line no-control-regex
const OPENS = /[([{“‘\u0003-\u0005]/g;
// oxlint-disable-next-line no-control-regex
const CLOSES = /[)\]}”’\u0006]/g;

/**
 * Cuts a sentence behind a clause or else a word, with an ellipsis, to at most `max` characters: never within brackets,
 * quotation marks, raised or lowered parts, and never beside what may be a formula. Empty where there is no such place
 * in its second half.
 */
export function cutAtClause(text: MarkedText, max: number): MarkedText {
  if (text.length <= max) return text;
  const words = text.slice(0, max * 2).split(' ');
  let [at, depth, quotes] = [0, 0, 0];
  let [clause, word] = [0, 0];
  for (const [index, one] of words.entries()) {
    at += one.length + (index === 0 ? 0 : 1);
    if (at > max - 1) break;
    depth += count(one, OPENS) - count(one.replace(/(?<=\p{L})’(?=\p{L}|$)/gu, ''), CLOSES);
    quotes += count(one, /"/g);
    const next = words[index + 1] ?? '';
    if (at < max / 2 || depth > 0 || quotes % 2 === 1) continue;
    if (![words[index - 1] ?? '', one, next].every((near) => PROSE.test(near)) || LEANS.test(one)) continue;
    if (ENDS_CLAUSE.test(one) || BEGINS_CLAUSE.test(next)) clause = at;
    word = at;
  }
  const end = clause > 0 ? clause : word;
  return end === 0 ? '' : text.slice(0, end).replace(/[,;:—–]$/, '') + ELLIPSIS;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
