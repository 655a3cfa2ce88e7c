import { interestBehind, matchBehind } from './eligible-papers.ts';
import { claimShare, nextPaper, openLists, tookNext } from './interest-lists.ts';
import type { RankingSpace } from './ranking-space.ts';
import { barWithTwins } from './reader-marks.ts';

/** Returns how many papers one interest may bring while others could still fill the room: half of it, at least one. */
export const halfOf = (room: number): number => Math.max(1, Math.floor(room / 2));

/**
 * Takes at most `limit` papers, best first. No interest brings more than half of the room as long as papers that others
 * bring could stand there; where the others cannot fill the rest, its next best ones do, so that no place stays empty.
 * An interest brings what it fits better than the reader's other ones: as the newsletter groups them.
 */
export function take(space: RankingSpace, limit: number): number {
  const { lists, eligible, marks, taken, waiting } = space;
  if (lists.count === 0) return takeByTrend(space, limit);
  if (eligible.count <= limit && !eligible.twinned) return takeAll(space);
  openLists(lists);
  const most = halfOf(limit);
  let count = 0;
  let waits = 0;
  while (count < limit) {
    const index = nextPaper(lists);
    if (index < 0) break;
    if (claimShare(lists, interestBehind(eligible, index), most)) {
      tookNext(lists);
      barWithTwins(marks, index);
      taken.insert(index, matchBehind(eligible, index), count++);
    } else {
      marks.barred[index] = marks.reader;
      waiting[waits++] = index;
    }
  }
  return waits === 0 ? count : fillUp(space, count, { waits, limit });
}

/** Gives the places that are left to the papers that wait, best first; the others are free again. */
function fillUp(
  { eligible, marks, taken, waiting }: RankingSpace,
  count: number,
  { waits, limit }: { waits: number; limit: number },
): number {
  const { barred, reader } = marks;
  for (let i = 0; i < waits; i++) barred[waiting[i]!] = 0;
  for (let i = 0; i < count; i++) barWithTwins(marks, taken.papers[i]!);
  let filled = count;
  for (let i = 0; i < waits && filled < limit; i++) {
    const index = waiting[i]!;
    if (barred[index] === reader) continue;
    barWithTwins(marks, index);
    taken.insert(index, matchBehind(eligible, index), filled++);
  }
  return filled;
}

/** Where all fit in, nothing has to be weighed: the same result in a third of the time. */
function takeAll({ eligible, marks, taken }: RankingSpace): number {
  const count = eligible.count;
  for (let i = 0; i < count; i++) {
    const index = eligible.hits[i]!;
    marks.barred[index] = marks.reader;
    taken.insert(index, matchBehind(eligible, index), i);
  }
  return count;
}

function takeByTrend({ ranks: { rank }, byTaste, marks, taken }: RankingSpace, limit: number): number {
  let count = 0;
  for (let at = 0; at < rank.length && count < limit; at++) {
    const index = byTaste ? byTaste[at]! : at;
    if (marks.barred[index] === marks.reader) continue;
    barWithTwins(marks, index);
    taken.insert(index, 0, count++);
  }
  return count;
}
