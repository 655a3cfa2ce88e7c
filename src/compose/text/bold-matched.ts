import { mark, type MarkedText } from './marked-text.ts';

/** A web address, a marked stretch, or a word with its place. */
// oxlint-disable-next-line no-control-regex
const PIECE = /https?:\/\/\S+|[\u0003-\u0007]|[\p{L}\p{N}]+/gu;
/** What stands against a word of a formula. */
// oxlint-disable-next-line no-control-regex
const SIGN = /[\u0003-\u0007=<>≤≥≠≈∈+×·∑∏√^_\\{}|/*$@#&]/u;
/** What parts the words of one term. */
const BETWEEN = /^[ ‐‑–-]$/u;
/** Scripts without blanks, in which a word is any stretch. */
export const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;
/** Endings that forms of one word have in common, by what the base form ends with. */
const ENDINGS = [
  ['', 's', 'es', 'ed', 'ing'],
  ['e', 'es', 'ed', 'ing'],
  ['y', 'ies', 'ied', 'ying'],
].map((endings) => new Set(endings));
/** Shortest stem that takes more than a plural's s. */
const STEM = 4;

interface Word {
  text: string;
  start: number;
  end: number;
}

/**
 * Marks in bold where one of the terms stands: whole words in any of their forms, neither within other marks nor in a
 * formula or an address. Of terms that overlap, the longer one counts.
 */
export function boldMatched(text: MarkedText, terms: readonly string[]): MarkedText {
  const wanted = terms.map(wordsOfTerm).filter((words) => words.length > 0);
  if (wanted.length === 0) return text;
  const words = wordsIn(text);
  let shown = '';
  let from = 0;
  for (let at = 0; at < words.length;) {
    const length = Math.max(...wanted.map((term) => (stands(text, words, at, term) ? term.length : 0)));
    const [first, last] = [words[at], words[at + length - 1]];
    if (length > 0 && first && last) {
      shown += text.slice(from, first.start) + mark('b', text.slice(first.start, last.end));
      from = last.end;
    }
    at += Math.max(1, length);
  }
  return shown + text.slice(from);
}

/** Returns the words of a term in small letters; none where it is no word but a letter or a number. */
function wordsOfTerm(term: string): string[] {
  const words = (term.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 12);
  return words.some((word) => UNSPACED.test(word) || /\p{L}{2}/u.test(word)) ? words : [];
}

/** Returns the words of prose, in order: those within marks, formulas and addresses are left out. */
function wordsIn(text: MarkedText): Word[] {
  const words: Word[] = [];
  let depth = 0;
  for (const { 0: piece, index: start } of text.matchAll(PIECE)) {
    const end = start + piece.length;
    if (piece === '\u0006') depth = Math.max(0, depth - 1);
    else if (/^\p{Cc}$/u.test(piece)) depth++;
    else if (depth === 0 && !piece.includes('://') && !SIGN.test(text.charAt(start - 1) + text.charAt(end)))
      words.push({ text: piece.toLowerCase(), start, end });
  }
  return words;
}

function stands(text: MarkedText, words: readonly Word[], at: number, term: readonly string[]): boolean {
  return term.every((wanted, place) => {
    const [before, word] = [words[at + place - 1], words[at + place]];
    if (!word || !sameWord(word.text, wanted)) return false;
    return place === 0 || (before !== undefined && BETWEEN.test(text.slice(before.end, word.start)));
  });
}

/** Tells whether two words are forms of one: «policy» and «policies», «plan» and «planning». */
function sameWord(one: string, other: string): boolean {
  if (one === other) return true;
  let stem = 0;
  while (stem < one.length && one[stem] === other[stem]) stem++;
  if (stem < 2 || one.length - stem > 4 || other.length - stem > 4) return false;
  for (const length of [stem, stem - 1]) {
    const [a, b] = [one, other].map((word) => undoubled(word, length)) as [string, string];
    if (length < STEM && (a + b !== 's' || stem < 3)) continue;
    if (ENDINGS.some((endings) => endings.has(a) && endings.has(b))) return true;
  }
  return false;
}

/** Returns what stands behind a word's stem, without the letter that was doubled: «planning» has `ing`. */
function undoubled(word: string, stem: number): string {
  const ending = word.slice(stem);
  return ending.length > 2 && ending[0] === word[stem - 1] ? ending.slice(1) : ending;
}
