import { expect, test } from 'vitest';
import { atOnce, inSlices, type Steps } from '../../src/lib/slices.ts';

/** Works for some milliseconds in each of so many steps. */
function* work(steps: number, ms: number): Steps<number> {
  for (let step = 0; step < steps; step++) {
    for (const from = performance.now(); performance.now() - from < ms;);
    yield;
  }
  return steps;
}

test('when work is done at once, then its result is there without a pause', () => {
  expect(atOnce(work(3, 0))).toBe(3);
});

test('when work is done in slices, then other work has its turn in between, long before the end', async () => {
  const turns: number[] = [];
  let working = true;
  const other = () => {
    turns.push(performance.now());
    if (working) setImmediate(other);
  };
  setImmediate(other);
  expect(await inSlices(work(40, 3))).toBe(40);
  working = false;
  expect(turns.length).toBeGreaterThanOrEqual(5);
});

test('when a step fails, then the whole fails with it', async () => {
  function* failing(): Steps<never> {
    yield;
    throw new Error('no such file');
  }
  await expect(inSlices(failing())).rejects.toThrow('no such file');
});
