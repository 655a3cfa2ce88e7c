import { FIXED_FORMS } from './inflected.ts';

/**
 * Returns what the inflected forms of one English word have in common: number, tense, participle and a doubled
 * consonant are taken off («planning», «plans» and «plan» are one), derivation is not («general» and «generation» stay
 * two). What comes back need not be a word: a final -e that an ending would hide is dropped («generat»).
 *
 * Expects a folded word. Steps 1 and 5 of Porter (An algorithm for suffix stripping, 1980), mended where they join two
 * words or part one.
 */
export function inflectionStem(word: string): string {
  const fixed = FIXED_FORMS.get(word);
  if (fixed !== undefined) return fixed;
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  const single = withoutPlural(word);
  const known = single === word ? undefined : FIXED_FORMS.get(single);
  return known ?? withoutEnd(withoutTense(single));
}

function withoutPlural(word: string): string {
  if (!word.endsWith('s')) return LATIN_PLURAL.test(word) ? word.slice(0, -1) : word;
  if (/(?:the|ly)ses$/.test(word)) return `${word.slice(0, -2)}is`;
  if (/(?:ss|is|ias)$/.test(word)) return word;
  if (word.endsWith('us') && !/^[^aeiouy]+us$|eaus$/.test(word)) return word;
  if (word.endsWith('ies')) return word.length > 4 ? word.slice(0, -2) : word.slice(0, -1);
  return word.slice(0, -1);
}

/** «larvae», «formulae». */
const LATIN_PLURAL = /^[a-z]{3,}ae$/;

function withoutTense(word: string): string {
  if (word.endsWith('eed')) return /(?:agre|guarante|refere|decre|fre)ed$/.test(word) ? word.slice(0, -1) : word;
  if (word.endsWith('ied')) return word.length > 4 ? word.slice(0, -2) : word.slice(0, -1);
  const end = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  const rest = word.slice(0, word.length - end);
  return end > 0 && rest.length > 1 && /[aeiouy]/.test(rest) ? restored(rest) : word;
}

/** Brings back what stood before -ed or -ing: one consonant for two, a final -e after one short syllable. */
function restored(rest: string): string {
  if (/^[aeiouy][^aeiouy]$/.test(rest)) return `${rest}e`;
  if (rest.length > 3 && /([^aeiouylszf])\1$/.test(rest)) return rest.slice(0, -1);
  return syllables(rest) === 1 && isShort(rest) ? `${rest}e` : rest;
}

function withoutEnd(word: string): string {
  if (/[^aeiou]y$/.test(word) && word.length > 2) return `${word.slice(0, -1)}i`;
  if (/[^e]e$/.test(word) && word.length > 3) {
    const rest = word.slice(0, -1);
    const count = syllables(rest);
    if (count > 1 || (count === 1 && !isShort(rest))) return rest;
  }
  return word.endsWith('ll') && syllables(word.slice(0, -1)) > 1 ? word.slice(0, -1) : word;
}

/** Porter's measure: how often a vowel is followed by a consonant. */
function syllables(word: string): number {
  let count = 0;
  let before = false;
  for (let at = 0; at < word.length; at++) {
    const vowel = isVowel(word, at);
    if (before && !vowel) count++;
    before = vowel;
  }
  return count;
}

function isVowel(word: string, at: number): boolean {
  const letter = word[at] ?? '';
  return 'aeiou'.includes(letter) || (letter === 'y' && at > 0 && !isVowel(word, at - 1));
}

/** Ends in consonant, vowel, consonant other than w, x, y: such a word doubles its consonant or has an -e («code»). */
function isShort(word: string): boolean {
  const last = word.length - 1;
  return (
    last > 1 && !isVowel(word, last) && isVowel(word, last - 1) && !isVowel(word, last - 2) && !/[wxy]$/.test(word)
  );
}
