import { shorten } from './clean-text.ts';
import { plainOf, type MarkedText } from './marked-text.ts';

/** Longest excerpt, in characters. */
export const EXCERPT = 400;

/** A full stop that ends a sentence: followed by a blank and a capital, digit or opening sign, and not behind an abbreviation or initial. */
const SENTENCE_END =
  /(?<=[.!?。！？][”"’)\]]*)(?<!(?:^|[\s(])(?:e\.g|i\.e|cf|vs|al|etc|Fig|Figs|Eq|Eqs|Sec|No|Dr|Prof|resp|approx|w\.r\.t|[A-Z])\.)\s+(?=[\p{Lu}\p{Lo}\d“"‘([$ℓ])/u;

/** Splits an abstract into sentences. */
export function sentencesOf(text: MarkedText): MarkedText[] {
  return text
    .split(SENTENCE_END)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/**
 * Chooses whole sentences of an abstract, at most `max` characters: from the sentence that holds one of the terms (the strongest
 * first), else from the first; then the sentences behind it, then those in front of it, as they fit. One sentence too long for that is cut.
 */
export function excerptOf(abstract: MarkedText, terms: readonly string[], max = EXCERPT): MarkedText {
  const sentences = sentencesOf(abstract);
  const at = Math.max(0, matchedSentence(sentences, terms));
  const lengths = sentences.map((sentence) => plainOf(sentence).length);
  if ((lengths[at] ?? 0) > max) return shorten(plainOf(sentences[at] ?? ''), max);
  let [from, to, length] = [at, at, lengths[at] ?? 0];
  for (;;) {
    const behind = (lengths[to + 1] ?? Infinity) + 1;
    const before = (lengths[from - 1] ?? Infinity) + 1;
    if (length + behind <= max) {
      to++;
      length += behind;
    } else if (length + before <= max) {
      from--;
      length += before;
    } else break;
  }
  return sentences.slice(from, to + 1).join(' ');
}

/** Returns the first sentence, for where there is little room. */
export function firstSentenceOf(abstract: MarkedText, terms: readonly string[]): MarkedText {
  const sentences = sentencesOf(abstract);
  const sentence = sentences[Math.max(0, matchedSentence(sentences, terms))] ?? '';
  return plainOf(sentence).length <= 220 ? sentence : shorten(plainOf(sentence), 200);
}

function matchedSentence(sentences: readonly MarkedText[], terms: readonly string[]): number {
  const folded = sentences.map((sentence) => plainOf(sentence).toLowerCase());
  for (const term of terms) {
    const wanted = term.toLowerCase();
    if (wanted === '') continue;
    const at = folded.findIndex((sentence) => sentence.includes(wanted));
    if (at >= 0) return at;
  }
  return -1;
}
