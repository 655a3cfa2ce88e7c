import { ACCENTS } from './latex-symbols.ts';

/** Longest group looked for, in UTF-16 units: a brace left open costs as much, each. */
const LONGEST_GROUP = 600;
const [BACKSLASH, OPENED, CLOSED] = ['\\', '{', '}'].map((sign) => sign.charCodeAt(0));

/** Reads `{…}` at a place, with what it holds nested in it. */
export function readGroup(text: string, at: number): { inner: string; next: number } | null {
  if (text[at] !== '{') return null;
  let depth = 0;
  const limit = Math.min(text.length, at + LONGEST_GROUP);
  for (let place = at; place < limit; place++) {
    const code = text.charCodeAt(place); // four times as fast as comparing texts
    if (code === BACKSLASH) place++;
    else if (code === OPENED) depth++;
    else if (code === CLOSED && --depth === 0) return { inner: text.slice(at + 1, place), next: place + 1 };
  }
  return null;
}

/** What a command takes without braces: the next command or sign in a formula, in prose only what cannot be a word. */
const ARGUMENT = /^\s?(\\[a-zA-Z]+(?:\{[^{}]{0,60}\})?|[^\s\\{}$^_&])/u;
const PROSE_ARGUMENT = /^\s?(\\[a-zA-Z]+(?:\{[^{}]{0,60}\})?|[\p{L}\d](?![\p{L}\d]))/u;

/** Reads an argument without braces at a place: `\bar\nu`, `\mathcal L`. */
export function readArgument(text: string, at: number, math: boolean): { inner: string; next: number } | null {
  const found = (math ? ARGUMENT : PROSE_ARGUMENT).exec(text.slice(at, at + 120));
  return found ? { inner: found[1] ?? '', next: at + found[0].length } : null;
}

/** Puts an accent on a letter; `\i` and `\j` lose their dots to it. */
export function accented(accent: string, letter: string): string {
  return (letter.replace(/^\\/, '') + (ACCENTS[accent] ?? '')).normalize('NFC');
}
