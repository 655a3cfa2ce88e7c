import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createChooser,
  type Candidate,
  type Choice,
  type Chooser,
  type ReaderWishes,
} from '../../src/plan/choose-papers.ts';
import type { PostedMatch } from '../../src/plan/postings.ts';
import { trendScores } from '../../src/plan/trend.ts';

const SLOT_ON = '2026-01-05';

function paper(paperId: number, over: Partial<Candidate> = {}): Candidate {
  const read = { upvotes: null, comments: null, title: '', abstract: '' };
  const listed = { source: 'hf', digestOn: SLOT_ON, position: paperId, ...read };
  return { entryId: 1000 + paperId, paperId, arrivedAt: new Date('2026-01-05T01:00:00Z'), ...listed, ...over };
}

let nextMatch = 1;
function match(interestId: number, paperId: number, score: number, literal = true): PostedMatch {
  return { id: nextMatch++, interestId, paperId, score, literal };
}

function reader(over: Partial<ReaderWishes> = {}): ReaderWishes {
  return { interests: [], maxPapers: 10, selectivity: 'normal', shown: [], lastNewsletterMs: null, ...over };
}

function read(chooser: Chooser, choice: Choice | null): number[] | null {
  return (
    choice && Array.from(choice.papers.subarray(0, choice.count), (index) => chooser.candidates[index]?.paperId ?? 0)
  );
}

function chosen(papers: Candidate[], matches: PostedMatch[], wishes: Partial<ReaderWishes>): number[] | null {
  const chooser = createChooser(papers, matches, SLOT_ON);
  return read(chooser, chooser.choose(reader(wishes)));
}

const indexesOf = (chooser: Chooser, ids: number[]) =>
  chooser.candidates.flatMap(({ paperId }, index) => (ids.includes(paperId) ? [index] : []));

describe('createChooser', () => {
  it('when a reader wants something, then the papers that match come, best first, and no others', () => {
    const papers = [paper(1), paper(2), paper(3), paper(4)];
    expect(chosen(papers, [match(7, 3, 0.9), match(7, 2, 0.5), match(8, 4, 0.9)], { interests: [7] })).toEqual([3, 2]);
  });

  it('when a reader wants nothing, then the day comes by trend: upvotes first', () => {
    const papers = [paper(1, { upvotes: 3 }), paper(2, { upvotes: 90 }), paper(3, { upvotes: 20 })];
    expect(chosen(papers, [], {})).toEqual([2, 3, 1]);
  });

  it('when there are no upvotes, then comments and position make the trend', () => {
    const papers = [paper(1, { comments: 1 }), paper(2, { comments: 30 }), paper(3, { comments: 1 })];
    expect(chosen(papers, [], {})).toEqual([2, 1, 3]);
  });

  it('when a paper holds a muted word, then it is out, however well it fits', () => {
    const papers = [paper(1), paper(2)];
    const matches = [match(7, 1, 1), match(7, 2, 0.53), match(9, 1, 0.31)];
    expect(chosen(papers, matches, { interests: [7, -9] })).toEqual([2]);
    expect(chosen(papers, matches, { interests: [-9] })).toEqual([2]);
  });

  it('when a paper is only related to a muted word, then it stays', () => {
    expect(chosen([paper(1)], [match(7, 1, 1), match(9, 1, 0.9, false)], { interests: [7, -9] })).toEqual([1]);
  });

  it('when the same interest is wanted and muted, then muted wins', () => {
    expect(chosen([paper(1)], [match(7, 1, 1)], { interests: [7, -7] })).toBeNull();
  });

  it('when a paper was shown, then it never comes again', () => {
    const chooser = createChooser([paper(1), paper(2)], [match(7, 1, 0.9), match(7, 2, 0.6)], SLOT_ON);
    const shown = indexesOf(chooser, [1]);
    expect(read(chooser, chooser.choose(reader({ interests: [7], shown })))).toEqual([2]);
    expect(chooser.choose(reader({ interests: [7], shown: indexesOf(chooser, [1, 2]) }))).toBeNull();
  });

  it('when nothing arrived since the last newsletter, then there is none', () => {
    const lastNewsletterMs = Date.parse('2026-01-05T02:00:00Z');
    expect(chosen([paper(1)], [match(7, 1, 1)], { interests: [7], lastNewsletterMs })).toBeNull();
  });

  it('when old papers fill every place and a new one fits, then the new one gets the last place', () => {
    const old = { arrivedAt: new Date('2026-01-03T00:00:00Z'), digestOn: '2026-01-03' };
    const papers = [paper(1, old), paper(2, old), paper(3, { position: 99 })];
    const matches = [match(7, 1, 0.99), match(7, 2, 0.98), match(7, 3, 0.53)];
    const lastNewsletterMs = Date.parse('2026-01-04T08:00:00Z');
    expect(chosen(papers, matches, { interests: [7], maxPapers: 2, lastNewsletterMs })).toEqual([1, 3]);
  });

  it('when one interest is broad and another narrow, then the narrow one has its place', () => {
    const papers = Array.from({ length: 12 }, (_, index) => paper(index + 1));
    const matches = [...papers.slice(0, 11).map(({ paperId }) => match(7, paperId, 0.9)), match(8, 12, 0.53)];
    expect(chosen(papers, matches, { interests: [7, 8], maxPapers: 3 })).toContain(12);
  });

  it('when more fits than a newsletter holds, then it says how many more', () => {
    const papers = Array.from({ length: 9 }, (_, index) => paper(index + 1));
    const chooser = createChooser(
      papers,
      papers.map(({ paperId }) => match(7, paperId, 0.5)),
      SLOT_ON,
    );
    const choice = chooser.choose(reader({ interests: [7], maxPapers: 4, shown: indexesOf(chooser, [1]) }));
    expect([choice?.count, choice?.moreCount, choice?.consideredCount]).toEqual([4, 4, 8]);
  });

  describe('near-duplicates', () => {
    const abstract = 'We teach a gripper to tell ripe fruit from unripe by touch alone, on three orchards.';
    const text = (title: string, words = abstract) => ({ title, abstract: words });
    const papers = [
      paper(1, text('Ripe or not')),
      paper(2, text('Grippers that feel', `Extended: ${abstract}`)),
      paper(3, text('Reading contracts', 'Clauses that bind nobody are found by a parser.')),
    ];
    const matches = [match(7, 1, 0.6), match(7, 2, 0.9), match(7, 3, 0.55), match(8, 1, 0.7)];
    const chooser = createChooser(papers, matches, SLOT_ON);

    it('when two fit, then the better one comes, and the other is counted as more', () => {
      const choice = chooser.choose(reader({ interests: [7] }));
      expect([read(chooser, choice), choice?.moreCount]).toEqual([[2, 3], 1]);
      expect(read(chooser, chooser.choose(reader({ interests: [7, 8], maxPapers: 2 })))).toEqual([2, 3]);
    });

    it('when a reader wants nothing, then no two of the day stand together either', () => {
      expect(read(chooser, chooser.choose(reader()))).toEqual([1, 3]);
    });

    it('when the better one was shown or is muted, then the other is free to come', () => {
      const shown = indexesOf(chooser, [2]);
      expect(read(chooser, chooser.choose(reader({ interests: [7], shown })))).toEqual([1, 3]);
      const muted = createChooser(papers, [...matches, match(9, 2, 1)], SLOT_ON);
      expect(read(muted, muted.choose(reader({ interests: [7, -9] })))).toEqual([1, 3]);
    });

    it('when only the worse one is new, then it takes the place of the better', () => {
      const old = { arrivedAt: new Date('2026-01-03T00:00:00Z') };
      const aged = papers.map((one) => (one.paperId === 1 ? one : { ...one, ...old }));
      const lastNewsletterMs = Date.parse('2026-01-04T08:00:00Z');
      expect(chosen(aged, matches, { interests: [7], lastNewsletterMs })).toEqual([1, 3]);
    });

    it('when one is chosen, then the other is not said to trend beside it', () => {
      const choice = chooser.choose(reader({ interests: [8] }))!;
      const trending = Array.from(choice.trending.subarray(0, choice.trendingCount), (index) => papers[index]?.paperId);
      expect(trending).toEqual([3]);
    });
  });

  it('when a reader has interests, then the rest of the day trends beside them, without muted or shown papers', () => {
    const papers = [1, 2, 3, 4, 5].map((id) => paper(id, { upvotes: 100 - id }));
    const chooser = createChooser(papers, [match(7, 1, 0.9), match(9, 2, 0.9)], SLOT_ON);
    const choice = chooser.choose(reader({ interests: [7, -9], shown: indexesOf(chooser, [3]) }))!;
    const trending = Array.from(
      choice.trending.subarray(0, choice.trendingCount),
      (index) => chooser.candidates[index]?.paperId,
    );
    expect(trending).toEqual([4, 5]);
  });

  it('when movers are wanted, then the highest rises come that stand nowhere else in the newsletter, without muted or shown papers', () => {
    const papers = [1, 2, 3, 4, 5, 6, 7, 8].map((id) =>
      paper(id, {
        rise: id === 8 ? undefined : 10 * id,
        upvotes: id === 4 ? 90 : 1,
        digestOn: id === 4 ? SLOT_ON : '2026-01-02',
      }),
    );
    const chooser = createChooser(papers, [match(7, 1, 0.9), match(9, 2, 0.9)], SLOT_ON);
    const wishes = { interests: [7, -9], shown: indexesOf(chooser, [7]) };
    const choice = chooser.choose(reader({ ...wishes, movers: true }))!;
    const movers = () =>
      Array.from(choice.movers.subarray(0, choice.moverCount), (index) => chooser.candidates[index]?.paperId);
    expect(movers()).toEqual([6, 5, 3]); // 4 trends, 1 is chosen, 2 muted, 7 shown, 8 has no known rise
    expect(chooser.choose(reader(wishes))?.moverCount).toBe(0);
    chooser.choose(reader({ maxPapers: 2, movers: true }));
    expect(movers()).toEqual([7, 6, 5, 3, 2]); // nothing wanted: 4 and the next by trend are the list itself
  });

  it('when two interests hit a paper, then it goes before one that a single interest hits as well', () => {
    const papers = [paper(1), paper(2)].map((one) => ({ ...one, position: 1 }));
    const matches = [match(7, 1, 0.6), match(7, 2, 0.6), match(8, 2, 0.5)];
    expect(chosen(papers, matches, { interests: [7, 8] })).toEqual([2, 1]);
  });

  it('when a reader has reactions, then they move papers up and down', () => {
    const papers = [paper(1), paper(2), paper(3)];
    const matches = [match(7, 1, 0.6), match(7, 2, 0.6), match(7, 3, 0.6)];
    const chooser = createChooser(papers, matches, SLOT_ON);
    const lifts = Float64Array.from(chooser.candidates, ({ paperId }) =>
      paperId === 3 ? 0.5 : paperId === 1 ? -0.5 : 0,
    );
    const taste = { lifts, shifts: new Float64Array(lifts.length) };
    expect(read(chooser, chooser.choose(reader({ interests: [7], taste })))).toEqual([3, 2, 1]);
    expect(read(chooser, chooser.choose(reader({ taste })))).toEqual([3, 2, 1]);
    expect(read(chooser, chooser.choose(reader({ interests: [7] })))).toEqual([1, 2, 3]);
  });

  it('when the matches come in another order, then the choice is the same', () => {
    const papers = Array.from({ length: 30 }, (_, index) => paper(index + 1, { upvotes: (index * 7) % 5 }));
    const score = fc.integer({ min: 50, max: 100 }).map((percent) => percent / 100);
    const hits = fc.uniqueArray(
      fc.record({ interestId: fc.integer({ min: 1, max: 6 }), paperId: fc.integer({ min: 1, max: 30 }), score }),
      {
        selector: (hit) => `${hit.interestId} ${hit.paperId}`,
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(hits, fc.integer({ min: 1, max: 12 }), (list, maxPapers) => {
        const matches = list.map((hit, index) => ({ ...hit, id: index + 1, literal: true }));
        const wishes = { interests: [1, 2, 3, -6], maxPapers };
        const once = chosen(papers, matches, wishes);
        expect(chosen([...papers].reverse(), [...matches].reverse(), wishes)).toEqual(once);
        const muted = new Set(matches.filter(({ interestId }) => interestId === 6).map(({ paperId }) => paperId));
        const wanted = matches
          .filter((hit) => hit.interestId <= 3 && !muted.has(hit.paperId))
          .map(({ paperId }) => paperId);
        expect(new Set(once ?? [])).toEqual(new Set((once ?? []).filter((id) => wanted.includes(id))));
        expect(once?.length ?? 0).toBe(Math.min(maxPapers, new Set(wanted).size));
      }),
      { numRuns: 200 },
    );
  });
});

describe('trendScores', () => {
  it('when a list is two days old, then it counts half, so that new beats old', () => {
    const [today, old] = trendScores(
      [paper(1, { upvotes: 9 }), paper(1, { upvotes: 9, digestOn: '2026-01-03' })],
      SLOT_ON,
    );
    expect(old).toBeCloseTo((today ?? 0) / 2, 10);
  });

  it('when lists of two sources share a day, then each paper is held against its own', () => {
    const first = (over: Partial<Candidate>) => paper(1, over);
    const second = (over: Partial<Candidate>) => paper(2, over);
    const trend = (...papers: Candidate[]) => [...trendScores(papers, SLOT_ON)];
    const voted = [first({ upvotes: 200 }), second({ upvotes: 20 })];
    const quiet = [first({ source: 'arxiv', comments: 9 }), second({ source: 'arxiv' })];
    expect(trend(...voted, ...quiet)).toEqual([...trend(...voted), ...trend(...quiet)]);
    expect(trend(...voted, ...quiet)[2]).toBe(1); // the most comments, and the first place
    const other = [first({ source: 'blog', upvotes: 8 }), second({ source: 'blog', upvotes: 2 })];
    const [one, , another] = trend(...voted, ...other);
    expect([one, another]).toEqual([1, 1]);
  });
});
