import { UNSPACED } from './bold-matched.ts';
import { shorten } from './clean-text.ts';
import { cutAtClause } from './findings/cut-at-clause.ts';
import { dangles, withoutLeads } from './findings/openings.ts';
import { plainOf, type MarkedText } from './marked-text.ts';
import type { Sentence } from './sentences.ts';

/** Longest excerpt, in characters. */
export const EXCERPT = 400;
/** Longest sentence where there is little room. */
const SHORT = 200;

/** Shortest term that more than a plural's s may stand behind. */
const STEM = 4;
const PLURAL = /^s(?![\p{L}\p{N}\p{M}])/u;
const ENDING = /^(?:s|es|ed|ing)(?![\p{L}\p{N}\p{M}])/u;

/** Returns which sentence holds one of the terms, the strongest term first; the first one where none does. */
export function matchedSentence(sentences: readonly Sentence[], terms: readonly string[]): number {
  for (const term of terms) {
    const wanted = term.toLowerCase();
    if (wanted === '') continue;
    const at = sentences.findIndex(({ folded }) => holds(folded, wanted));
    if (at >= 0) return at;
  }
  return 0;
}

/** Tells whether a term stands in a text and not merely within other words: no «RAG» in «leverage». */
function holds(text: string, term: string): boolean {
  const ending = term.length < STEM ? PLURAL : ENDING;
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const end = at + term.length;
    const behind = text.slice(end, end + 6);
    if (isOneWord(text.slice(Math.max(0, at - 2), at), term.slice(0, 2))) continue;
    if (ending.test(behind) || !isOneWord(term.slice(-2), behind)) return true;
  }
  return false;
}

/** Tells whether a word goes on from one stretch of text to the next; in scripts without blanks none does. */
function isOneWord(before: string, behind: string): boolean {
  const last = /[\p{L}\p{N}\p{M}]$/u.exec(before)?.[0];
  const first = /^[\p{L}\p{N}\p{M}]/u.exec(behind)?.[0];
  return last !== undefined && first !== undefined && !UNSPACED.test(last + first);
}

/**
 * Chooses whole sentences, at most `max` characters: the wanted one (or one in front, where that points back), then
 * those behind it, then those in front of it, as they fit. One sentence too long for that is cut.
 */
export function excerptOf(sentences: readonly Sentence[], wanted: number, max = EXCERPT): MarkedText {
  const at = standingAt(sentences, wanted);
  const lengthAt = (index: number) => sentences[index]?.length ?? Infinity;
  if (sentences.length > 0 && lengthAt(at) > max) return shorten(plainOf(withoutLeads(sentences[at]?.text ?? '')), max);
  let [from, to, length] = [at, at, sentences[at]?.length ?? 0];
  for (;;) {
    const behind = lengthAt(to + 1) + 1;
    const before = lengthAt(from - 1) + 1;
    if (length + behind <= max) {
      to++;
      length += behind;
    } else if (length + before <= max && standingAt(sentences, from - 1) === from - 1) {
      from--;
      length += before;
    } else break;
  }
  return withoutLeads(
    sentences
      .slice(from, to + 1)
      .map(({ text }) => text)
      .join(' '),
  );
}

/** Returns the place of a sentence, or of the nearest one, those in front first, that doesn't begin in mid-air. */
function standingAt(sentences: readonly Sentence[], wanted: number): number {
  const stands = ({ text }: Sentence) => !dangles(withoutLeads(text));
  const before = sentences.slice(0, wanted + 1).findLastIndex(stands);
  return before >= 0 ? before : Math.max(0, sentences.findIndex(stands));
}

/** Returns one sentence, for where there is little room. */
export function shortSentence(sentences: readonly Sentence[], at: number): MarkedText {
  const sentence = sentences[standingAt(sentences, at)];
  if (!sentence) return '';
  const text = withoutLeads(sentence.text);
  if (plainOf(text).length <= SHORT) return text;
  return cutAtClause(text, SHORT) || shorten(plainOf(text), SHORT);
}
