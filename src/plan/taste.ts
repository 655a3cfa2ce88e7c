import { present } from '../lib/present.ts';
import { stemmer } from 'stemmer';

/** What a taste is learned from and applied to. */
export interface TasteText {
  title: string;
  abstract: string;
}

/** A paper a reader reacted to. */
export interface Reacted {
  paperId: number;
  kind: 'more' | 'less';
}

/** What a reader's reactions add to each candidate. */
export interface TasteNumbers {
  /** Added to the rank of each candidate, within ± MAX_TASTE. */
  lifts: Float64Array;
  /**
   * Added to the score of each candidate where it is held against the reader's line, within ± MAX_SHIFT; 0 unless the
   * candidate shares its subject with a paper that was reacted to.
   */
  shifts: Float64Array;
}

/** What a reader's reactions say of the candidates. */
export interface Taste extends TasteNumbers {
  /**
   * Returns the paper the reader wanted more of that a candidate is most like, where being like them lifts it by
   * LIFT_SEEN; else 0.
   */
  likedBehind(candidate: number): number;
}

/** The words of the candidates, weighted, with the papers that readers reacted to in the same space. */
export interface TasteSpace {
  /** Returns null where the reactions say nothing of these papers. */
  tasteOf(reactions: readonly Reacted[], textOf: (paperId: number) => TasteText | undefined): Taste | null;
}

type Vector = ReadonlyMap<string, number>;

interface ReactedVector {
  paperId: number;
  vector: Vector;
}

/** Reactions move a paper in the order by at most a third of a perfect score. */
export const MAX_TASTE = 0.3;
/**
 * They carry a paper over the line, or below it, only from so near: as far as the normal line is from that of «a few
 * more».
 */
export const MAX_SHIFT = 0.15;
/** What reactions must add before a newsletter names one as a reason: as much as a third of the best trend. */
export const LIFT_SEEN = 0.1;
/** Rocchio's weight of the unwanted (Rocchio 1971, as in Manning et al. 2008, 9.1.1: less than that of the wanted). */
const LESS_WEIGHT = 0.75;
/** So many reactions count half: one press should be seen, not rule. */
const HALF_AT = 2;
/**
 * Abstracts of one subject share a cosine of some 0.15; what all candidates share with a reaction tells them apart in
 * nothing and is left out.
 */
const FULL_LIKENESS = 0.15;
const TITLE_WEIGHT = 3;

/**
 * Opens a space of the candidates' words (stems, TF-IDF) in which a reader's reactions become a direction (Rocchio):
 * more of what is like the papers they wanted more of, less of what is like the others. Deterministic; a reaction taken
 * back leaves no trace.
 */
export function createTasteSpace(candidates: readonly TasteText[]): TasteSpace {
  const counted = candidates.map(countWords);
  const spread = new Map<string, number>();
  for (const words of counted) for (const word of words.keys()) spread.set(word, (spread.get(word) ?? 0) + 1);
  const vectors = counted.map((words) => weigh(words, spread, candidates.length));
  const reacted = new Map<number, Vector>();
  return { tasteOf };

  function tasteOf(reactions: readonly Reacted[], textOf: (paperId: number) => TasteText | undefined): Taste | null {
    const vectorAt = (at: number) => present(vectors[at], 'the words of a candidate');
    const liked = vectorsOf(reactions, 'more', textOf);
    const disliked = vectorsOf(reactions, 'less', textOf);
    if (liked.length + disliked.length === 0) return null;
    const wanted = vectors.map((vector) => likeness(vector, liked));
    const lifts = liftsOf(wanted.map((pull, at) => pull - LESS_WEIGHT * likeness(vectorAt(at), disliked)));
    const byLiking = liked.length === 0 ? null : disliked.length === 0 ? lifts : liftsOf(wanted);
    const shifts = lifts.map((lift, at) =>
      nearest(vectorAt(at), lift > 0 ? liked : disliked) > 0 ? (lift * MAX_SHIFT) / MAX_TASTE : 0,
    );
    const isSeen = (at: number) => byLiking !== null && Math.min(lifts[at] ?? 0, byLiking[at] ?? 0) >= LIFT_SEEN;
    return { lifts, shifts, likedBehind: (at) => (isSeen(at) ? nearest(vectorAt(at), liked) : 0) };
  }

  function vectorsOf(
    reactions: readonly Reacted[],
    kind: Reacted['kind'],
    textOf: (id: number) => TasteText | undefined,
  ): ReactedVector[] {
    return reactions.flatMap(({ paperId, kind: said }) => {
      if (said !== kind) return [];
      const known = reacted.get(paperId);
      if (known) return [{ paperId, vector: known }];
      const text = textOf(paperId);
      if (!text) return [];
      const vector = weigh(countWords(text), spread, candidates.length);
      reacted.set(paperId, vector);
      return [{ paperId, vector }];
    });
  }
}

/** The mean cosine with a group of papers, counting for more the more papers there are. */
function likeness(vector: Vector, group: readonly ReactedVector[]): number {
  if (group.length === 0) return 0;
  let sum = 0;
  for (const other of group) sum += cosine(vector, other.vector);
  const mean = sum / group.length;
  return (mean * group.length * 2) / (group.length + HALF_AT);
}

/** How far each pull stands out from what all candidates have of it. */
function liftsOf(pulls: readonly number[]): Float64Array {
  const middle = pulls.reduce((sum, pull) => sum + pull, 0) / Math.max(1, pulls.length);
  return Float64Array.from(pulls, (pull) => MAX_TASTE * Math.tanh((pull - middle) / FULL_LIKENESS));
}

/**
 * Returns the paper of a group that a candidate shares its subject with, the nearest one; 0 where it does with none.
 */
function nearest(vector: Vector, group: readonly ReactedVector[]): number {
  let found = { paperId: 0, near: FULL_LIKENESS };
  for (const { paperId, vector: other } of group) {
    const near = cosine(vector, other);
    if (near > found.near || (near === found.near && paperId < found.paperId)) found = { paperId, near };
  }
  return found.paperId;
}

function cosine(a: Vector, b: Vector): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [word, weight] of small) sum += weight * (large.get(word) ?? 0);
  return sum;
}

/** TF-IDF of length 1; words that no candidate has say nothing here. */
function weigh(words: ReadonlyMap<string, number>, spread: ReadonlyMap<string, number>, total: number): Vector {
  const weights = new Map<string, number>();
  let squares = 0;
  for (const [word, count] of words) {
    const papers = spread.get(word) ?? 0;
    if (papers === 0) continue;
    const weight = (1 + Math.log(count)) * Math.log(1 + total / papers);
    weights.set(word, weight);
    squares += weight * weight;
  }
  const length = Math.sqrt(squares) || 1;
  for (const [word, weight] of weights) weights.set(word, weight / length);
  return weights;
}

function countWords({ title, abstract }: TasteText): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const word of text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}[\p{L}\p{N}]{2,}/gu) ?? []) {
      const stem = stemmer(word);
      counts.set(stem, (counts.get(stem) ?? 0) + weight);
    }
  };
  add(title, TITLE_WEIGHT);
  add(abstract, 1);
  return counts;
}
