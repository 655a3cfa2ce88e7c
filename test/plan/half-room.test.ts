import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChooser, type Candidate, type ReaderWishes } from '../../src/plan/choose-papers.ts';
import type { PostedMatch } from '../../src/plan/postings.ts';

const SLOT_ON = '2026-01-05';
const EARLY = new Date('2026-01-04T01:00:00Z');
const LATE = new Date('2026-01-05T01:00:00Z');

const paper = (paperId: number, arrivedAt = LATE): Candidate => ({
  ...{ entryId: 1000 + paperId, paperId, arrivedAt, source: 'hf', digestOn: SLOT_ON, position: paperId },
  ...{ upvotes: null, comments: null, title: '', abstract: '' },
});

const match = (interestId: number, paperId: number, score: number): PostedMatch => ({
  ...{ id: 1000 * interestId + paperId, interestId, paperId, score, literal: true },
});

/** The interests that bring the papers of a newsletter, best paper first, each by its match. */
function brought(papers: Candidate[], matches: PostedMatch[], wishes: Partial<ReaderWishes>): number[] {
  const chooser = createChooser(papers, matches, SLOT_ON);
  const reader = { interests: [], maxPapers: 10, selectivity: 'normal' as const, shown: [], lastNewsletterMs: null };
  const choice = chooser.choose({ ...reader, ...wishes });
  return Array.from(choice?.matchIds.subarray(0, choice.count) ?? [], (id) => Math.floor(id / 1000));
}

const shareOf = (interest: number, of: number[]) => of.filter((one) => one === interest).length;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

test('when one interest fits a dozen papers better than all others, then it brings half of the room', () => {
  const papers = range(1, 21).map((id) => paper(id));
  const matches = [
    ...range(1, 13).map((id) => match(1, id, 0.95)),
    ...range(13, 18).map((id) => match(2, id, 0.55)),
    ...range(18, 21).map((id) => match(3, id, 0.52)),
  ];
  const ten = brought(papers, matches, { interests: [1, 2, 3] });
  expect([shareOf(1, ten), shareOf(2, ten), shareOf(3, ten)]).toEqual([5, 3, 2]);
  const seven = brought(papers, matches, { interests: [1, 2, 3], maxPapers: 7 });
  expect(shareOf(1, seven)).toBe(3);
  expect(brought(papers, matches, { interests: [1, 2, 3], maxPapers: 2 }).sort()).toEqual([1, 2]);
});

test('when the others cannot fill the rest, then the interest does: no place stays empty', () => {
  const papers = range(1, 13).map((id) => paper(id));
  const matches = [...range(1, 12).map((id) => match(1, id, 0.9)), match(2, 12, 0.6)];
  const ten = brought(papers, matches, { interests: [1, 2] });
  expect([shareOf(1, ten), shareOf(2, ten)]).toEqual([9, 1]);
  expect(brought(papers, matches, { interests: [1] })).toHaveLength(10);
});

test('when the news of the day is of an interest that has its half, then one of its own gives way', () => {
  const papers = [...range(1, 7).map((id) => paper(id, EARLY)), paper(7)];
  const matches = [
    ...[1, 2, 3].map((id) => match(1, id, 0.9)),
    ...[4, 5, 6].map((id) => match(2, id, 0.6)),
    match(1, 7, 0.55),
  ];
  const lastNewsletterMs = EARLY.getTime() + 1;
  const four = brought(papers, matches, { interests: [1, 2], maxPapers: 4, lastNewsletterMs });
  expect([shareOf(1, four), shareOf(2, four)]).toEqual([2, 2]);
});

test('no interest has more than half of the room while one with less has papers left out', () => {
  const scores = fc.array(fc.tuple(fc.nat(4), fc.nat(19), fc.integer({ min: 50, max: 99 })), { maxLength: 60 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 12 }), (drawn, maxPapers) => {
      const papers = range(1, 21).map((id) => paper(id));
      const best = new Map(drawn.map(([of, at, score]) => [`${of} ${at}`, match(of + 1, at + 1, score / 100)]));
      const matches = [...best.values()];
      const wishes = { interests: [1, 2, 3, 4, 5] };
      const all = brought(papers, matches, { ...wishes, maxPapers: 50 });
      const taken = brought(papers, matches, { ...wishes, maxPapers });
      expect(taken).toHaveLength(Math.min(maxPapers, all.length));
      const half = Math.max(1, Math.floor(maxPapers / 2));
      const over = wishes.interests.filter((one) => shareOf(one, taken) > half);
      const short = wishes.interests.filter((one) => shareOf(one, taken) < Math.min(half, shareOf(one, all)));
      if (over.length > 0) expect(short).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
