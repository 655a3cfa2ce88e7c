import { describe, expect, it } from 'vitest';
import { readOwnSet } from '../../src/match/eval/set.ts';
import { createChooser, type Candidate, type ReaderWishes } from '../../src/plan/choose-papers.ts';
import type { PostedMatch } from '../../src/plan/postings.ts';
import { createTasteSpace, type Reacted } from '../../src/plan/taste.ts';

const TODAY = '2026-01-05';
const TOMORROW = '2026-01-06';

const texts = (await readOwnSet()).papers;

/** The set's papers, all on one list. */
const papers = texts.map(({ title, abstract }, at): Candidate => ({
  ...{ entryId: 1000 + at, paperId: at + 1, title, abstract },
  ...{ source: 'hf', digestOn: TODAY, position: at + 1, upvotes: 200 - at, comments: 0 },
  arrivedAt: new Date('2026-01-05T01:00:00Z'),
}));

const matchesOf = (interestId: number, ids: readonly number[], score: (nth: number) => number): PostedMatch[] =>
  ids.map((paperId, nth) => ({ id: interestId * 1000 + nth, interestId, paperId, score: score(nth), literal: true }));
const range = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);

/** What a reader gets, as paper ids. */
function choose(matches: PostedMatch[], wishes: Partial<ReaderWishes>, shown: readonly number[] = [], on = TODAY) {
  const chooser = createChooser(papers, matches, on);
  const indexes = chooser.candidates.flatMap(({ paperId }, index) => (shown.includes(paperId) ? [index] : []));
  const choice = chooser.choose({
    ...{ interests: [], maxPapers: 10, selectivity: 'normal' as const, lastNewsletterMs: null },
    ...wishes,
    shown: indexes,
  });
  if (!choice) return null;
  const ids = Array.from(choice.papers.subarray(0, choice.count), (index) => chooser.candidates[index]!.paperId);
  return { ids, more: choice.moreCount };
}

describe('three interests, one of them loud', () => {
  const loud = matchesOf(1, range(1, 40), (nth) => 0.99 - nth / 1000);
  const quiet = [...matchesOf(2, range(50, 3), () => 0.56), ...matchesOf(3, range(60, 3), () => 0.53)];
  it('when places are few, then each interest has one before any has a second', () => {
    const ids = choose([...loud, ...quiet], { interests: [1, 2, 3], maxPapers: 3 })?.ids ?? [];
    expect(ids).toHaveLength(3);
    expect(ids.filter((id) => id < 50)).toHaveLength(1);
    expect(ids.filter((id) => id >= 50 && id < 60)).toHaveLength(1);
    expect(ids.filter((id) => id >= 60)).toHaveLength(1);
  });
  it('when places are many, then the quiet ones are still there and the loud one has most, the best first', () => {
    const ids = choose([...loud, ...quiet], { interests: [1, 2, 3], maxPapers: 20 })?.ids ?? [];
    expect(ids.filter((id) => id >= 50 && id < 60).length).toBeGreaterThan(0);
    expect(ids.filter((id) => id >= 60).length).toBeGreaterThan(0);
    expect(ids.filter((id) => id < 50).length).toBeGreaterThan(10);
    expect(ids[0]).toBe(1);
  });
});

it('when more fits than a newsletter holds, then the rest rolls over: each paper comes once, none is lost', () => {
  const matches = matchesOf(1, range(1, 9), (nth) => 0.95 - nth / 20);
  const shown: number[] = [];
  const days = [TODAY, TOMORROW, '2026-01-07', '2026-01-08'].map((on) => {
    const choice = choose(matches, { interests: [1], maxPapers: 4 }, shown, on);
    shown.push(...(choice?.ids ?? []));
    return choice;
  });
  expect(days.map((day) => day?.more ?? null)).toEqual([5, 1, 0, null]);
  expect(days[0]?.ids).toEqual([1, 2, 3, 4]);
  expect(shown).toEqual(range(1, 9));
});

describe('ten times «less like this»', () => {
  /** Papers about robots and the like, and as many others, by the words of their titles. */
  const like = papers.filter(({ title }) => /robot|grasp|gripper|manipulat|arm/i.test(title)).map((one) => one.paperId);
  const today = papers.slice(0, 10).map(({ paperId }) => paperId);
  const reactions = (ids: readonly number[]): Reacted[] => ids.map((paperId) => ({ paperId, kind: 'less' }));
  const tasteFor = (said: readonly Reacted[], matches: PostedMatch[]) => {
    const { candidates } = createChooser(papers, matches, TOMORROW);
    return createTasteSpace(candidates).tasteOf(said, (id) => texts[id - 1]);
  };
  const everything = matchesOf(
    1,
    papers.map(({ paperId }) => paperId),
    () => 0.66,
  );

  it.each([
    ['who wants something', everything, [1]],
    ['who wants nothing', [], []],
  ])(
    "when said of all of today's list, then tomorrow's is another and as long, for a reader %s",
    (_, matches, interests) => {
      const taste = tasteFor(reactions(today), matches);
      expect(taste).not.toBeNull();
      const before = choose(matches, { interests }, today, TOMORROW)?.ids ?? [];
      const after = choose(matches, { interests, taste }, today, TOMORROW)?.ids ?? [];
      expect(after).toHaveLength(before.length);
      expect(after.filter((id) => !before.includes(id)).length).toBeGreaterThanOrEqual(2);
    },
  );

  it('when said of one subject, then that subject sinks in the list', () => {
    expect(like.length).toBeGreaterThan(3);
    const said = reactions(Array.from({ length: 10 }, (_, nth) => like[nth % 2] ?? 0));
    const place = (ids: readonly number[]) =>
      like.slice(2).reduce((sum, id) => sum + ids.indexOf(id), 0) / (like.length - 2);
    const wishes = { interests: [1], maxPapers: papers.length };
    const before = choose(everything, wishes, like.slice(0, 2), TOMORROW)?.ids ?? [];
    const after = choose(everything, { ...wishes, taste: tasteFor(said, everything) }, like.slice(0, 2), TOMORROW)?.ids;
    expect(place(after ?? [])).toBeGreaterThan(place(before) + 5);
  });

  it('when nothing fits but what is like them, then it still comes', () => {
    const matches = matchesOf(1, like, () => 0.66);
    const taste = tasteFor(reactions([...like, ...like].slice(0, 10)), matches);
    expect(choose(matches, { interests: [1], taste }, [], TOMORROW)?.ids.sort()).toEqual([...like].slice(0, 10).sort());
  });
});
