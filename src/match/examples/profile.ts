import { nameKey } from '../concepts.ts';
import { interestVector, paperVector, usualCosine, type Vectors } from '../vectors.ts';
import type { ConceptFinder } from './concept-finder.ts';
import { isKnown, withoutDirections } from './directions.ts';

/** What is compared of an example: the known paper's text, or what was given. */
export interface ExampleText {
  title: string;
  abstract: string;
}

/** A direction in the space of papers, and what cosine papers usually have with it. */
export interface Direction {
  vector: Float32Array;
  mean: number;
  deviation: number;
}

/** A concept that examples share. */
export interface SharedConcept {
  /** Its place among the finder's. */
  at: number;
  name: string;
  /** Share of the examples that hold a term of it. */
  share: number;
}

/** What papers given as examples have in common. */
export interface LikeProfile {
  titles: readonly string[];
  /** Null where nothing of an example is known. */
  examples: readonly (Direction | null)[];
  concepts: readonly SharedConcept[];
}

/** Most concepts of a profile. */
const MOST_CONCEPTS = 8;
/** A concept of more papers than this says nothing of a reader. */
const TOO_USUAL = 0.3;
/** Least share of the examples, and least times as many as usual. */
const LEAST_SHARE = 0.34;
const LEAST_TIMES = 3;

/** Reads examples into a profile; what is left out pulls neither by its words nor by its direction. */
export function readProfile(
  texts: readonly ExampleText[],
  leftOut: readonly string[],
  vectors: Vectors,
  finder: ConceptFinder,
): LikeProfile {
  const away = directionsOf(leftOut, vectors, finder);
  const examples = texts.map(({ title, abstract }) => {
    const vector = withoutDirections(paperVector(vectors, title, abstract), away);
    return isKnown(vector) ? directed(vector, vectors) : null;
  });
  return {
    titles: texts.map(({ title }) => title),
    examples,
    concepts: sharedConcepts(texts, leftOut, finder),
  };
}

/**
 * Finds the concepts whose terms stand in the examples most beyond what is usual, by their likelihood ratio (Dunning,
 * Accurate methods for the statistics of surprise and coincidence, 1993); of a concept and a wider one the surer alone.
 */
export function sharedConcepts(
  texts: readonly ExampleText[],
  leftOut: readonly string[],
  finder: ConceptFinder,
): SharedConcept[] {
  const counts = new Map<number, number>();
  for (const { title, abstract } of texts)
    for (const at of finder.find(`${title}. ${abstract}`).keys()) counts.set(at, (counts.get(at) ?? 0) + 1);
  const dropped = new Set(leftOut.map(nameKey));
  const least = texts.length > 3 ? Math.max(2, LEAST_SHARE * texts.length) : Math.min(2, texts.length);
  const ranked = [...counts].flatMap(([at, count]) => {
    const usual = finder.usual[at] ?? 1;
    const share = count / texts.length;
    if (count < least || usual > TOO_USUAL || share < LEAST_TIMES * usual) return [];
    return [{ at, name: finder.concepts[at]?.name ?? '', share, surprise: surpriseOf(count, texts.length, usual) }];
  });
  ranked.sort((a, b) => b.surprise - a.surprise || (a.name < b.name ? -1 : 1));
  const kept: SharedConcept[] = [];
  for (const { at, name, share } of ranked) {
    const kin = kept.some((one) => finder.above(one.at).has(at) || finder.above(at).has(one.at));
    if (!kin && !dropped.has(nameKey(name)) && kept.length < MOST_CONCEPTS) kept.push({ at, name, share });
  }
  return kept;
}

function surpriseOf(count: number, of: number, usual: number): number {
  const part = (n: number, rate: number) => (n === 0 ? 0 : n * Math.log(n / (of * rate)));
  return part(count, usual) + part(of - count, 1 - usual);
}

/** The directions of what is left out, each at right angles to those before it. */
function directionsOf(leftOut: readonly string[], vectors: Vectors, finder: ConceptFinder): Float32Array[] {
  const byName = new Map(finder.concepts.map((concept) => [nameKey(concept.name), concept]));
  const away: Float32Array[] = [];
  for (const name of leftOut) {
    const concept = byName.get(nameKey(name));
    const vector = withoutDirections(
      interestVector(vectors, [name, ...(concept?.also ?? []), ...(concept?.terms ?? [])]),
      away,
    );
    if (isKnown(vector)) away.push(vector);
  }
  return away;
}

function directed(vector: Float32Array, vectors: Vectors): Direction {
  return { vector, ...usualCosine(vectors, vector) };
}
