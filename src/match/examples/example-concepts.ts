import { conceptEvidence, type ConceptEvidence } from '../concepts/concept-evidence.ts';
import { findTerms } from '../concepts/find-terms.ts';
import type { Lexicon } from '../concepts/lexicon.ts';
import { nameKey } from '../concepts/read-concepts.ts';
import type { Knowledge } from '../knowledge.ts';
import { readPaper } from '../paper-index.ts';

/** What is compared of an example: the known paper's text, or what was given. */
export interface ExampleText {
  title: string;
  abstract: string;
}

/** A concept that examples share. */
export interface SharedConcept {
  /** Its place in the lexicon. */
  at: number;
  name: string;
  /** Share of the examples that hold a term of it. */
  share: number;
}

/** Most concepts of a profile. */
const MOST_CONCEPTS = 8;
/** A concept of more papers than this says nothing of a reader. */
const TOO_USUAL = 0.3;
/** Least share of the examples, and least times as many as usual. */
const LEAST_SHARE = 0.34;
const LEAST_TIMES = 3;
/** A term of words that more than a tenth of known papers hold, such as «train», names no concept by itself. */
const LEAST_WEIGHT = 0.25;
/** Papers name a concept in title or abstract so many times as often as in the title; the median of known papers. */
const BEYOND_TITLES = 4;

/**
 * Finds the concepts whose terms stand in the examples most beyond what is usual, by their likelihood ratio (Dunning,
 * Accurate methods for the statistics of surprise and coincidence, 1993); of a concept and a wider one the surer alone.
 */
export function sharedConcepts(
  texts: readonly ExampleText[],
  leftOut: readonly string[],
  knowledge: Knowledge,
): SharedConcept[] {
  const { concepts, upwards } = knowledge.lexicon;
  const dropped = new Set(leftOut.map((name) => placeOf(knowledge.lexicon, name)).filter((at) => at >= 0));
  const counts = new Map<number, number>();
  for (const text of texts)
    for (const [at, evidence] of conceptsOf(text, knowledge, dropped))
      if (isNamed(knowledge, evidence)) counts.set(at, (counts.get(at) ?? 0) + 1);
  const least = texts.length > 3 ? Math.max(2, LEAST_SHARE * texts.length) : Math.min(2, texts.length);
  const ranked = [...counts].flatMap(([at, count]) => {
    const usual = usualShare(knowledge, at);
    const share = count / texts.length;
    if (count < least || usual > TOO_USUAL || share < LEAST_TIMES * usual) return [];
    return [{ at, name: concepts.name(at), share, surprise: surpriseOf(count, texts.length, usual) }];
  });
  ranked.sort((a, b) => b.surprise - a.surprise || (a.name < b.name ? -1 : 1));
  const kept: SharedConcept[] = [];
  for (const { at, name, share } of ranked) {
    const kin = kept.some((one) => upwards(one.at).includes(at) || upwards(at).includes(one.at));
    if (!kin && kept.length < MOST_CONCEPTS) kept.push({ at, name, share });
  }
  return kept;
}

/** Tells whether a paper's strongest term tells enough to name a concept. */
export function isNamed({ termWeight }: Knowledge, evidence: ConceptEvidence | undefined): boolean {
  return evidence !== undefined && termWeight(evidence.term) >= LEAST_WEIGHT;
}

/** Returns the share of known papers that hold a term of a concept, as far as their titles tell. */
export function usualShare({ lexicon, rateOf }: Knowledge, concept: number): number {
  return Math.min(1, BEYOND_TITLES * Math.exp(rateOf(lexicon.concepts.name(concept))));
}

/** Returns the place of the concept of that very name; -1 where there is none. */
export function placeOf({ concepts }: Pick<Lexicon, 'concepts'>, name: string): number {
  const key = nameKey(name);
  for (let place = 0; place < concepts.length; place++) if (nameKey(concepts.name(place)) === key) return place;
  return -1;
}

/** What a text says of concepts by terms that speak for none of those left out. */
function conceptsOf(
  { title, abstract }: ExampleText,
  { lexicon, termWeight }: Knowledge,
  dropped: ReadonlySet<number>,
): Map<number, ConceptEvidence> {
  const words = readPaper({ id: '', title, abstract, authors: null, organization: null });
  const heard = [...findTerms(lexicon, words).values()].filter(({ term }) => {
    const own = lexicon.conceptsOf(term);
    return !own.some((concept) => lexicon.upwards(concept).some((above) => dropped.has(above)));
  });
  return conceptEvidence(lexicon, heard, termWeight);
}

function surpriseOf(count: number, of: number, usual: number): number {
  const part = (n: number, rate: number) => (n === 0 ? 0 : n * Math.log(n / (of * rate)));
  return part(count, usual) + part(of - count, 1 - usual);
}
