/**
 * Words that adults read in a minute, in silence, in English that is no fiction: the mean of 190 studies (Brysbaert
 * 2019, «How many words do we read per minute?», Journal of Memory and Language 109).
 */
const WORDS_A_MINUTE = 238;

/** Characters that count as one word where no blanks stand between words (Chinese, Japanese, Thai). */
const UNSPACED_WORD = 2;

const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

/** Counts the words of a text part, addresses left out. */
export function wordsIn(text: string): number {
  const unspaced = text.match(UNSPACED)?.length ?? 0;
  const spaced = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word) && !word.includes('://'));
  return spaced.length + Math.floor(unspaced / UNSPACED_WORD);
}

/** Returns how many minutes so many words take, at least one. */
export function minutesFor(words: number): number {
  return Math.max(1, Math.round(words / WORDS_A_MINUTE));
}
