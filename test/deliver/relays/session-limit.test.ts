import { expect, it } from 'vitest';
import { createSessionLimit } from '../../../src/deliver/relays/session-limit.ts';

it('when a server says that a session is used up, then its number is kept', () => {
  const limit = createSessionLimit(100);
  expect(limit.isSpent(10)).toBe(false);
  limit.ended(10, 'surely');
  expect([limit.isSpent(9), limit.isSpent(10)]).toEqual([false, true]);
});

it('when sessions end without a reason, then their number is believed the second time', () => {
  const limit = createSessionLimit(100);
  limit.ended(10, 'perhaps');
  expect(limit.isSpent(10)).toBe(false);
  limit.ended(10, 'perhaps');
  expect(limit.isSpent(10)).toBe(true);
});

it('when another session has carried more, then fewer are no limit: a throttle ends sessions at any number', () => {
  const limit = createSessionLimit(100);
  expect(limit.isSpent(7)).toBe(false);
  for (const carried of [1, 2, 1, 2, 1]) limit.ended(carried, 'perhaps');
  expect(limit.isSpent(7)).toBe(false);
});

it('when a session ends before its first mail, then nothing is learned', () => {
  const limit = createSessionLimit(100);
  for (let times = 0; times < 5; times++) limit.ended(0, 'surely');
  expect(limit.isSpent(1)).toBe(false);
});
