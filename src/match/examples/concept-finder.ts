import type { Concept } from '../../model/concept.ts';
import { nameKey } from '../concepts.ts';
import { fold, termStems, tokenize, type Token } from '../tokens.ts';
import type { Vectors } from '../vectors.ts';

/** Where a concept's term stands first in a text, UTF-16 units. */
export interface Place {
  start: number;
  end: number;
}

/** Looks concepts up in texts. */
export interface ConceptFinder {
  concepts: readonly Concept[];
  /** Share of known papers that hold a term of each concept, at most: what several terms have is counted twice. */
  usual: Float32Array;
  /** Finds the concepts (their places in `concepts`) that a text holds a term of, or of a narrower one. */
  find(text: string): Map<number, Place>;
  /** Concepts that contain one, however far above. */
  above(concept: number): ReadonlySet<number>;
}

/** What a term that is no unit of the vocabulary is taken to have: it stood in fewer than 15 of 88,653 papers. */
const RARE = 1e-4;

/** Reads concepts into a finder; time grows with their terms. */
export function createConceptFinder(concepts: readonly Concept[], vectors: Vectors): ConceptFinder {
  const above = readAbove(concepts);
  const byTerm = new Map<string, number[]>();
  const usual = new Float32Array(concepts.length);
  let longest = 1;
  for (const [at, { name, also, terms }] of concepts.entries()) {
    for (const key of new Set([name, ...also, ...terms].map(termKey))) {
      if (key === '') continue;
      byTerm.set(key, [...(byTerm.get(key) ?? []), at]);
      longest = Math.max(longest, key.split(' ').length);
      const rate = usualOf(key, vectors);
      for (const each of [at, ...(above[at] ?? [])]) usual[each] = Math.min(1, (usual[each] ?? 0) + rate);
    }
  }
  return {
    concepts,
    usual,
    above: (concept) => above[concept] ?? new Set(),
    find: (text) => find(text, byTerm, longest, above),
  };
}

function find(
  text: string,
  byTerm: ReadonlyMap<string, readonly number[]>,
  longest: number,
  above: readonly ReadonlySet<number>[],
): Map<number, Place> {
  const found = new Map<number, Place>();
  const add = (concept: number, place: Place) => found.has(concept) || found.set(concept, place);
  const tokens = tokenize(text);
  for (const [from, first] of tokens.entries()) {
    let key = '';
    for (let to = from; to < Math.min(tokens.length, from + longest); to++) {
      const token = tokens[to] as Token;
      key = key === '' ? token.stem : `${key} ${token.stem}`;
      const raw = text.slice(token.start, token.end);
      const keys = to > from ? [key] : [wordKey(raw), asWritten(raw), token.capital ?? ''];
      for (const each of keys)
        for (const concept of byTerm.get(each) ?? []) {
          const place = { start: first.start, end: token.end };
          add(concept, place);
          for (const wider of above[concept] ?? []) add(wider, place);
        }
    }
  }
  return found;
}

/**
 * A phrase is known by its stems, an acronym by its capitals, a name such as ComParE as it is written, any other word
 * by itself: general is not generation.
 */
function termKey(term: string): string {
  const stems = termStems(term);
  if (stems.length !== 1 || stems[0]?.startsWith('=')) return stems.join(' ');
  return /.\p{Lu}/u.test(term) ? asWritten(term) : wordKey(term);
}

function asWritten(word: string): string {
  return `“${word}”`;
}

function wordKey(word: string): string {
  return `«${fold(word)
    .replace(/[^\p{L}\p{N}+#]/gu, '')
    .replace(/(?<=\w{3})(?<!s)s$/, '')}»`;
}

function usualOf(key: string, { table, papersWithUnit, texts }: Vectors): number {
  const unit = key.startsWith('«') ? (termStems(key.slice(1, -1))[0] ?? '') : key;
  const row = table.rows.get(unit);
  return row === undefined ? RARE : Math.max(RARE, (papersWithUnit[row] ?? 0) / texts);
}

function readAbove(concepts: readonly Concept[]): Set<number>[] {
  const places = new Map(concepts.map(({ name }, at) => [nameKey(name), at]));
  const made: Set<number>[] = [];
  const climb = (at: number): Set<number> => {
    const known = made[at];
    if (known) return known;
    const all = (made[at] = new Set<number>());
    for (const name of concepts[at]?.broader ?? []) {
      const wider = places.get(nameKey(name));
      if (wider === undefined) continue;
      all.add(wider);
      for (const each of climb(wider)) all.add(each);
    }
    return all;
  };
  return concepts.map((_, at) => climb(at));
}
