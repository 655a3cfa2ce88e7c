import { fold } from './tokens.ts';

/** A person's name, folded: accents off, lower case. */
export interface PersonName {
  given: readonly string[];
  /** With its particles: «van der maaten». Empty where nothing could be read. */
  family: string;
}

const PARTICLES = new Set([
  'van',
  'von',
  'der',
  'den',
  'de',
  'del',
  'della',
  'di',
  'da',
  'dos',
  'du',
  'la',
  'le',
  'el',
  'al',
  'bin',
  'ben',
  'ter',
  'ten',
  'zu',
]);

/**
 * Reads «Jane Doe», «J. Doe», «Doe, Jane», «Laurens van der Maaten» or a family name alone; «García» and «Garcia» are
 * one.
 */
export function readName(text: string): PersonName {
  const [before = '', after] = text.slice(0, 200).split(',', 2);
  if (after !== undefined && /\p{L}/u.test(after)) return { given: partsOf(after), family: partsOf(before).join(' ') };
  const parts = partsOf(before);
  let from = parts.length - 1;
  if (/^(?:jr|sr|ii|iii|iv)$/.test(parts[from] ?? '') && from > 0) parts.splice(from--, 1);
  while (from > 1 && PARTICLES.has(parts[from - 1] ?? '')) from--;
  return { given: parts.slice(0, Math.max(0, from)), family: parts.slice(Math.max(0, from)).join(' ') };
}

/**
 * Tells how surely two names are one person's, in [0,1]: 1 for equal names, less where one has initials, a family name
 * alone or the other order («Wei Wang», «Wang Wei»); 0 where they differ.
 */
export function sameName(wanted: PersonName, found: PersonName): number {
  if (wanted.family === '' || found.family === '') return 0;
  if (wanted.family === found.family) return wanted.given.length === 0 ? 0.6 : sameGiven(wanted.given, found.given);
  const swapped = wanted.given.length === 1 && found.given.length === 1;
  return swapped && wanted.given[0] === found.family && wanted.family === found.given[0] && wanted.family.length > 1
    ? 0.7
    : 0;
}

function sameGiven(wanted: readonly string[], found: readonly string[]): number {
  if (found.length === 0) return 0;
  let score = 1;
  for (let at = 0; at < Math.min(wanted.length, found.length); at++) {
    const one = wanted[at] ?? '';
    const other = found[at] ?? '';
    if (one === other) continue;
    if (one[0] !== other[0] || (one.length > 1 && other.length > 1)) return 0;
    score = 0.8;
  }
  return wanted.length === found.length ? score : Math.min(score, 0.9);
}

/** Parts a name at spaces and full stops; «J.-P.» is two initials, «Jean-Pierre» one word. */
function partsOf(text: string): string[] {
  return fold(text.normalize('NFKC'))
    .split(/[\s.]+/u)
    .map((part) => part.replace(/[^\p{L}\p{N}'’-]/gu, '').replace(/^[-'’]+|[-'’]+$/g, ''))
    .filter((part) => part !== '');
}
