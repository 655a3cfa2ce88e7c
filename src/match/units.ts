import type { StringTable } from '../lib/string-table.ts';
import { STOP_WORDS } from '../model/stop-words.ts';
import { fold, tokenize } from './tokens.ts';

/** The units that have a vector: stems, capital forms (`=BCI`) and phrases (stems joined by one space). */
export interface UnitTable {
  /** Row of each unit. */
  rows: Pick<StringTable, 'get' | 'has'>;
  /** Stems in the longest phrase. */
  longest: number;
}

/** A word of a text as units are made of it. */
export interface Word {
  stem: string;
  /** `=BCI` for a word in capitals. */
  capital: string | null;
  /** The word in lower case, where it may have been typed for its capitals («bci»); null for «GaN» and stop words. */
  typed: string | null;
  /** Whether it stands right behind the word before, with nothing but spaces, hyphens or quotes between. */
  joined: boolean;
  /** Where it stands. */
  start: number;
  end: number;
}

/** Splits a text into words; linear in its length. */
export function wordsOf(text: string): Word[] {
  let end = -1;
  return tokenize(text).map((token) => {
    const raw = text.slice(token.start, token.end);
    const gap = text.slice(end, token.start);
    const joined = end >= 0 && (gap === ' ' || NOTHING.test(gap));
    end = token.end;
    const { stem, capital, start } = token;
    return { stem, capital, typed: typedOf(raw, start), joined, start, end };
  });
}

/** What may stand inside a phrase between two of its words. */
const NOTHING = /^[\s\-‐‑–_'’"“”`*]*$/u;

/** A capital in front is no name at the beginning of what somebody typed («Rlhf»), but may be one elsewhere («Sam»). */
function typedOf(raw: string, start: number): string | null {
  const plain = start === 0 ? /^[\p{L}\p{N}][^\p{Lu}]*$/u : /^[^\p{Lu}]+$/u;
  if (!plain.test(raw)) return null;
  const word = fold(raw);
  return STOP_WORDS.has(word) ? null : word;
}

/** «GaN» is not «a GAN», whether it is known or not. */
const MIXED = /[a-z]/;

/**
 * Returns what a word counts as: its capitals where they are a unit, else its stem; a word in lower case counts as its
 * capitals where only those are a unit («bci» is `=BCI`).
 */
export function unitOf(word: Word, units: { has(unit: string): boolean }): string {
  if (word.capital !== null && (units.has(word.capital) || MIXED.test(word.capital))) return word.capital;
  if (word.typed === null || units.has(word.stem)) return word.stem;
  const capital = `=${word.typed.toUpperCase()}`;
  if (units.has(capital)) return capital;
  const singular = capital.replace(/S$/, '');
  return units.has(singular) ? singular : word.stem;
}

/** Counts the units of a text, by row. */
export function countUnits(text: string, table: UnitTable): Map<number, number> {
  const counts = new Map<number, number>();
  eachUnit(text, table, (row) => counts.set(row, (counts.get(row) ?? 0) + 1));
  return counts;
}

/** Reports the units of a text with their stretch: single words, and every phrase of neighbouring words that is one. */
export function eachUnit(
  text: string,
  { rows, longest }: UnitTable,
  report: (row: number, start: number, end: number) => void,
): void {
  let run: string[] = [];
  let starts: number[] = [];
  for (const word of wordsOf(text)) {
    if (!word.joined) {
      run = [];
      starts = [];
    }
    run.push(unitOf(word, rows));
    starts.push(word.start);
    let unit = '';
    for (let at = run.length - 1; at >= Math.max(0, run.length - longest); at--) {
      unit = unit === '' ? (run[at] ?? '') : `${run[at] ?? ''} ${unit}`;
      const row = rows.get(unit);
      if (row !== undefined) report(row, starts[at] ?? 0, word.end);
    }
  }
}
