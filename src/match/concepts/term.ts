import { tokenize } from '../tokens.ts';

/** A term of a concept, as papers are searched for it. */
export interface Term {
  /** Its words by inflection, joined by spaces. */
  key: string;
  /** Number of its words. */
  length: number;
  /**
   * For each word how its letters must stand: as given («LoRA»), with a capital first («Mamba»), or any way (null);
   * null where that goes for all.
   */
  letters: readonly (string | null)[] | null;
}

/** Stands for a word that must begin with a capital. */
export const CAPITAL = '^';

/** Reads a term: words in mixed or full capitals stand so alone, as a name of one word does its capital. */
export function readTerm(text: string): Term {
  const tokens = tokenize(text);
  const letters = tokens.map(({ start, end }) => lettersOf(text.slice(start, end), tokens.length === 1));
  return {
    key: tokens.map(({ stem }) => stem).join(' '),
    length: tokens.length,
    letters: letters.some((one) => one !== null) ? letters : null,
  };
}

/** Tells whether a stretch of text is written as the term asks. */
export function isWrittenSo(letters: Term['letters'], wordAt: (at: number) => string): boolean {
  return letters === null || letters.every((asked, at) => asked === null || fits(asked, wordAt(at)));
}

function fits(asked: string, word: string): boolean {
  if (asked === CAPITAL) return /^\p{Lu}/u.test(word);
  return word === asked || word === `${asked}s`;
}

function lettersOf(word: string, alone: boolean): string | null {
  if (/^\p{L}+$/u.test(word) && /.\p{Lu}/u.test(word)) return word.replace(/s$/, '');
  return alone && /^\p{Lu}\p{Ll}/u.test(word) ? CAPITAL : null;
}
