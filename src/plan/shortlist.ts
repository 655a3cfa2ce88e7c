import { ahead } from './order.ts';

/** The papers taken for one reader, best first, with the match behind each. */
export interface Shortlist {
  papers: Int32Array;
  matchIds: Int32Array;
  /**
   * Inserts a paper where its rank puts it among the `count` taken so far: the best come first, whatever the order of
   * taking.
   */
  insert(index: number, matchId: number, count: number): void;
  set(place: number, index: number, matchId: number): void;
}

/** Creates the list over the ranks of all candidates. */
export function createShortlist(rank: Float64Array): Shortlist {
  const papers = new Int32Array(rank.length);
  const matchIds = new Int32Array(rank.length);

  function set(place: number, index: number, matchId: number): void {
    papers[place] = index;
    matchIds[place] = matchId;
  }

  function insert(index: number, matchId: number, count: number): void {
    const value = rank[index]!;
    let place = count;
    while (place > 0 && ahead(value, index, rank[papers[place - 1]!]!, papers[place - 1]!)) {
      set(place, papers[place - 1]!, matchIds[place - 1]!);
      place--;
    }
    set(place, index, matchId);
  }

  return { papers, matchIds, insert, set };
}
