import { expect, test } from 'vitest';
import { isNewEnough } from './servers.ts';

test('when a server is of a release before 15, or does not say of which, then it is not new enough', () => {
  expect([140_018, 149_999, NaN].map(isNewEnough)).toEqual([false, false, false]);
  expect([150_000, 150_020, 180_004].map(isNewEnough)).toEqual([true, true, true]);
});
