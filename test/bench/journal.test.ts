import { expect, test } from 'vitest';
import { fallsShort } from '../../bench/journal/gate.ts';

const rounds = (...shares: number[]) => shares.map((share, n) => ({ speed: n % 2 ? 0.7 : 1.2, cpu: 1, share }));

test('when the journal takes a small share of the time, then it may; when a large one, it falls short', () => {
  expect(fallsShort(rounds(0.022, 0.023, 0.024))).toBe(false);
  expect(fallsShort(rounds(0.031, 0.032, 0.029))).toBe(true);
});

test('when the journal is not found in what was sampled, or nothing was, then that is no proof', () => {
  for (const shares of [[0, 0, 0], [NaN, NaN], [0.02, NaN, 0.02], [0.02, 0, 0.02], []])
    expect(fallsShort(rounds(...shares)), String(shares)).toBe(true);
});

test('when the speeds are known well enough, then they count as well', () => {
  const known = (speed: number) => Array.from({ length: 5 }, () => ({ speed, cpu: 1, share: 0.02 }));
  expect([fallsShort(known(0.98)), fallsShort(known(0.95))]).toEqual([false, true]);
});
