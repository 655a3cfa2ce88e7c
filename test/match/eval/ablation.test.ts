import { expect, test } from 'vitest';
import { ablationTable } from '../../../src/match/eval/ablation.ts';
import { evaluate, ourSystem } from '../../../src/match/eval/evaluate.ts';
import { readOwnSet } from '../../../src/match/eval/set.ts';
import { loadKnowledge } from '../../../src/match/knowledge.ts';

const resources = { knowledge: loadKnowledge() };

test('when parts are left out, then the table says of each what is left, and of the whole what the matcher reaches', async () => {
  const set = await readOwnSet();
  const rows = ablationTable([set], resources).trimEnd().split('\n');
  expect(rows.slice(0, 2)).toEqual(['|  | own |', '| --- | --- |']);
  const { ndcg10, recall50, averagePrecision } = evaluate(set, ourSystem(resources), () => 0);
  const whole = [ndcg10, recall50, averagePrecision].map((figure) => figure.toFixed(3).slice(1)).join(' ');
  expect(rows[2]).toBe(`| everything | ${whole} |`);
  const figures = rows.slice(2).map((row) => row.split(' | ')[1]);
  expect(figures.length).toBe(11);
  const ndcg = (name: string) => Number(/\.\d+/.exec(rows.find((row) => row.startsWith(`| ${name}`)) ?? '')?.[0]);
  for (const part of ['meaning', 'concepts']) expect(ndcg(`− ${part}`)).toBeLessThan(ndcg10);
  expect(ndcg('the words alone')).toBeLessThan(ndcg('− meaning'));
});
