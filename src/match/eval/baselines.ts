import { countSequence } from '../occurrences.ts';
import { indexPapers, readPaper } from '../paper-index.ts';
import type { EvalSet, EvalSystem } from './set.ts';
import { stemsOf } from '../tokens.ts';

/**
 * The simple ways of matching that ours is measured against; they share our words and stems, so that the comparison is
 * fair.
 */
export const BASELINES: EvalSystem[] = [
  { name: 'exact phrase', open: (set) => rankBy(set, scorePhrase) },
  { name: 'all words', open: (set) => rankBy(set, (base, stems) => keepAll(base, stems, scoreBm25(base, stems))) },
  { name: 'BM25, title × 3', open: (set) => rankBy(set, scoreBm25) },
  { name: 'phrase + all words + BM25', open: (set) => rankBy(set, scoreMix) },
];

type Base = ReturnType<typeof indexPapers>;
type Score = (base: Base, stems: string[]) => Float64Array;

function rankBy(set: EvalSet, score: Score) {
  const base = indexPapers(set.papers.map(readPaper));
  return (text: string) => {
    const scores = score(base, [...new Set(stemsOf(text))]);
    const places = [...scores.keys()].filter((at) => (scores[at] ?? 0) > 0);
    places.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
    return places.map((at) => set.papers[at]?.id ?? '');
  };
}

function scorePhrase(base: Base, stems: string[]): Float64Array {
  const scores = new Float64Array(base.papers.length);
  countSequence(
    base,
    { stems, across: true },
    (paper, inTitle, inAbstract) => (scores[paper] = 3 * inTitle + inAbstract),
  );
  return scores;
}

/** Robertson and Zaragoza, 2009: k1 = 1.2, b = 0.75. */
function scoreBm25(base: Base, stems: string[]): Float64Array {
  const scores = new Float64Array(base.papers.length);
  const meanLength = base.lengths.reduce((sum, length) => sum + length, 0) / (base.lengths.length || 1);
  for (const stem of stems) {
    const having = base.postings.get(stem)?.papers.length ?? 0;
    const rarity = Math.log(1 + (base.papers.length - having + 0.5) / (having + 0.5));
    countSequence(base, { stems: [stem] }, (paper, inTitle, inAbstract) => {
      const count = 3 * inTitle + inAbstract;
      const norm = 1.2 * (0.25 + (0.75 * (base.lengths[paper] ?? 0)) / meanLength);
      scores[paper]! += (rarity * count * 2.2) / (count + norm);
    });
  }
  return scores;
}

function keepAll(base: Base, stems: string[], scores: Float64Array): Float64Array {
  const found = new Int32Array(scores.length);
  for (const stem of stems) for (const paper of base.postings.get(stem)?.papers ?? []) found[paper]! += 1;
  return scores.map((score, paper) => (found[paper] === stems.length ? score : 0));
}

/**
 * The strongest simple one: a point for the phrase (half more in the title), half a point for all words, and BM25
 * brought to [0,1].
 */
function scoreMix(base: Base, stems: string[]): Float64Array {
  const words = scoreBm25(base, stems);
  const most = words.reduce((top, score) => Math.max(top, score), 0) || 1;
  const all = keepAll(base, stems, words);
  const scores = words.map((score, paper) => score / most + ((all[paper] ?? 0) > 0 ? 0.5 : 0));
  countSequence(base, { stems, across: true }, (paper, inTitle) => (scores[paper]! += inTitle > 0 ? 1.5 : 1));
  return scores;
}
