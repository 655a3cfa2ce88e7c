import type { Postings } from './postings.ts';
import type { RankingSpace } from './ranking-space.ts';
import { ahead } from './order.ts';
import type { TasteNumbers } from './taste.ts';

/** Whose candidate is looked at. */
export interface Looker {
  /** Ids of wanted interests; negative ids are muted ones. */
  interests: ArrayLike<number>;
  taste?: TasteNumbers | null;
}

/** How one candidate stands for the reader at hand. */
export interface Looked {
  /** Out of the choice at this point. */
  barred: boolean;
  /** Out only as the near-duplicate of one that was taken. */
  held: boolean;
  /** A wanted interest hits it at the reader's line, or nothing is wanted. */
  fits: boolean;
  /** 1 for the best of those that fit. */
  place: number;
  /** The wanted interest that scores best, whatever the line, reactions counted; null where none is stored. */
  best: { interest: number; score: number } | null;
  /** The muted interest that leaves it out; null where none does. */
  mutedBy: number | null;
}

/** Looks at one candidate as the choice has left it; nothing is marked. */
export function lookAt({ marks, hits, ranks, eligible }: RankingSpace, index: number, by: Looker): Looked {
  const { reader, barred, held, seen } = marks;
  const { rank } = ranks;
  let place = 1;
  for (let i = 0; i < eligible.count; i++) {
    const other = eligible.hits[i]!;
    if (ahead(rank[other]!, other, rank[index]!, index)) place++;
  }
  const ids = Array.from(by.interests);
  const wanted = scoresOf(hits.all, index, ids);
  const [best] = wanted.sort((a, b) => b.score - a.score || a.interest - b.interest);
  const muting = ids.flatMap((id) => (id < 0 ? -id : []));
  return {
    barred: barred[index] === reader,
    held: held[index] === reader,
    fits: seen[index] === reader,
    place,
    best: best ? { ...best, score: best.score + (by.taste?.shifts[index] ?? 0) } : null,
    mutedBy: scoresOf(hits.muted, index, muting)[0]?.interest ?? null,
  };
}

function scoresOf(postings: Postings, index: number, interests: readonly number[]) {
  return interests.flatMap((interest) => {
    if (interest <= 0 || interest >= postings.interestLimit) return [];
    for (let p = postings.starts[interest]!; p < postings.starts[interest + 1]!; p++)
      if (postings.candidate[p] === index) return [{ interest, score: postings.score[p]! }];
    return [];
  });
}
