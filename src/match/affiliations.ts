import { STOP_WORDS } from '../model/stop-words.ts';
import { fold, tokenize } from './tokens.ts';

/**
 * Tells how surely an organisation's name is the one asked for, in [0,1]: whole, a part of it, or its initials («MIT»).
 */
export function sameOrganization(wanted: string, found: string): number {
  const asked = wordsOf(wanted);
  const given = wordsOf(found);
  if (asked.length === 0 || given.length === 0) return 0;
  if (asked.join(' ') === given.join(' ')) return 1;
  if (containsRun(given, asked)) return 0.9;
  const initials = (words: string[]) => words.map((word) => word[0]).join('');
  if (asked.length === 1 && (asked[0] ?? '').length >= 3 && initials(given) === asked[0]) return 0.8;
  if (given.length === 1 && (given[0] ?? '').length >= 3 && initials(asked) === given[0]) return 0.8;
  return 0;
}

/** A prefix is a word of its own in a name: «Meta Llama», «Uni Freiburg». */
function wordsOf(name: string): string[] {
  const text = name.slice(0, 300).replace(/[-_‐‑–]+/g, ' ');
  return tokenize(text)
    .flatMap(({ start, end }) => fold(text.slice(start, end)).split(/\s+/))
    .filter((word) => !STOP_WORDS.has(word));
}

function containsRun(words: string[], run: string[]): boolean {
  return words.some((_, from) => run.every((word, at) => words[from + at] === word));
}
