import { join } from 'node:path';
import type { PaperText } from '../../model/paper.ts';
import { jsonLines, OWN_SET, toPaper, type PaperLine } from './set.ts';

/** How two readers judged a pair: doubt counts neither way. */
export type Grade = 'main' | 'fair' | 'doubt' | 'wrong';

/** Days of papers, interests, and which papers are right for each. */
export interface DecisionSet {
  papers: (PaperText & { day: string })[];
  interests: { id: number; text: string }[];
  gradeOf(interest: number, paper: PaperText['id']): Grade;
}

/** Papers, interests and labels of our own that come with the program, invented for many fields. */
export const OWN_DECISIONS = join(OWN_SET, 'decisions.jsonl');

type Line =
  | { type: 'interest'; id: number; text: string }
  | ({ type: 'paper'; day: string } & PaperLine)
  | { type: 'label'; interest: number; paper: string; grade: Grade };

/** Reads a file of judged decisions; a pair without a label is wrong. */
export async function readDecisions(path: string): Promise<DecisionSet> {
  const lines = await jsonLines<Line>(path);
  const grades = new Map(
    lines.flatMap((line) => (line.type === 'label' ? [[`${line.interest} ${line.paper}`, line.grade] as const] : [])),
  );
  return {
    papers: lines.flatMap((line) => (line.type === 'paper' ? [{ ...toPaper(line), day: line.day }] : [])),
    interests: lines.flatMap((line) => (line.type === 'interest' ? [{ id: line.id, text: line.text }] : [])),
    gradeOf: (interest, paper) => grades.get(`${interest} ${paper}`) ?? 'wrong',
  };
}

/** A pair of interest and paper that was judged, with the probability given. */
export interface Decided {
  interest: number;
  day: string;
  grade: Grade;
  probability: number;
}

/** What a reader would notice of decisions. */
export interface DecisionFigures {
  precision: number;
  /** Of the papers that a reader would miss. */
  recallOfMain: number;
  /** Over all that are right. */
  f1: number;
  /** Wrong papers for each newsletter that holds any. */
  wrong: number;
}

/** Rates decisions at a line. */
export function rateDecisions(decided: readonly Decided[], line: number): DecisionFigures {
  const counted = decided.filter(({ grade }) => grade !== 'doubt');
  const taken = counted.filter(({ probability }) => probability >= line);
  const isRight = ({ grade }: Decided) => grade !== 'wrong';
  const right = taken.filter(isRight).length;
  const main = counted.filter(({ grade }) => grade === 'main');
  const newsletters = new Set(taken.map(({ interest, day }) => `${interest} ${day}`)).size;
  return {
    precision: right / (taken.length || 1),
    recallOfMain: main.filter(({ probability }) => probability >= line).length / (main.length || 1),
    f1: (2 * right) / (taken.length + counted.filter(isRight).length || 1),
    wrong: (taken.length - right) / (newsletters || 1),
  };
}

/** Papers given a probability in [from, to), and how many of them are right. */
export interface CalibrationBin {
  from: number;
  to: number;
  pairs: number;
  /** Mean of the probabilities given. */
  said: number;
  right: number;
}

const BINS = 10;

/** Sorts decisions into ten bins by the probability given; empty ones are left out. */
export function calibrationOf(decided: readonly Decided[]): CalibrationBin[] {
  const counted = decided.filter(({ grade }) => grade !== 'doubt');
  return Array.from({ length: BINS }, (_, bin) => {
    const [from, to] = [bin / BINS, (bin + 1) / BINS];
    const here = counted.filter(({ probability: p }) => p >= from && (p < to || bin === BINS - 1));
    const share = (sum: number) => sum / (here.length || 1);
    return {
      ...{ from, to, pairs: here.length },
      said: share(here.reduce((sum, { probability }) => sum + probability, 0)),
      right: share(here.filter(({ grade }) => grade !== 'wrong').length),
    };
  }).filter(({ pairs }) => pairs > 0);
}
