import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastPerhaps, leastScore, SELECTIVITIES, type Selectivity } from '../../src/model/match.ts';
import { createChooser, type Candidate, type ReaderWishes } from '../../src/plan/choose-papers.ts';
import type { PostedMatch } from '../../src/plan/postings.ts';

const SLOT_ON = '2026-01-05';
const paper = (paperId: number, over: Partial<Candidate> = {}): Candidate => ({
  ...{ entryId: 1000 + paperId, paperId, arrivedAt: new Date('2026-01-05T01:00:00Z'), source: 'hf', digestOn: SLOT_ON },
  ...{ position: paperId, upvotes: null, comments: null, title: '', abstract: '' },
  ...over,
});
const match = (interestId: number, paperId: number, score: number, literal = true): PostedMatch => ({
  ...{ id: 1000 * interestId + paperId, interestId, paperId, literal },
  score: Math.fround(score),
});

function choose(papers: Candidate[], matches: PostedMatch[], over: Partial<ReaderWishes> & { shownIds?: number[] }) {
  const chooser = createChooser(papers, matches, SLOT_ON);
  const idAt = (index: number) => chooser.candidates[index]?.paperId ?? 0;
  const shown = chooser.candidates.flatMap(({ paperId }, at) => (over.shownIds?.includes(paperId) ? [at] : []));
  const choice = chooser.choose({
    ...{ interests: [1], maxPapers: 10, selectivity: 'normal', shown, lastNewsletterMs: null, perhaps: true },
    ...over,
  });
  return {
    chosen: choice,
    papers: Array.from(choice?.papers.subarray(0, choice.count) ?? [], idAt),
    perhaps: Array.from(choice?.perhaps.subarray(0, choice.perhapsCount) ?? [], idAt),
    matchIds: Array.from(choice?.perhapsMatchIds.subarray(0, choice.perhapsCount) ?? []),
    trending: Array.from(choice?.trending.subarray(0, choice.trendingCount) ?? [], idAt),
  };
}

test('a reader who asked for it gets what is somewhat below the line, best first, with its match; others nothing', () => {
  const papers = [1, 2, 3, 4, 5].map((id) => paper(id));
  const matches = [match(1, 1, 0.9), match(1, 2, 0.36), match(1, 3, 0.49), match(1, 4, 0.34), match(2, 5, 0.45)];
  const asked = choose(papers, matches, {});
  expect([asked.papers, asked.perhaps, asked.matchIds]).toEqual([[1], [3, 2], [1003, 1002]]);
  expect(asked.trending).not.toContain(3);
  expect(choose(papers, matches, { perhaps: false }).perhaps).toEqual([]);
  expect(choose(papers, matches, { selectivity: 'sure' }).papers).toEqual([1]);
  expect(choose(papers, matches, { selectivity: 'more' })).toMatchObject({ papers: [1, 3, 2], perhaps: [4] });
});

test('never one that was shown, is muted, fits but found no room, or is much like one that stands above', () => {
  const text =
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen';
  const papers = [1, 2, 3, 4, 5, 6].map((id) => paper(id, id === 1 || id === 6 ? { abstract: text } : {}));
  const matches = [
    ...[match(1, 1, 0.9), match(1, 2, 0.45), match(1, 3, 0.45), match(1, 4, 0.6), match(1, 5, 0.4), match(1, 6, 0.4)],
    match(9, 3, 0.9),
  ];
  const made = choose(papers, matches, { interests: [1, -9], shownIds: [2], maxPapers: 1 });
  expect([made.papers, made.perhaps]).toEqual([[1], [5]]);
});

test('alone it makes no newsletter', () => {
  expect(choose([paper(1)], [match(1, 1, 0.45)], {}).chosen).toBeNull();
});

test('where reactions move scores, then what they leave below the line is perhaps right', () => {
  const papers = [1, 2, 3].map((id) => paper(id));
  const matches = [match(1, 1, 0.9), match(1, 2, 0.55), match(1, 3, 0.32)];
  const shifts = (byPaper: number[]) => (chooser: number) => byPaper[chooser] ?? 0;
  const by = shifts([0, -0.1, 0.1]);
  // Without numbers to set them apart, the candidates stand in the order of their ids.
  const taste = { lifts: Float64Array.of(0, 0, 0), shifts: Float64Array.from([0, 1, 2], by) };
  expect(choose(papers, matches, { taste })).toMatchObject({ papers: [1], perhaps: [2, 3] });
});

test('at most five, all within the band of the line, none twice', () => {
  const drawn = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 30, max: 99 })),
    {
      maxLength: 50,
    },
  );
  fc.assert(
    fc.property(drawn, fc.constantFrom<Selectivity>(...SELECTIVITIES), (hits, selectivity) => {
      const papers = Array.from({ length: 20 }, (_, at) => paper(at + 1));
      const best = new Map(hits.map(([of, id, score]) => [`${of} ${id}`, match(of, id, score / 100)]));
      const matches = [...best.values()];
      const made = choose(papers, matches, { interests: [1, 2, 3], selectivity, maxPapers: 4 });
      if (!made.chosen) return;
      const bestOf = (id: number) =>
        Math.max(0, ...matches.filter((one) => one.paperId === id).map(({ score }) => score));
      const near = papers.filter(({ paperId }) => {
        const score = bestOf(paperId);
        return score >= leastPerhaps(selectivity) && score < leastScore(selectivity);
      });
      expect(made.perhaps).toHaveLength(Math.min(5, near.length));
      expect(new Set([...made.perhaps, ...made.papers, ...made.trending]).size).toBe(
        made.perhaps.length + made.papers.length + made.trending.length,
      );
      for (const id of made.perhaps) expect(near.map(({ paperId }) => paperId)).toContain(id);
    }),
  );
});
