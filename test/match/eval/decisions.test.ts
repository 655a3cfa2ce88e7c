import { describe, expect, test } from 'vitest';
import {
  calibrationOf,
  OWN_DECISIONS,
  rateDecisions,
  readDecisions,
  type Decided,
  type Grade,
} from '../../../src/match/eval/decisions.ts';
import { decidePair, decideUnseen, fitDecision, judgePairs } from '../../../src/match/eval/fit-decision.ts';
import { loadKnowledge } from '../../../src/match/knowledge.ts';
import { LINES } from '../../../src/model/match.ts';
import { sharedPath } from '../../support/shared.ts';

const decided = (grade: Grade, probability: number, day = 'd1'): Decided => ({ interest: 1, day, grade, probability });

describe('decisions are rated as a reader would', () => {
  const some = [
    decided('main', 0.9),
    decided('main', 0.2),
    decided('fair', 0.6, 'd2'),
    decided('wrong', 0.5, 'd2'),
    decided('wrong', 0.4),
    decided('doubt', 0.8, 'd3'),
  ];
  test('when some are right, then precision, recall of what would be missed, F1 and wrong ones a newsletter are told', () => {
    const { precision, recallOfMain, f1, wrong } = rateDecisions(some, 0.5);
    expect(precision).toBeCloseTo(2 / 3);
    expect(recallOfMain).toBeCloseTo(1 / 2);
    expect(f1).toBeCloseTo(4 / 6);
    expect(wrong).toBeCloseTo(1 / 2);
  });
  test('when nothing is taken, then nothing is wrong and nothing divided by 0', () => {
    expect(rateDecisions(some, 1)).toEqual({ precision: 0, recallOfMain: 0, f1: 0, wrong: 0 });
    expect(rateDecisions([], 0.5)).toEqual({ precision: 0, recallOfMain: 0, f1: 0, wrong: 0 });
  });
  test('when probabilities are sorted into bins, then each tells what was said and what was right, doubts left out', () => {
    expect(calibrationOf([decided('main', 1), decided('wrong', 0.95), decided('doubt', 0.92)])).toEqual([
      { from: 0.9, to: 1, pairs: 2, said: 0.975, right: 0.5 },
    ]);
  });
});

describe('on the set of our own, which the shipped models have not seen', async () => {
  const { decision } = loadKnowledge();
  const set = await readDecisions(OWN_DECISIONS);
  const decided = judgePairs(set, { knowledge: loadKnowledge() }).map((pair) => decidePair(pair, decision));

  test('it holds papers of many fields, each labelled for no interest that is not there', () => {
    expect(set.papers.length).toBeGreaterThanOrEqual(40);
    expect(set.interests.length).toBeGreaterThanOrEqual(15);
    for (const { id } of set.papers)
      expect(
        set.interests.some((one) => set.gradeOf(one.id, id) !== 'wrong'),
        String(id),
      ).toBe(true);
  });
  test('the newsletter’s line holds its floors', () => {
    const { precision, recallOfMain, f1, wrong } = rateDecisions(decided, LINES.normal);
    expect(precision).toBeGreaterThanOrEqual(0.85);
    expect(recallOfMain).toBeGreaterThanOrEqual(0.82);
    expect(f1).toBeGreaterThanOrEqual(0.82);
    expect(wrong).toBeLessThanOrEqual(0.15);
  });
  test('what is said to be surely right is', () => {
    const sure = calibrationOf(decided).at(-1);
    expect(sure?.to).toBe(1);
    expect(sure?.right).toBeGreaterThanOrEqual(0.9);
  });
});

const file = sharedPath('data', 'matching', 'decision.dev.jsonl');

describe.skipIf(!file)('on judged days, each interest decided by models that have not seen it', async () => {
  const pairs = file ? judgePairs(await readDecisions(file), { knowledge: loadKnowledge() }) : [];
  const unseen = decideUnseen(pairs);

  test('the newsletter’s line holds its floors', () => {
    const { precision, recallOfMain, f1, wrong } = rateDecisions(unseen, LINES.normal);
    expect(precision).toBeGreaterThanOrEqual(0.78);
    expect(recallOfMain).toBeGreaterThanOrEqual(0.8);
    expect(f1).toBeGreaterThanOrEqual(0.73);
    expect(wrong).toBeLessThanOrEqual(0.4);
  });
  test('a stricter line is more often right, a looser one misses less', () => {
    const [sure, normal, more] = [LINES.sure, LINES.normal, LINES.more].map((line) => rateDecisions(unseen, line));
    expect(sure!.precision).toBeGreaterThan(normal!.precision);
    expect(more!.recallOfMain).toBeGreaterThan(normal!.recallOfMain);
  });
  test('a probability means what it says: within 0.1 in each bin of 20 or more, and 0.8 right of what is said ≥ 0.9', () => {
    const bins = calibrationOf(unseen);
    for (const { from, pairs, said, right } of bins)
      if (pairs >= 20) expect(Math.abs(said - right), `from ${from}`).toBeLessThanOrEqual(0.1);
    expect(bins.at(-1)).toMatchObject({ to: 1 });
    expect(bins.at(-1)!.right).toBeGreaterThanOrEqual(0.8);
  });
  test('the shipped models are those fitted to the whole of it', () => {
    const { decision } = loadKnowledge();
    const fitted = fitDecision(pairs);
    for (const knowing of ['words', 'meaning', 'concept'] as const) {
      expect(decision[knowing].intercept).toBeCloseTo(fitted[knowing].intercept, 3);
      for (const [at, weight] of fitted[knowing].weights.entries())
        expect(decision[knowing].weights[at]).toBeCloseTo(weight, 3);
    }
  });
});
