import { stemRow, type Knowledge } from './knowledge.ts';
import type { PaperIndex } from './paper-index.ts';
import type { Query } from './query.ts';
import { addScaled, meaningWeight, readVector, toUnit, type TermSpace } from './term-space.ts';

/** With fewer papers than this their own statistics say nothing: no feedback, no neighbours. */
const ENOUGH_PAPERS = 50;

/** Papers that feedback learns from, and terms it learns (Lavrenko and Croft, Relevance-based language models, 2001). */
const FEEDBACK_PAPERS = 10;
const FEEDBACK_TERMS = 100;

/** A paper that scores less is no example to learn from. */
const LEAST_EXAMPLE = 0.2;

/** How near each paper's meaning is to the query's, in [0,1]: cosine of weighted sums of word vectors. */
export function nearness(index: PaperIndex, space: TermSpace, query: Query, knowledge: Knowledge): Float32Array {
  const { dimensions } = knowledge;
  const wanted = new Float32Array(dimensions);
  const word = new Float32Array(dimensions);
  const add = (stem: string, weight: number) => {
    const row = stemRow(knowledge, stem.replace(/^=/, '').toLowerCase());
    if (row < 0) return;
    readVector(knowledge, row, word);
    addScaled(wanted, 0, word, weight * meaningWeight(index, stem, knowledge));
  };
  for (const facet of query.facets) {
    for (const at of facet.content) add(facet.stems[at] ?? '', 1);
    for (const form of facet.forms) for (const stem of form.stems) add(stem, 0.5 * form.weight);
  }
  toUnit(wanted, 0, dimensions);
  const found = new Float32Array(index.papers.length);
  for (let paper = 0; paper < found.length; paper++) {
    found[paper] = Math.max(0, productAt(space.vectors, paper * dimensions, wanted));
  }
  return found;
}

/** Scalar product of a vector with the stretch at an offset; four sums at once, since a single one would wait for itself. */
function productAt(vectors: Float32Array, offset: number, wanted: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at + 3 < wanted.length; at += 4) {
    a += wanted[at]! * vectors[offset + at]!;
    b += wanted[at + 1]! * vectors[offset + at + 1]!;
    c += wanted[at + 2]! * vectors[offset + at + 2]!;
    d += wanted[at + 3]! * vectors[offset + at + 3]!;
  }
  return a + b + c + d;
}

/** What the best papers have in common, as weights of terms; null where there are too few papers, or none to learn from. */
export function learnTerms(space: TermSpace, first: Float32Array): Map<number, number> | null {
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
  const telling: { term: number; weight: number }[] = [];
  for (const term of touched) {
    const weight = (sums[term]! - 2 * space.means[term]!) * space.rarities[term]!;
    if (weight > 0) telling.push({ term, weight });
  }
  telling.sort((a, b) => b.weight - a.weight || a.term - b.term);
  return new Map(telling.slice(0, FEEDBACK_TERMS).map(({ term, weight }) => [term, weight]));
}

/** Scores papers by learnt terms; the best has 1. */
export function byTerms(space: TermSpace, weights: ReadonlyMap<number, number>): Float32Array {
  const scores = new Float32Array(space.paperTerms.length);
  for (const [term, weight] of weights) {
    const papers = space.termPapers[term]!;
    const counts = space.termCounts[term]!;
    for (let at = 0; at < papers.length; at++) scores[papers[at]!]! += weight * counts[at]!;
  }
  return toTop(scores);
}

/** For each paper the papers most like it, with their share; null where there are too few papers. */
export type Neighbours = { papers: Int32Array; shares: Float32Array }[] | null;

const NEIGHBOURS = 15;

/** Finds each paper's nearest by cosine of weighted terms. Time grows with the square of the papers, times the share of them that have a term. */
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

/** Scores each paper by what the papers most like it score; the best has 1 (cluster hypothesis; Diaz, Regularizing ad hoc retrieval scores, 2005). */
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
  const top = scores.reduce((most, score) => Math.max(most, score), 0);
  return top > 0 ? scores.map((score) => score / top) : scores;
}
