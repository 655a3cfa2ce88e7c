import { expect, it } from 'vitest';
import { createPaceMeter } from '../../src/commands/progress.ts';

it('when work goes on evenly, then the rate is that of the last ten seconds and the time left follows from it', () => {
  const paceOf = createPaceMeter(0);
  let pace = paceOf(0, 1_000, 0);
  expect(pace).toEqual({ done: 0, total: 1_000, perSecond: 0, secondsLeft: null });
  for (let ms = 100; ms <= 20_000; ms += 100) pace = paceOf(ms / 50, 1_000, ms);
  expect(pace).toEqual({ done: 400, total: 1_000, perSecond: 20, secondsLeft: 30 });
  for (let ms = 20_100; ms <= 32_000; ms += 100) pace = paceOf(400, 1_000, ms); // stands still
  expect(pace).toMatchObject({ perSecond: 0, secondsLeft: null });
});

it('when more comes while it runs, or nobody knows how much, then it says nothing false', () => {
  const paceOf = createPaceMeter(0);
  expect(paceOf(30, 20, 1_000)).toEqual({ done: 30, total: 30, perSecond: 30, secondsLeft: 0 });
  expect(paceOf(40, null, 2_000)).toMatchObject({ total: null, secondsLeft: null });
});
