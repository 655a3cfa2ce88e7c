import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { keepWhileUsed } from '../../src/lib/keep-while-used.ts';
import { until } from '../support/until.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('when nobody asks any more, then what nobody else holds is let go of', async () => {
  const kept = keepWhileUsed<number[]>(20);
  kept.set('alone', [1]);
  const shared = [2];
  kept.set('shared', shared);
  expect([kept.get('alone'), kept.get('shared')]).toEqual([[1], [2]]);
  const weak = new WeakRef(kept.get('alone')!);
  await until('it is collected', () => {
    collect();
    return weak.deref() === undefined;
  });
  expect([kept.get('alone'), kept.get('shared')]).toEqual([undefined, shared]);
});

test('while somebody asks, it is kept', async () => {
  const kept = keepWhileUsed<number[]>(400);
  kept.set('used', [1]);
  const from = performance.now();
  await until('more than the quiet time is over', () => {
    collect();
    expect(kept.get('used')).toEqual([1]);
    return performance.now() - from > 1_000;
  });
  kept.delete('used');
  expect(kept.get('used')).toBeUndefined();
});
