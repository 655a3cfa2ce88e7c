import { stemRow, type Knowledge } from './knowledge.ts';
import type { PaperIndex } from './paper-index.ts';
import type { Query } from './query.ts';
import { addWord, meaningWeight, toUnit, type TermSpace } from './term-space.ts';

/** With fewer papers than this their own statistics say nothing: no feedback, no neighbours. */
const ENOUGH_PAPERS = 50;

/**
 * Papers that feedback learns from, and terms it learns (Lavrenko and Croft, Relevance-based language models, 2001).
 */
const FEEDBACK_PAPERS = 10;
const FEEDBACK_TERMS = 100;

/** A paper that scores less is no example to learn from. */
const LEAST_EXAMPLE = 0.2;

/** How near each paper's meaning is to the query's, in [0,1]: cosine of weighted sums of word vectors. */
export function nearness(index: PaperIndex, space: TermSpace, query: Query, knowledge: Knowledge): Float32Array {
  const { dimensions } = knowledge;
  const sum = new Float32Array(dimensions);
  for (const { stems, content, forms } of query.facets) {
    for (const at of content) addMeaning(sum, stems[at] ?? '', 1, index, knowledge);
    for (const { stems, weight } of forms)
      for (const stem of stems) addMeaning(sum, stem, 0.5 * weight, index, knowledge);
  }
  toUnit(sum, 0, dimensions);
  const wanted = new Float64Array(sum); // widened once instead of at each of the products
  const found = new Float32Array(index.papers.length);
  for (let paper = 0; paper < found.length; paper++) {
    found[paper] = Math.max(0, productAt(space.vectors, paper * dimensions, wanted));
  }
  return found;
}

/** Adds a word's weighted vector; what is not known adds nothing. */
function addMeaning(into: Float32Array, stem: string, weight: number, index: PaperIndex, knowledge: Knowledge): void {
  const row = stemRow(knowledge, stem.startsWith('=') ? stem.slice(1).toLowerCase() : stem);
  if (row >= 0) addWord(into, 0, knowledge, row, weight * meaningWeight(index, stem, knowledge));
}

/**
 * Scalar product of a vector with the stretch at an offset; four sums at once, since a single one would wait for
 * itself.
 */
function productAt(vectors: Float32Array, offset: number, wanted: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at + 3 < wanted.length; at += 4) {
    a += wanted[at]! * vectors[offset + at]!;
    b += wanted[at + 1]! * vectors[offset + at + 1]!;
    c += wanted[at + 2]! * vectors[offset + at + 2]!;
    d += wanted[at + 3]! * vectors[offset + at + 3]!;
  }
  return a + b + c + d;
}

/** Terms that the best papers have in common, heaviest first. */
export interface LearnedTerms {
  terms: number[];
  weights: number[];
}

/** What the best papers have in common; null where there are too few papers, or none to learn from. */
export function learnTerms(space: TermSpace, first: Float32Array): LearnedTerms | null {
  if (space.paperTerms.length < ENOUGH_PAPERS) return null;
  const examples = best(first, FEEDBACK_PAPERS).filter((paper) => (first[paper] ?? 0) >= LEAST_EXAMPLE);
  const total = examples.reduce((sum, paper) => sum + (first[paper] ?? 0), 0);
  if (total === 0) return null;
  const sums = new Float32Array(space.terms.length);
  const touched: number[] = [];
  for (const paper of examples) {
    const share = (first[paper] ?? 0) / total;
    const terms = space.paperTerms[paper]!;
    const counts = space.paperCounts[paper]!;
    for (let at = 0; at < terms.length; at++) {
      const term = terms[at]!;
      if (sums[term] === 0) touched.push(term);
      sums[term]! += share * counts[at]!;
    }
  }
  return heaviest(space, touched, sums);
}

/** Weighs terms by how much more of them there is than in all papers, and keeps the heaviest. */
function heaviest(space: TermSpace, touched: readonly number[], sums: Float32Array): LearnedTerms {
  const weights = new Float64Array(touched.length);
  for (let at = 0; at < weights.length; at++) {
    const term = touched[at]!;
    weights[at] = (sums[term]! - 2 * space.means[term]!) * space.rarities[term]!;
  }
  const least = Math.max(Number.MIN_VALUE, weights.slice().sort()[weights.length - FEEDBACK_TERMS] ?? 0);
  const places: number[] = [];
  for (let at = 0; at < weights.length; at++) if (weights[at]! >= least) places.push(at);
  places.sort((a, b) => weights[b]! - weights[a]! || touched[a]! - touched[b]!).splice(FEEDBACK_TERMS);
  return { terms: places.map((at) => touched[at]!), weights: places.map((at) => weights[at]!) };
}

/** Scores papers by learnt terms; the best has 1. */
export function byTerms(space: TermSpace, { terms, weights }: LearnedTerms): Float32Array {
  const scores = new Float32Array(space.paperTerms.length);
  for (let nth = 0; nth < terms.length; nth++) {
    const papers = space.termPapers[terms[nth]!]!;
    const counts = space.termCounts[terms[nth]!]!;
    const weight = weights[nth]!;
    for (let at = 0; at < papers.length; at++) scores[papers[at]!]! += weight * counts[at]!;
  }
  return toTop(scores);
}

/** For each paper the papers most like it, with their share; null where there are too few papers. */
export type Neighbours = { papers: Int32Array; shares: Float32Array }[] | null;

const NEIGHBOURS = 15;

/**
 * Finds each paper's nearest by cosine of weighted terms. Time grows with the square of the papers, times the share of
 * them that have a term.
 */
export function findNeighbours(space: TermSpace): Neighbours {
  const size = space.paperTerms.length;
  if (size < ENOUGH_PAPERS) return null;
  const lengths = Float32Array.from(space.paperTerms, (terms, paper) => {
    let square = 0;
    for (let at = 0; at < terms.length; at++)
      square += ((space.paperCounts[paper]?.[at] ?? 0) * (space.rarities[terms[at]!] ?? 0)) ** 2;
    return Math.sqrt(square) || 1;
  });
  const products = new Float32Array(size);
  return space.paperTerms.map((terms, paper) => {
    products.fill(0);
    for (let at = 0; at < terms.length; at++) {
      const term = terms[at]!;
      const weight = space.paperCounts[paper]![at]! * space.rarities[term]! ** 2;
      const papers = space.termPapers[term]!;
      const counts = space.termCounts[term]!;
      for (let other = 0; other < papers.length; other++) products[papers[other]!]! += weight * counts[other]!;
    }
    products[paper] = 0;
    for (let other = 0; other < size; other++) products[other]! /= lengths[other]!;
    const nearest = best(products, NEIGHBOURS);
    const total = nearest.reduce((sum, other) => sum + products[other]!, 0) || 1;
    return {
      papers: Int32Array.from(nearest),
      shares: Float32Array.from(nearest, (other) => products[other]! / total),
    };
  });
}

/**
 * Scores each paper by what the papers most like it score; the best has 1 (cluster hypothesis; Diaz, Regularizing ad
 * hoc retrieval scores, 2005).
 */
export function byNeighbours(neighbours: NonNullable<Neighbours>, scores: Float32Array): Float32Array {
  const found = new Float32Array(scores.length);
  for (let paper = 0; paper < scores.length; paper++) {
    const { papers, shares } = neighbours[paper]!;
    let sum = 0;
    for (let at = 0; at < papers.length; at++) sum += shares[at]! * scores[papers[at]!]!;
    found[paper] = sum;
  }
  return toTop(found);
}

/** Places of the highest values, highest first; equal ones in order. Values of 0 are left out. */
function best(values: Float32Array, count: number): number[] {
  const kept: number[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value <= 0 || (kept.length === count && value <= values[kept[count - 1]!]!)) continue;
    let place = kept.length;
    while (place > 0 && values[kept[place - 1]!]! < value) place--;
    kept.splice(place, 0, at);
    if (kept.length > count) kept.pop();
  }
  return kept;
}

function toTop(scores: Float32Array): Float32Array {
  let top = 0;
  for (let at = 0; at < scores.length; at++) if (scores[at]! > top) top = scores[at]!;
  if (top > 0) for (let at = 0; at < scores.length; at++) scores[at]! /= top;
  return scores;
}
