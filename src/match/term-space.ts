import { stemRow, type Knowledge } from './knowledge.ts';
import { seenShare, rarity, saturation } from './lexical.ts';
import { ABSTRACT_AT, type PaperIndex, type Posting } from './paper-index.ts';

/** The papers as points: each by its weighted terms, and by one vector of meaning. */
export interface TermSpace {
  /** Terms that may speak for a paper, most frequent ones and acronym marks left out. */
  terms: string[];
  rarities: Float32Array;
  /** Mean saturated count over all papers. */
  means: Float32Array;
  /** Each paper's terms and their saturated counts. */
  paperTerms: Int32Array[];
  paperCounts: Float32Array[];
  /** For each term the papers that have it, with the same saturated counts. */
  termPapers: Int32Array[];
  termCounts: Float32Array[];
  /** Unit vector of each paper's meaning, `dimensions` numbers a paper. */
  vectors: Float32Array;
}

/** A term in more of all abstracts than this speaks for none. */
const TOO_COMMON = 0.25;

/** Lays out the papers by terms and by meaning. */
export function layOut(index: PaperIndex, knowledge: Knowledge): TermSpace {
  const size = index.papers.length;
  const used: [string, Posting][] = [];
  const least = size < 300 ? 2 : 3;
  for (const [term, posting] of index.postings) {
    const common = seenShare(index, term, knowledge) > TOO_COMMON;
    if (!common && !term.startsWith('=') && posting.papers.length >= least) used.push([term, posting]);
  }
  const termCounts = used.map(([, posting]) => countsOf(index, posting));
  return {
    terms: used.map(([term]) => term),
    rarities: Float32Array.from(used, ([term]) => rarity(index, term, knowledge)),
    means: Float32Array.from(termCounts, (counts) => counts.reduce((sum, count) => sum + count, 0) / size),
    ...forward(size, used, termCounts),
    termPapers: used.map(([, posting]) => Int32Array.from(posting.papers)),
    termCounts,
    vectors: meanings(index, knowledge),
  };
}

function countsOf(index: PaperIndex, posting: Posting): Float32Array {
  return Float32Array.from(posting.papers, (paper, row) =>
    saturation(index, paper, weightedCount(posting, row, index.titleWeight)),
  );
}

function weightedCount(posting: Posting, row: number, titleWeight: number): number {
  let count = 0;
  for (let at = posting.starts[row] ?? 0; at < (posting.starts[row + 1] ?? 0); at++) {
    count += (posting.places[at] ?? 0) < ABSTRACT_AT ? titleWeight : 1;
  }
  return count;
}

function forward(size: number, used: [string, Posting][], termCounts: Float32Array[]) {
  const sizes = new Int32Array(size);
  for (const [, posting] of used) for (const paper of posting.papers) sizes[paper] = (sizes[paper] ?? 0) + 1;
  const paperTerms = Array.from(sizes, (count) => new Int32Array(count));
  const paperCounts = Array.from(sizes, (count) => new Float32Array(count));
  const next = new Int32Array(size);
  for (const [term, [, posting]] of used.entries()) {
    for (const [row, paper] of posting.papers.entries()) {
      const at = next[paper] ?? 0;
      next[paper] = at + 1;
      paperTerms[paper]![at] = term;
      paperCounts[paper]![at] = termCounts[term]?.[row] ?? 0;
    }
  }
  return { paperTerms, paperCounts };
}

/**
 * How much a stem counts in a vector of meaning: nothing for what stands everywhere, no more than so much for what is
 * rarest.
 */
export function meaningWeight(index: PaperIndex, stem: string, knowledge: Knowledge): number {
  return Math.min(4, Math.max(0, -Math.log(seenShare(index, stem, knowledge)) - 1));
}

/** Sums each paper's word vectors by count and rarity, then brings them to length 1. */
function meanings(index: PaperIndex, knowledge: Knowledge): Float32Array {
  const { dimensions } = knowledge;
  const vectors = new Float32Array(index.papers.length * dimensions);
  for (const [stem, posting] of index.postings) {
    const row = stemRow(knowledge, stem);
    const weight = row < 0 ? 0 : meaningWeight(index, stem, knowledge);
    if (weight === 0) continue;
    for (const [at, paper] of posting.papers.entries()) {
      addWord(vectors, paper * dimensions, knowledge, row, weight * weightedCount(posting, at, 2));
    }
  }
  for (let paper = 0; paper < index.papers.length; paper++) toUnit(vectors, paper * dimensions, dimensions);
  return vectors;
}

/** Adds a word's vector, weighted, at an offset. */
export function addWord(into: Float32Array, offset: number, knowledge: Knowledge, row: number, weight: number): void {
  const { dimensions, vectors, scales } = knowledge;
  const scale = scales[row]!;
  const from = row * dimensions;
  for (let at = 0; at < dimensions; at++) into[offset + at]! += Math.fround(vectors[from + at]! * scale) * weight;
}

/** Brings a stretch of numbers to length 1; leaves zeros as they are. */
export function toUnit(vector: Float32Array, offset: number, length: number): void {
  let square = 0;
  for (let at = offset; at < offset + length; at++) square += (vector[at] ?? 0) ** 2;
  if (square === 0) return;
  const scale = 1 / Math.sqrt(square);
  for (let at = offset; at < offset + length; at++) vector[at]! *= scale;
}
