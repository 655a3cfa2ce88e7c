/** The largest number that a database's integer column takes, rounded down. */
const MOST_COUNTED = 2_000_000_000;

/** Scripts without blanks, in which a zero-width space parts words. */
const PARTED = /[\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u;
const WITHIN_WORD = /^[\p{L}\p{M}]\p{L}$/u;

/**
 * Normalises white space as the contract asks: runs become one space, none at the ends. Control characters count as
 * white space, zero-width spaces too but within a word; half characters, which no database takes, become U+FFFD.
 */
export function squeeze(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/\u200b+/g, (run, at: number, whole: string) => {
      const around = whole.charAt(at - 1) + whole.charAt(at + run.length);
      return WITHIN_WORD.test(around) && !PARTED.test(around) ? '' : run;
    })
    .replace(/[\s\p{Cc}\u200b\ufeff]+/gu, ' ')
    .trim();
}

/** Splits text into lines, whatever ends them, each with its white space normalised. */
export function toLines(text: string): string[] {
  return text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map(squeeze);
}

/** Reads a count as pages print it: `12`, `1,204`, `1.2k`; null for anything else. */
export function readCount(text: string): number | null {
  const found = /^\+?(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d))?(k)?$/i.exec(text);
  if (!found || (found[2] && !found[3])) return null;
  const whole = Number((found[1] ?? '').replaceAll(',', ''));
  const count = found[3] ? whole * 1000 + Number(found[2] ?? 0) * 100 : whole;
  return count <= MOST_COUNTED ? count : null;
}
