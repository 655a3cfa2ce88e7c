import { expect, test } from 'vitest';
import type { Heard } from '../../bench/sources/arxiv.ts';
import { judgeAsking } from '../../bench/sources/judge.ts';

/** A request each four seconds, answered so. */
const heard = (statuses: number[], change: Partial<Heard> = {}): Heard[] =>
  statuses.map((status, n) => ({
    ...{ url: 'http://rss.arxiv.org/rss/cs.CL', atMs: n * 4_000, open: 1, status, etag: `"${n}"` },
    ...change,
  }));
const RUN_MS = 20_000;

test('when sources were asked as they may be, then it is fine', () => {
  const asking = judgeAsking(heard([200, 304, 200, 429]), RUN_MS);
  expect(asking).toEqual({ leastGapMs: 4_000, mostAtOnce: 1, twice: 0, afterPeace: 0, isFine: true });
});

test('when nothing was asked, nothing was answered or peace was never asked for, then it is not', () => {
  expect(judgeAsking([], RUN_MS)).toMatchObject({ afterPeace: null, isFine: false });
  expect(judgeAsking(heard([304, 429]), RUN_MS)).toMatchObject({ isFine: false });
  expect(judgeAsking(heard([200]), RUN_MS)).toMatchObject({ afterPeace: null, isFine: false });
});

test('when a run took longer than it may, or none came to its end, then it is not', () => {
  for (const ms of [30_001, NaN, null]) expect(judgeAsking(heard([200, 429]), ms)).toMatchObject({ isFine: false });
});

test('when requests came too soon, at once, in vain or after the plea for peace, then it is not', () => {
  const wrong = [
    heard([200, 429]).map((one) => ({ ...one, atMs: one.atMs / 2 })),
    heard([200, 429], { open: 2 }),
    heard([200, 200, 429], { etag: '"1"' }),
    heard([200, 429, 429]),
  ];
  for (const one of wrong) expect(judgeAsking(one, RUN_MS)).toMatchObject({ isFine: false });
});
