import { ACCENTS } from './latex-symbols.ts';

/** Reads `{…}` at a place, with what it holds nested in it. */
export function readGroup(text: string, at: number): { inner: string; next: number } | null {
  if (text[at] !== '{') return null;
  let depth = 0;
  const limit = Math.min(text.length, at + 600);
  for (let place = at; place < limit; place++) {
    if (text[place] === '\\') place++;
    else if (text[place] === '{') depth++;
    else if (text[place] === '}' && --depth === 0) return { inner: text.slice(at + 1, place), next: place + 1 };
  }
  return null;
}

/** Puts an accent on a letter; `\i` and `\j` lose their dots to it. */
export function accented(accent: string, letter: string): string {
  return (letter.replace(/^\\/, '') + (ACCENTS[accent] ?? '')).normalize('NFC');
}
