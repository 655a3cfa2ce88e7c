import type { Looked, Looker } from './look-at-paper.ts';
import type { Ranking } from './ranking.ts';

/** The steps of a choice, in order, as far as whoever explains one looks at what they did. */
export type ChoiceStep = 'shown' | 'muted' | 'collected';

/** How one paper fared in a choice. */
export interface PaperFate {
  /** Among what the slot may draw on; where it is not, the rest says nothing. */
  present: boolean;
  shown: boolean;
  /** The muted interest that leaves it out; null where none does. */
  mutedBy: number | null;
  /** Neither shown nor muted, and right for the reader. */
  fits: boolean;
  /** The wanted interest that scores best, whatever the line; null where none is stored. */
  best: Looked['best'];
  /** 1 for the best of those that fit; 0 where it does not. */
  place: number;
  /** Left for another day as the near-duplicate of one that was taken. */
  twin: boolean;
  /** 1 for the first of those taken; 0 where it was not. */
  takenAt: number;
}

/** What became of a choice. */
export interface Explained {
  /** nothing: no paper fits · no-news: some do, but none arrived since the last newsletter. */
  outcome: 'chosen' | 'nothing' | 'no-news';
  /** Papers there are, those of them not shown before, those that fit, and those taken. */
  candidates: number;
  considered: number;
  fitting: number;
  taken: number;
  paper: PaperFate;
}

const ABSENT: PaperFate = {
  ...{ present: false, shown: false, mutedBy: null, fits: false },
  ...{ best: null, place: 0, twin: false, takenAt: 0 },
};

/**
 * Explains a choice by looking at a candidate (-1: none) between the steps of the very choice; `choose` makes it and
 * says after which step it is.
 */
export function explainChoice(
  ranking: Ranking,
  { shown, ...reader }: Looker & { shown: ArrayLike<number> },
  index: number,
  choose: (after: (step: ChoiceStep) => void) => { papers: Int32Array; count: number } | null,
): Explained {
  const looks = new Map<ChoiceStep, Looked>();
  let fitting = 0;
  const choice = choose((step) => {
    if (step === 'collected') fitting = ranking.eligibleCount();
    if (index >= 0) looks.set(step, ranking.lookAt(index, reader));
  });
  const [barred, collected] = [looks.get('shown')?.barred ?? false, looks.get('collected')];
  const takenAt = 1 + (choice ? choice.papers.subarray(0, choice.count).indexOf(index) : -1);
  const fits = collected?.fits ?? false;
  return {
    outcome: choice ? 'chosen' : fitting === 0 ? 'nothing' : 'no-news',
    candidates: ranking.candidateCount,
    considered: ranking.candidateCount - new Set(Array.from(shown)).size,
    fitting,
    taken: choice?.count ?? 0,
    paper: !collected
      ? ABSENT
      : {
          ...{ present: true, shown: barred, mutedBy: collected.mutedBy, fits, best: collected.best },
          place: fits ? collected.place : 0,
          twin: fits && takenAt === 0 && ranking.lookAt(index, reader).held,
          takenAt,
        },
  };
}
