import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LINES, SELECTIVITIES, STORED_FROM, type Selectivity } from '../../src/model/match.ts';
import { createChooser, type Candidate } from '../../src/plan/choose-papers.ts';
import type { PostedMatch } from '../../src/plan/postings.ts';
import { MAX_SHIFT } from '../../src/plan/taste.ts';

const ON = '2026-01-05';
const COUNT = 20;
const papers = Array.from({ length: COUNT }, (_, at): Candidate => ({
  ...{ entryId: 1000 + at, paperId: at + 1, title: '', abstract: '', arrivedAt: new Date('2026-01-05T01:00:00Z') },
  ...{ source: 'hf', digestOn: ON, position: at + 1, upvotes: (at * 7) % 5, comments: null },
}));

/** Scores as the database gives them back, among them each line itself. */
const score = fc
  .oneof(
    fc.integer({ min: STORED_FROM * 100, max: 100 }).map((percent) => percent / 100),
    fc.constantFrom(...Object.values(LINES)),
  )
  .map(Math.fround);
const hits = fc
  .uniqueArray(
    fc.record({
      interestId: fc.integer({ min: 1, max: 6 }),
      paperId: fc.integer({ min: 1, max: COUNT }),
      ...{ score, literal: fc.boolean() },
    }),
    { selector: (hit) => `${hit.interestId} ${hit.paperId}`, minLength: 1, maxLength: 60 },
  )
  .map((list) => list.map((hit, at): PostedMatch => ({ ...hit, id: at + 1 })));
const INTERESTS = [1, 2, 3, 4, -6];

/** What a reader at each line gets from one chooser, whoever was asked for before. */
function chosenAt(matches: PostedMatch[], maxPapers: number) {
  const chooser = createChooser(papers, matches, ON);
  return (selectivity: Selectivity, byPaper?: readonly number[]) => {
    const shifts = Float64Array.from(chooser.candidates, ({ paperId }) => byPaper?.[paperId - 1] ?? 0);
    const taste = byPaper ? { lifts: shifts.map((shift) => 2 * shift), shifts } : null;
    const choice = chooser.choose({
      ...{ interests: INTERESTS, maxPapers, selectivity, shown: [], lastNewsletterMs: null, taste },
    });
    const places = Array.from({ length: choice?.count ?? 0 }, (_, place) => place);
    return {
      ids: places.map((place) => chooser.candidates[choice?.papers[place] ?? 0]?.paperId ?? 0),
      matchIds: places.map((place) => choice?.matchIds[place] ?? 0),
      fitting: (choice?.count ?? 0) + (choice?.moreCount ?? 0),
    };
  };
}

describe("the reader's line", () => {
  test('when papers score below it, then they are neither taken nor counted, and what scores the line itself is', () => {
    fc.assert(
      fc.property(hits, fc.integer({ min: 1, max: COUNT }), (matches, maxPapers) => {
        const at = chosenAt(matches, maxPapers);
        const muted = new Set(
          matches.filter((one) => one.interestId === 6 && one.literal).map(({ paperId }) => paperId),
        );
        for (const selectivity of [...SELECTIVITIES, ...SELECTIVITIES]) {
          const above = matches.filter(
            (one) => one.interestId <= 4 && one.score >= Math.fround(LINES[selectivity]) && !muted.has(one.paperId),
          );
          const fitting = new Set(above.map(({ paperId }) => paperId));
          const chosen = at(selectivity);
          expect(chosen.ids.filter((id) => !fitting.has(id))).toEqual([]);
          expect(chosen.matchIds.filter((id) => !above.some((one) => one.id === id))).toEqual([]);
          expect(chosen.fitting).toBe(fitting.size);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('when there is room for all, then a stricter reader gets nothing that a looser one does not', () => {
    fc.assert(
      fc.property(hits, (matches) => {
        const [sure, normal, more] = SELECTIVITIES.map((line) => new Set(chosenAt(matches, COUNT)(line).ids));
        expect([...(sure ?? [])].filter((id) => !normal?.has(id))).toEqual([]);
        expect([...(normal ?? [])].filter((id) => !more?.has(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('when a muted word is found by a match below every line, then the paper stays out all the same', () => {
    const one = { interestId: 1, paperId: 1, score: 1, literal: true, id: 1 };
    const muted = { interestId: 6, paperId: 1, score: Math.fround(STORED_FROM), literal: true, id: 2 };
    for (const line of SELECTIVITIES) {
      expect(chosenAt([one], 5)(line).ids).toEqual([1]);
      expect(chosenAt([one, muted], 5)(line).ids).toEqual([]);
    }
  });

  test('when reactions shift scores, then what reaches the line with them fits, and a reader without any is as before', () => {
    const shifts = fc.array(fc.double({ min: -MAX_SHIFT, max: MAX_SHIFT, noNaN: true }), {
      ...{ minLength: COUNT, maxLength: COUNT },
    });
    fc.assert(
      fc.property(hits, shifts, fc.integer({ min: 1, max: COUNT }), (matches, byPaper, maxPapers) => {
        const at = chosenAt(matches, maxPapers);
        const before = SELECTIVITIES.map((line) => at(line));
        for (const selectivity of SELECTIVITIES) {
          const least = Math.fround(LINES[selectivity]);
          const reaches = (one: PostedMatch) => one.score + (byPaper[one.paperId - 1] ?? 0) >= least;
          const muted = matches.filter((one) => one.interestId === 6 && one.literal).map(({ paperId }) => paperId);
          const above = matches.filter((one) => one.interestId <= 4 && reaches(one) && !muted.includes(one.paperId));
          const chosen = at(selectivity, byPaper);
          expect(chosen.fitting).toBe(new Set(above.map(({ paperId }) => paperId)).size);
          expect(chosen.matchIds.filter((id) => !above.some((one) => one.id === id))).toEqual([]);
          for (const id of chosen.matchIds)
            expect(matches.find((one) => one.id === id)?.score).toBeGreaterThanOrEqual(least - MAX_SHIFT);
        }
        expect(SELECTIVITIES.map((line) => at(line))).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  test('when nothing is asked for, then the day comes by trend at every line', () => {
    const chooser = createChooser(papers, [], ON);
    const counts = SELECTIVITIES.map(
      (selectivity) =>
        chooser.choose({ interests: [], maxPapers: 10, selectivity, shown: [], lastNewsletterMs: null })?.count,
    );
    expect(counts).toEqual([10, 10, 10]);
  });
});
