import { SAME } from './equivalents.ts';
import type { Knowledge } from './knowledge.ts';
import { countNear, countSequence } from './occurrences.ts';
import type { PaperIndex } from './paper-index.ts';
import { wholeForms, type Facet, type Query } from './query.ts';

/**
 * What a query's own words say of every paper; each number lies in [0,1] and does not grow with the length of the
 * query.
 */
export interface LexicalEvidence {
  /** Share of the query's words found, rare words counting more, often found ones saturating. */
  words: Float32Array;
  /** How near to each other neighbouring words of the query stand. */
  near: Float32Array;
  /** How much the whole facet stands there as a phrase. */
  phrase: Float32Array;
  /** 1 where a whole facet stands there as it is, or as its acronym or long form. */
  literal: Uint8Array;
  /** 1 where that is in the title, and nothing else is asked for. */
  titled: Uint8Array;
  /** 1 where a required phrase is missing or an excluded one stands. */
  barred: Uint8Array;
}

/**
 * Saturation and length normalisation of BM25 (Robertson and Zaragoza, The probabilistic relevance framework, 2009).
 */
const K1 = 1.2;
const B = 0.75;
/** Words of title and abstract, the mean of known papers. */
const MEAN_LENGTH = 190;
/** Numbers are no units; most of them stand in some such share of abstracts. */
const NUMBER_SHARE = 0.05;
/** The whole of what is asked for counts so much where the paper says what it does, and so much in passing. */
const STATED = 1.5;
const IN_PASSING = 0.4;
/** Words further apart than this don't belong together. */
const REACH = 6;

/**
 * Gathers what the query's own words say; sequential dependence after Metzler and Croft, A Markov random field model
 * for term dependencies, 2005.
 */
export function lexicalEvidence(index: PaperIndex, query: Query, knowledge: Knowledge): LexicalEvidence {
  const size = index.papers.length;
  const sum: LexicalEvidence = {
    words: new Float32Array(size),
    near: new Float32Array(size),
    phrase: new Float32Array(size),
    literal: new Uint8Array(size),
    titled: new Uint8Array(size),
    barred: new Uint8Array(size),
  };
  const weights = query.facets.map((facet) => facetWeight(facet, knowledge));
  const total = weights.reduce((all, weight) => all + weight, 0) || 1;
  for (const [at, facet] of query.facets.entries()) addFacet(sum, index, facet, (weights[at] ?? 0) / total, knowledge);
  if (query.facets.length > 1) sum.titled.fill(0);
  for (const forms of query.excluded) {
    for (const form of forms) countSequence(index, form, (paper) => (sum.barred[paper] = 1));
  }
  return sum;
}

/** How much a stem tells, in (0,1]: its rarity in what is known. */
export function rarity(knowledge: Knowledge, stem: string): number {
  return Math.log(seenShare(knowledge, stem)) / Math.log(0.5 / (knowledge.vectors.texts + 1));
}

/** The share of known abstracts that hold a stem; never 0. */
export function seenShare({ vectors }: Knowledge, stem: string): number {
  if (/^\d+$/.test(stem)) return NUMBER_SHARE;
  const row = vectors.table.rows.get(stem);
  return ((row === undefined ? 0 : vectors.papersWithUnit[row]!) + 0.5) / (vectors.texts + 1);
}

function facetWeight(facet: Facet, knowledge: Knowledge): number {
  return facet.content.reduce((sum, at) => sum + rarity(knowledge, facet.stems[at] ?? ''), 0);
}

function addFacet(sum: LexicalEvidence, index: PaperIndex, facet: Facet, weight: number, knowledge: Knowledge): void {
  const size = index.papers.length;
  const rarities = facet.content.map((at) => rarity(knowledge, facet.stems[at] ?? ''));
  const total = rarities.reduce((all, one) => all + one, 0) || 1;
  const found = new Float32Array(size);
  for (const [nth, at] of facet.content.entries()) {
    countSequence(index, { stems: [facet.stems[at] ?? ''] }, adder(index, found, 1));
    for (const form of facet.forms) {
      if (form.from <= at && at < form.to) countSequence(index, form, adder(index, found, form.weight));
    }
    addSaturated(sum.words, found, index, (weight * (rarities[nth] ?? 0)) / total);
  }
  addPairs(sum.near, found, index, facet, weight);
  const stands = new Uint8Array(size);
  for (const form of wholeForms(facet)) {
    countSequence(index, form, (paper, inTitle, inAbstract, stated) => {
      const passing = inAbstract - stated;
      found[paper]! += form.weight * (index.titleWeight * inTitle + STATED * stated + IN_PASSING * passing);
      if (form.weight < SAME) return;
      stands[paper] = sum.literal[paper] = 1;
      if (inTitle > 0) sum.titled[paper] = 1;
    });
  }
  if (facet.required) for (let paper = 0; paper < size; paper++) if (!stands[paper]) sum.barred[paper] = 1;
  addSaturated(sum.phrase, found, index, weight);
}

/** `found` is scratch space, empty before and after. */
function addPairs(into: Float32Array, found: Float32Array, index: PaperIndex, facet: Facet, weight: number): void {
  const pairs = facet.content.slice(1).map((at, nth) => [facet.content[nth] ?? 0, at] as const);
  for (const [one, other] of pairs) {
    countNear(index, facet.stems[one] ?? '', facet.stems[other] ?? '', REACH, adder(index, found, 1));
    for (const form of facet.forms) {
      if (form.from <= one && other < form.to) countSequence(index, form, adder(index, found, form.weight));
    }
    addSaturated(into, found, index, weight / pairs.length);
  }
}

function adder({ titleWeight }: PaperIndex, found: Float32Array, weight: number) {
  return (paper: number, inTitle: number, inAbstract: number) => {
    found[paper]! += weight * (titleWeight * inTitle + inAbstract);
  };
}

/** Adds weight × saturated count, and empties `found` for the next count. */
function addSaturated(into: Float32Array, found: Float32Array, index: PaperIndex, weight: number): void {
  for (let paper = 0; paper < found.length; paper++) {
    const count = found[paper]!;
    if (count === 0) continue;
    into[paper]! += weight * saturation(index, paper, count);
    found[paper] = 0;
  }
}

/**
 * Saturates a count, in [0,1): the second and third time a word stands there tells less, the more so in a long text.
 */
export function saturation(index: PaperIndex, paper: number, count: number): number {
  return count / (count + K1 * (1 - B + (B * index.lengths[paper]!) / MEAN_LENGTH));
}
