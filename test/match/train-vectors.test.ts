import { describe, expect, test } from 'vitest';
import { chooseUnits, readCorpus } from '../../bench/train-vectors/choose-units.ts';
import { compile } from '../../bench/train-vectors/compile.ts';
import { multiply } from '../../bench/train-vectors/multiply.ts';
import type { TrainingPaper } from '../../bench/train-vectors/read-papers.ts';
import { stemsOf } from '../../src/match/tokens.ts';
import { countUnits } from '../../src/match/units.ts';
import { unitTable } from '../../src/match/vectors.ts';

const SUBJECTS = ['gripper', 'protein', 'galaxy', 'lexicon', 'voltage', 'glacier', 'sonata', 'harvest'];

/** Papers whose sentences differ, so that what stands together does so by no other reason. */
function papersOf(size: number, sentence: (at: number) => string): TrainingPaper[] {
  return Array.from({ length: size }, (_, at) => ({
    title: `The ${SUBJECTS[at % 8]!} and the ${SUBJECTS[(at * 3 + 1) % 8]!}`,
    abstract: `${sentence(at)}. Here ${SUBJECTS[(at * 5) % 8]!} meets ${SUBJECTS[(at * 7 + 2) % 8]!}, twice.`,
    keywords: [],
    summary: '',
    listed: false,
  }));
}

const unitsOf = (papers: TrainingPaper[]) => chooseUnits(readCorpus(papers));
const stems = (text: string) => stemsOf(text).join(' ');

describe('units chosen from papers', () => {
  test('are words of five papers, never stop words, numbers or letters', () => {
    const units = unitsOf(papersOf(5, () => 'With 42 x lanterns'));
    expect(units).toContain(stems('lanterns'));
    expect(units.filter((unit) => ['with', '42', 'x', 'and', 'the'].includes(unit))).toEqual([]);
    expect(unitsOf(papersOf(4, () => 'With lanterns'))).not.toContain(stems('lanterns'));
  });

  test('are phrases that stand together fifteen times, also around a stop word', () => {
    const units = unitsOf(papersOf(40, (at) => (at % 2 ? 'A brass lantern' : 'Some mixture of experts')));
    expect(units).toContain(stems('brass lantern'));
    expect(units).toContain(stems('mixture of experts'));
    expect(units).not.toContain(stems('of experts'));
    expect(unitsOf(papersOf(28, (at) => (at % 2 ? 'A brass lantern' : 'None')))).not.toContain(stems('brass lantern'));
  });

  test.each([
    'decision making',
    'state space',
    'few shot',
    'video understanding',
    'large language models',
    'working memory',
  ])('are what papers are about: «%s»', (phrase) =>
    expect(unitsOf(papersOf(40, () => `A ${phrase}`))).toContain(stems(phrase)),
  );

  test('are no phrases of talk', () => {
    expect(unitsOf(papersOf(40, () => 'A novel lantern'))).not.toContain(stems('novel lantern'));
  });

  test.each([
    ['capitals alone, where small letters are rare', (at: number) => (at % 9 ? 'A BCI' : 'A bci'), ['=BCI']],
    ['both, where both are frequent', (at: number) => (at % 2 ? 'The SAM' : 'the sam'), ['=SAM', 'sam']],
    ['the stem alone, where capitals are rare', (at: number) => (at < 3 ? 'One LANTERN' : 'a lantern'), ['lantern']],
  ])('are %s', (_, sentence, wanted) => {
    const found = unitsOf(papersOf(40, sentence)).filter((unit) => /^=?(?:bci|sam|lantern)$/i.test(unit));
    expect(found).toEqual(wanted);
  });
});

test('training counts units as matching does', () => {
  const papers = papersOf(40, (at) =>
    at % 2 ? 'BCIs, bci and a brass lantern: brass lanterns' : 'Mixtures of experts',
  );
  const corpus = readCorpus(papers);
  const units = chooseUnits(corpus);
  const { titles, abstracts } = compile(papers, corpus, units);
  for (const [at, paper] of papers.entries()) {
    for (const [lists, text] of [[titles, paper.title] as const, [abstracts, paper.abstract] as const]) {
      const range = [lists.starts[at]!, lists.starts[at + 1]!] as const;
      const found = [...lists.rows.subarray(...range)].map((row, nth) => [row, lists.counts[range[0] + nth]!] as const);
      const counted = [...countUnits(text, unitTable(units))].map(
        ([row, count]) => [row, 1 + Math.log(count)] as const,
      );
      expect(new Map(found)).toEqual(new Map(counted.map(([row, count]) => [row, Math.fround(count)])));
    }
  }
});

test('products of rows are what they are one by one', () => {
  const [a, b] = [8, 4].map((rows) => Float32Array.from({ length: rows * 6 }, (_, at) => Math.sin(at + rows)));
  const product = new Float32Array(32);
  multiply(a!, b!, 6, [4, 8], [0, 4], product, 4);
  for (let i = 4; i < 8; i++)
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let t = 0; t < 6; t++) sum += a![i * 6 + t]! * b![j * 6 + t]!;
      expect(product[i * 4 + j]).toBeCloseTo(sum, 5);
    }
  expect([...product.subarray(0, 16)]).toEqual(Array<number>(16).fill(0));
});
