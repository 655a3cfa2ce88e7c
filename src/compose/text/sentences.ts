import { plainOf, type MarkedText } from './marked-text.ts';

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
