import { expect, it } from 'vitest';
import { createRatePacer, nextBatchSize, sortByPlace } from '../../../src/deliver/sending/pacing.ts';
import type { ClaimedDelivery } from '../../../src/model/delivery.ts';

it('when places are taken faster than the rate, then they are spread evenly over the places reserved', async () => {
  const asked: number[] = [];
  let freeAtMs = 1_000;
  const reserve = (places: number, gapMs: number) => {
    asked.push(places);
    const inMs = freeAtMs;
    freeAtMs += places * gapMs;
    return Promise.resolve(inMs);
  };
  const pace = createRatePacer(
    () => 10,
    reserve,
    () => 0,
  );
  expect(await Promise.all([pace(), pace(), pace(), pace(), pace()])).toEqual([1_000, 1_100, 1_200, 1_300, 1_400]);
  expect(asked).toEqual([2, 2, 2]);
});

it('when there is no rate, then nothing waits and nothing is asked', async () => {
  const pace = createRatePacer(
    () => undefined,
    () => Promise.reject(new Error('asked')),
  );
  expect(await pace()).toBe(0);
});

it('when a destination has few places, then the rest is told when to come, and what a person waits for goes', () => {
  const mail = (email: string, kind = 'newsletter') => ({ email, kind }) as unknown as ClaimedDelivery;
  const batch = [
    mail('a@big.example'),
    mail('b@big.example'),
    mail('c@big.example'),
    mail('d@small.example'),
    mail('e@big.example', 'link'),
  ];
  const { going, waiting } = sortByPlace(batch, new Map([['big.example', { places: 1, nextInMs: 500 }]]), 100);
  expect(going.map(({ email }) => email)).toEqual(['a@big.example', 'd@small.example', 'e@big.example']);
  expect(waiting.map(({ delivery, inMs }) => [delivery.email, inMs])).toEqual([
    ['b@big.example', 500],
    ['c@big.example', 600],
  ]);
});

it('when batches are used up quickly they grow, when slowly they shrink, and never below one mail a connection', () => {
  expect(nextBatchSize(40, 100, 10)).toBe(80);
  expect(nextBatchSize(800, 100, 10)).toBe(1_000);
  expect(nextBatchSize(40, 2_000, 10)).toBe(40);
  expect(nextBatchSize(40, 9_000, 10)).toBe(20);
  expect(nextBatchSize(11, 9_000, 10)).toBe(10);
});
