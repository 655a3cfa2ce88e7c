import { shorten } from './clean-text.ts';
import { plainOf, type MarkedText } from './marked-text.ts';

/** Longest excerpt, in characters. */
export const EXCERPT = 400;

/**
 * A full stop that ends a sentence: followed by a blank and a capital, digit or opening sign, and not behind an
 * abbreviation or initial.
 */
const SENTENCE_END =
  /(?<=[.!?。！？][”"’)\]]{0,8})(?<!(?:^|[\s(])(?:e\.g|i\.e|cf|vs|al|etc|Fig|Figs|Eq|Eqs|Sec|No|Dr|Prof|resp|approx|w\.r\.t|[A-Z])\.)\s+(?=[\p{Lu}\p{Lo}\d“"‘([$ℓ])/u;

/** A sentence of an abstract, with what choosing among them asks for each time. */
export interface Sentence {
  text: MarkedText;
  /** Characters as shown. */
  length: number;
  /** As shown, in small letters. */
  folded: string;
}

/** Splits an abstract into sentences. */
export function sentencesOf(text: MarkedText): Sentence[] {
  return text
    .split(SENTENCE_END)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .map((sentence) => {
      const plain = plainOf(sentence);
      return { text: sentence, length: plain.length, folded: plain.toLowerCase() };
    });
}

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
 * Chooses whole sentences, at most `max` characters: the one at `at`, then those behind it, then those in front of it,
 * as they fit. One sentence too long for that is cut.
 */
export function excerptOf(sentences: readonly Sentence[], at: number, max = EXCERPT): MarkedText {
  const lengthAt = (index: number) => sentences[index]?.length ?? Infinity;
  if (sentences.length > 0 && lengthAt(at) > max) return shorten(plainOf(sentences[at]?.text ?? ''), max);
  let [from, to, length] = [at, at, sentences[at]?.length ?? 0];
  for (;;) {
    const behind = lengthAt(to + 1) + 1;
    const before = lengthAt(from - 1) + 1;
    if (length + behind <= max) {
      to++;
      length += behind;
    } else if (length + before <= max) {
      from--;
      length += before;
    } else break;
  }
  return sentences
    .slice(from, to + 1)
    .map(({ text }) => text)
    .join(' ');
}

/** Returns one sentence, for where there is little room. */
export function shortSentence(sentences: readonly Sentence[], at: number): MarkedText {
  const sentence = sentences[at];
  if (!sentence) return '';
  return sentence.length <= 220 ? sentence.text : shorten(plainOf(sentence.text), 200);
}
