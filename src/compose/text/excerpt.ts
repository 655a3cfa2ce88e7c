import { shorten } from './clean-text.ts';
import { cutAtClause } from './findings/cut-at-clause.ts';
import { dangles, withoutLeads } from './findings/openings.ts';
import { plainOf, type MarkedText } from './marked-text.ts';
import type { Sentence } from './sentences.ts';

/** Longest excerpt, in characters. */
export const EXCERPT = 400;
/** Longest sentence where there is little room. */
const SHORT = 200;

/** Returns which sentence holds one of the terms, the strongest term first; the first one where none does. */
export function matchedSentence(sentences: readonly Sentence[], terms: readonly string[]): number {
  for (const term of terms) {
    const wanted = term.toLowerCase();
    if (wanted === '') continue;
    const at = sentences.findIndex(({ folded }) => folded.includes(wanted));
    if (at >= 0) return at;
  }
  return 0;
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
