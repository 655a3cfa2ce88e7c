import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/lib/time.ts';
import type { InterestName } from '../../src/model/interest.ts';
import type { DayLine } from '../../src/model/newsletter.ts';
import { findDayFacts, nameFacts, type Period } from '../../src/plan/day-facts.ts';
import { chooseDayLine, type LineReader } from '../../src/plan/day-line.ts';
import type { FactPaper } from '../../src/plan/list-facts.ts';

const SLOT_ON = '2026-01-16'; // a Friday
/** Ten weekdays of lists before it. */
const BEFORE = [14, 11, 10, 9, 8, 7, 4, 3, 2, 1].map((days) => addDays(SLOT_ON, -days));
const NAMES = new Map<number, InterestName>([
  [1, { kind: 'topic', key: 'state-space-models' }],
  [2, { kind: 'words', key: 'language agents' }],
  [3, { kind: 'author', key: 'ada lovelace' }],
  [4, { kind: 'like', key: 'x' }],
]);

/** So many papers a day, ten of today, each hit by these interests. */
function world(today: number[][], before: number[][] = [], over: (nth: number) => Partial<FactPaper> = () => ({})) {
  const papers: FactPaper[] = [];
  const matches: { id: number; interestId: number; paperId: number; score: number; literal: boolean }[] = [];
  const add = (digestOn: string, hits: number[], more: Partial<FactPaper>) => {
    const paperId = papers.length + 1;
    const arrivedAt = new Date(`${digestOn}T02:00:00Z`);
    const listed = { source: 'hf', digestOn, arrivedAt, upvotes: null, comments: null };
    papers.push({ paperId, title: `Paper ${paperId}`, ...listed, ...more });
    for (const interestId of hits)
      matches.push({ id: matches.length + 1, interestId, paperId, score: 0.8, literal: true });
  };
  for (const day of BEFORE) for (let nth = 0; nth < 10; nth++) add(day, before[nth] ?? [], {});
  for (let nth = 0; nth < 10; nth++) add(SLOT_ON, today[nth] ?? [], over(nth));
  return { papers, matches };
}

function lineOf(
  { papers, matches }: ReturnType<typeof world>,
  reader: Partial<LineReader> = {},
  period: Period = 'day',
): DayLine | null {
  const facts = nameFacts(findDayFacts({ papers, matches, slotOn: SLOT_ON, period }), NAMES);
  return chooseDayLine(facts, {
    interests: [1, 2, 3, 4],
    lastNewsletterMs: null,
    last: null,
    mayName: () => true,
    ...reader,
  });
}

const all = (interest: number, count: number) =>
  Array.from({ length: 10 }, (_, nth) => (nth < count ? [interest] : []));

describe('what the sentence of the day tells', () => {
  test('a subject that is everywhere, and what is silent meanwhile', () => {
    const today = all(1, 5);
    expect(lineOf(world(today, [[1], [2], [2], [2], [2]]))).toEqual({
      kind: 'surge-quiet',
      interestId: 1,
      params: {
        ...{ topic: 'state-space-models', about: 'topic', count: 5, total: 10, period: 'day' },
        ...{ quiet: 'language agents', quietAbout: 'words' },
      },
    });
    expect(lineOf(world(today, [[1]]), { interests: [1] })).toMatchObject({ kind: 'surge' });
  });

  test('nothing where it is as frequent as ever, or rises by less than chance would', () => {
    expect(lineOf(world(all(1, 5), all(1, 5)))).toBeNull();
    expect(lineOf(world(all(1, 3), [[1], [1]]))).toBeNull();
  });

  test('what the reader did not ask for, or muted, is not told', () => {
    expect(lineOf(world(all(1, 5), [[1]]), { interests: [2, -1] })).toBeNull();
  });

  test('silence, where much is usual', () => {
    expect(lineOf(world([], all(2, 4)))).toMatchObject({ kind: 'quiet', params: { total: 10, usual: 4 } });
    expect(lineOf(world([], all(2, 1)))).toBeNull();
  });

  test('the first in two weeks, of an author too', () => {
    expect(lineOf(world([[3]]))).toMatchObject({
      kind: 'first',
      params: { weeks: 2, about: 'author', topic: 'ada lovelace' },
    });
    expect(lineOf(world([[4]]))).toBeNull();
  });

  test('an author is no subject that papers are full of', () => {
    expect(lineOf(world(all(3, 5), [[3]]))).toBeNull();
  });

  test('of a single list nothing is known to compare with', () => {
    const { papers, matches } = world(all(1, 10));
    expect(lineOf({ papers: papers.filter(({ digestOn }) => digestOn === SLOT_ON), matches })).toBeNull();
  });

  test('an organisation with many; the paper that leads; the most discussed', () => {
    const organization = { slug: 'kaist', name: 'KAIST' };
    expect(lineOf(world([], [], (nth) => (nth < 4 ? { organization } : {})))).toMatchObject({
      kind: 'organization',
      params: { organization: 'KAIST', count: 4, total: 10 },
    });
    expect(lineOf(world([], [], (nth) => ({ upvotes: nth === 3 ? 90 : 9 })))).toMatchObject({
      kind: 'ahead',
      params: { title: 'Paper 104', upvotes: 90, next: 9 },
    });
    expect(lineOf(world([], [], (nth) => ({ upvotes: nth === 3 ? 90 : 60 })))).toBeNull();
    expect(lineOf(world([], [], (nth) => ({ comments: nth === 0 ? 30 : 3 })))).toMatchObject({ kind: 'discussed' });
    expect(lineOf(world([], [], (nth) => ({ comments: nth === 0 ? 3 : 0 })))).toBeNull();
  });

  test('a paper that may not be named is not', () => {
    const led = world([], [], (nth) => ({ upvotes: nth === 3 ? 90 : 9 }));
    expect(lineOf(led, { mayName: (paperId) => paperId !== 104 })).toBeNull();
  });

  test('the week is held against the week before, and knows the steepest rise', () => {
    const { papers, matches } = world([]);
    const week = papers.map((paper) => ({ ...paper, rise: paper.paperId === 77 ? 60 : 4 }));
    expect(lineOf({ papers: week, matches }, {}, 'week')).toMatchObject({ kind: 'riser', params: { rise: 60 } });
    expect(lineOf({ papers: week, matches })).toBeNull();
    const inWeek = papers.filter(({ digestOn }) => digestOn >= addDays(SLOT_ON, -6)).slice(0, 20);
    const surge = inWeek.map(({ paperId }, nth) => ({
      id: nth + 1,
      interestId: 1,
      paperId,
      score: 0.8,
      literal: true,
    }));
    expect(lineOf({ papers, matches: surge }, {}, 'week')).toMatchObject({
      kind: 'surge',
      params: { count: 20, total: 50, period: 'week' },
    });
  });
});

describe('two sources with papers of their own', () => {
  /** Beside what one lists, what the other does: on each weekday before, today not yet. */
  const beside = (one: ReturnType<typeof world>, hits: number[][]) => {
    const other = world([], hits);
    const past = other.papers.filter(({ digestOn }) => digestOn !== SLOT_ON);
    const own = <Row extends { paperId: number }>(row: Row) => ({ ...row, paperId: row.paperId + 10_000 });
    return {
      papers: [...one.papers, ...past.map((paper) => ({ ...own(paper), source: 'arxiv' }))],
      matches: [...one.matches, ...other.matches.map(own)],
    };
  };

  test('when one alone has a list today, as it always is, then nothing is unusual', () => {
    const steady = world(all(1, 8), all(1, 8));
    expect(lineOf(beside(steady, []))).toBeNull(); // no surge of what it has
    expect(lineOf(beside(steady, all(2, 9)))).toBeNull(); // no silence of what the other has
    const organization = { slug: 'kaist', name: 'KAIST' };
    const papers = steady.papers.map((paper) => (paper.paperId % 10 === 0 ? paper : { ...paper, organization }));
    expect(lineOf(beside({ papers, matches: [] }, []))).toBeNull();
  });

  test('when one has what it never had, then it is the first only if the other had none either', () => {
    expect(lineOf(beside(world([[2]]), []))).toMatchObject({ kind: 'first' });
    expect(lineOf(beside(world([[2]]), [[2]]))).toBeNull();
  });

  test('when one has a list for the first time, then it has no past to compare with', () => {
    const one = world(all(1, 5));
    const fresh = one.papers.map((paper) => (paper.digestOn === SLOT_ON ? { ...paper, source: 'blog' } : paper));
    expect(lineOf({ papers: fresh, matches: one.matches })).toBeNull();
  });
});

describe('two newsletters running', () => {
  const both = world(
    all(1, 6).map((hits, nth) => (nth < 5 ? [...hits, 2] : hits)),
    [[1], [2]],
  );

  test('when the last one told the same, then the next surprise is told, in other words', () => {
    const first = lineOf(both);
    expect(first).toMatchObject({ kind: 'surge', interestId: 1 });
    const second = lineOf(both, { last: first });
    expect(second).toMatchObject({ kind: 'surge.again', interestId: 2 });
    expect(lineOf(both, { last: second })).toMatchObject({ kind: 'surge', interestId: 1 });
  });

  test('when there is nothing else, then there is no sentence', () => {
    expect(lineOf(both, { interests: [1], last: lineOf(both) })).toBeNull();
  });

  test('when no list came since, then there is none', () => {
    const last = new Date(`${SLOT_ON}T03:00:00Z`).getTime();
    expect(lineOf(both, { lastNewsletterMs: last })).toBeNull();
    expect(lineOf(both, { lastNewsletterMs: last - 7_200_000 })).not.toBeNull();
  });
});
