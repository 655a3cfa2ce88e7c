import { describe, expect, it } from 'vitest';
import { createChooser, type Candidate, type ReaderWishes } from '../../src/plan/choose-papers.ts';
import type { PostedMatch } from '../../src/plan/postings.ts';

const SLOT_ON = '2026-01-05';
const OLD = new Date('2026-01-03T01:00:00Z');

function paper(paperId: number, over: Partial<Candidate> = {}): Candidate {
  const read = { upvotes: null, comments: null, title: '', abstract: '' };
  const listed = { source: 'hf', digestOn: SLOT_ON, position: paperId, ...read };
  return { entryId: 1000 + paperId, paperId, arrivedAt: new Date('2026-01-05T01:00:00Z'), ...listed, ...over };
}

let nextMatch = 1;
const match = (interestId: number, paperId: number, score: number): PostedMatch => ({
  ...{ id: nextMatch++, interestId, paperId, score, literal: true },
});

/** Chooses with these papers as the editor's; papers are named by their ids. */
function chosen(
  papers: Candidate[],
  matches: PostedMatch[],
  {
    picks,
    shown = [],
    ...wishes
  }: Partial<Omit<ReaderWishes, 'picks' | 'shown'>> & { picks: number[]; shown?: number[] },
) {
  const chooser = createChooser(papers, matches, SLOT_ON);
  const indexOf = (id: number) => chooser.candidates.findIndex(({ paperId }) => paperId === id);
  const choice = chooser.choose({
    ...{ interests: [7], maxPapers: 3, selectivity: 'normal', lastNewsletterMs: null, ...wishes },
    ...{ shown: shown.map(indexOf), picks: picks.map(indexOf) },
  });
  const ids = (some: Int32Array) => Array.from(some, (index) => chooser.candidates[index]!.paperId);
  return (
    choice && {
      papers: ids(choice.papers.subarray(0, choice.count)),
      matched: Array.from(choice.matchIds.subarray(0, choice.count), (id) => id > 0),
      more: choice.moreCount,
      trending: ids(choice.trending.subarray(0, choice.trendingCount)),
    }
  );
}

const five = [1, 2, 3, 4, 5].map((id) => paper(id));
const threeFit = () => [match(7, 1, 0.9), match(7, 2, 0.8), match(7, 3, 0.7)];

describe("the editor's papers", () => {
  it('when there is room, then they stand behind those of the reader', () => {
    expect(chosen(five, [match(7, 1, 0.9)], { picks: [4] })).toMatchObject({
      ...{ papers: [1, 4], matched: [true, false], more: 0 },
    });
  });

  it('when there is no room, then the last ones give way, never the best, and the reader gets no more than they asked for', () => {
    expect(chosen(five, threeFit(), { picks: [4] })).toMatchObject({ papers: [1, 2, 4], more: 1 });
    expect(chosen(five, threeFit(), { picks: [4, 5] })).toMatchObject({ papers: [1, 4, 5], more: 2 });
    expect(chosen(five, threeFit(), { picks: [4, 5], maxPapers: 2 })).toMatchObject({ papers: [1, 4], more: 2 });
    expect(chosen(five, threeFit(), { picks: [4, 5], maxPapers: 1 })).toMatchObject({ papers: [1], more: 2 });
  });

  it('when one is among the papers of the reader, then it keeps its place and its match, and does not give way', () => {
    expect(chosen(five, threeFit(), { picks: [1] })).toMatchObject({ papers: [1, 2, 3], more: 0 });
    expect(chosen(five, threeFit(), { picks: [3, 4] })).toMatchObject({
      papers: [1, 3, 4],
      matched: [true, true, false],
    });
  });

  it('when one fits but had no room, then it comes with its match', () => {
    const found = chosen(five, [...threeFit(), match(7, 4, 0.6)], { picks: [4] });
    expect(found).toMatchObject({ papers: [1, 2, 4], matched: [true, true, true], more: 1 });
  });

  it('when one is muted, then it does not come', () => {
    const matches = [match(7, 1, 0.9), match(8, 4, 0.9)];
    expect(chosen(five, matches, { picks: [4, 5], interests: [7, -8] })).toMatchObject({ papers: [1, 5] });
    expect(chosen(five, matches, { picks: [4], interests: [-8] })?.papers).not.toContain(4);
  });

  it('when one was shown before, then it does not come again', () => {
    expect(chosen(five, [match(7, 1, 0.9)], { picks: [4], shown: [4] })).toMatchObject({ papers: [1] });
  });

  it('when nothing else fits, or nothing of it is new, then none of them makes a mail', () => {
    expect(chosen(five, [match(7, 1, 0.9)], { picks: [4], shown: [1] })).toBeNull();
    const papers = [paper(1, { arrivedAt: OLD }), paper(2)];
    const since = new Date('2026-01-04T08:00:00Z').getTime();
    expect(chosen(papers, [match(7, 1, 0.9)], { picks: [2], lastNewsletterMs: since })).toBeNull();
  });

  it('when the last paper is the only news, then another one gives way', () => {
    const papers = [1, 2, 4].map((id) => paper(id, { arrivedAt: OLD })).concat(paper(3));
    const since = new Date('2026-01-04T08:00:00Z').getTime();
    expect(chosen(papers, threeFit(), { picks: [4], lastNewsletterMs: since })?.papers).toEqual([1, 3, 4]);
  });

  it('when one is much like a paper that was taken, or the two are alike, then there is one of them', () => {
    const abstract =
      'We measure how the tides of the northern bays move the sand that lies on their floors each spring.';
    const alike = [paper(1, { abstract }), paper(2), paper(4, { abstract }), paper(5, { abstract })];
    expect(chosen(alike, [match(7, 1, 0.9), match(7, 2, 0.8)], { picks: [4] })?.papers).toEqual([1, 2]);
    expect(chosen(alike.slice(1), [match(7, 2, 0.8)], { picks: [4, 5] })?.papers).toEqual([2, 4]);
  });

  it('when they stand among the papers, then they are not named as trending too', () => {
    expect(chosen(five, [match(7, 1, 0.9)], { picks: [2] })?.trending).toEqual([3, 4, 5]);
  });

  it('when the reader wants nothing, then the day comes by trend, and theirs behind it', () => {
    expect(chosen(five, [], { picks: [5], interests: [] })).toMatchObject({ papers: [1, 2, 5], more: 2 });
  });
});
