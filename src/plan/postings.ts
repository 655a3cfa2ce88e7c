/** A match as planning reads it: which interest hits which paper, how well. */
export interface PostedMatch {
  id: number;
  interestId: number;
  paperId: number;
  score: number;
  /** Whether the paper holds what was asked for as it stands, not merely something related: only this may mute. */
  literal: boolean;
}

/**
 * For each interest the candidates it hits, best first: entries `starts[interest] … starts[interest + 1] - 1` of the
 * parallel arrays.
 */
export interface Postings {
  /** Interests with an id at or above this have no hit. */
  interestLimit: number;
  starts: Int32Array;
  candidate: Int32Array;
  score: Float64Array;
  /** Score with the share of the trend: what the entries of an interest are sorted by. */
  rank: Float64Array;
  /** 1 where the hit may mute. */
  literal: Uint8Array;
  matchId: Int32Array;
}

/**
 * Lays the matches of the candidates out by interest, in typed arrays; `bonus` of each candidate is added to its
 * scores. Matches of other papers are left out.
 */
export function createPostings(
  candidates: readonly { paperId: number }[],
  matches: readonly PostedMatch[],
  bonus: (candidate: number) => number,
): Postings {
  const indexOf = new Map(candidates.map(({ paperId }, index) => [paperId, index]));
  const used = matches
    .flatMap((match) => {
      const index = indexOf.get(match.paperId);
      return index === undefined ? [] : [{ ...match, index, rank: match.score + bonus(index) }];
    })
    .sort((a, b) => a.interestId - b.interestId || b.rank - a.rank || a.index - b.index);
  const interestLimit = (used.at(-1)?.interestId ?? -1) + 1;
  const starts = new Int32Array(interestLimit + 1);
  for (const { interestId } of used) starts[interestId + 1] = (starts[interestId + 1] ?? 0) + 1;
  for (let id = 0; id < interestLimit; id++) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0);
  return {
    interestLimit,
    starts,
    candidate: Int32Array.from(used, ({ index }) => index),
    score: Float64Array.from(used, ({ score }) => score),
    rank: Float64Array.from(used, ({ rank }) => rank),
    literal: Uint8Array.from(used, ({ literal }) => (literal ? 1 : 0)),
    matchId: Int32Array.from(used, ({ id }) => id),
  };
}
