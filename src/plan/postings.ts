/** A match as planning reads it: which interest hits which paper, how well. */
export interface PostedMatch {
  id: number;
  interestId: number;
  paperId: number;
  score: number;
  /** Whether the paper holds what was asked for as it stands, not merely something related: only this may mute. */
  literal: boolean;
}

/** A match of a candidate, by the candidate's index. */
export interface PlacedMatch extends PostedMatch {
  index: number;
  /** Score with the share of the trend. */
  rank: number;
}

/**
 * For each interest the candidates it hits, best first: entries `starts[interest] … starts[interest + 1] - 1` of the
 * parallel arrays.
 */
export interface Postings {
  /** Interests with an id at or above this have no hit. */
  interestLimit: number;
  starts: Int32Array;
  interest: Int32Array;
  candidate: Int32Array;
  score: Float64Array;
  /** Score with the share of the trend: what the entries of an interest are sorted by. */
  rank: Float64Array;
  matchId: Int32Array;
}

/**
 * Puts the matches of the candidates in the order of postings; `bonus` of each candidate is added to its scores.
 * Matches of other papers are left out.
 */
export function placeMatches(
  candidates: readonly { paperId: number }[],
  matches: readonly PostedMatch[],
  bonus: (candidate: number) => number,
): PlacedMatch[] {
  const indexOf = new Map(candidates.map(({ paperId }, index) => [paperId, index]));
  return matches
    .flatMap((match) => {
      const index = indexOf.get(match.paperId);
      return index === undefined ? [] : [{ ...match, index, rank: match.score + bonus(index) }];
    })
    .sort((a, b) => a.interestId - b.interestId || b.rank - a.rank || a.index - b.index);
}

/** Lays placed matches out by interest, in typed arrays. */
export function createPostings(placed: readonly PlacedMatch[]): Postings {
  const interestLimit = (placed.at(-1)?.interestId ?? -1) + 1;
  const starts = new Int32Array(interestLimit + 1);
  for (const { interestId } of placed) starts[interestId + 1] = (starts[interestId + 1] ?? 0) + 1;
  for (let id = 0; id < interestLimit; id++) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0);
  return {
    interestLimit,
    starts,
    interest: Int32Array.from(placed, ({ interestId }) => interestId),
    candidate: Int32Array.from(placed, ({ index }) => index),
    score: Float64Array.from(placed, ({ score }) => score),
    rank: Float64Array.from(placed, ({ rank }) => rank),
    matchId: Int32Array.from(placed, ({ id }) => id),
  };
}
