import { expect, test } from 'vitest';
import { sparing } from '../../src/lib/sparing.ts';

/** Work that fails with any of these among what it is given, and what it did. */
function workWithout(odd: readonly number[], problem = new Error('odd')) {
  const done: number[] = [];
  const work = (some: readonly number[]) => {
    if (some.some((one) => odd.includes(one))) return Promise.reject(problem);
    done.push(...some);
    return Promise.resolve();
  };
  return { done, work };
}
const hundred = Array.from({ length: 100 }, (_, nth) => nth);

test.each([[[]], [[0]], [[99]], [[3, 4, 50]]])(
  'when %j cannot be done, then all others are done once and these come back',
  async (odd) => {
    const { done, work } = workWithout(odd);
    expect((await sparing(hundred, work)).map(({ one }) => one)).toEqual(odd);
    expect(done).toEqual(hundred.filter((one) => !odd.includes(one)));
  },
);

test('when one breaks with words that an outage might use, then it is spared like any other', async () => {
  const { done, work } = workWithout([7], new SyntaxError('Unterminated string in JSON at position 12'));
  expect((await sparing(hundred, work)).map(({ one }) => one)).toEqual([7]);
  expect(done).toHaveLength(99);
});

test('when none of several can be done, or more than 20 cannot, then the fault is not theirs; one alone is spared', async () => {
  await expect(sparing([1, 2], workWithout([1, 2]).work)).rejects.toThrow('odd');
  await expect(sparing(hundred, workWithout(hundred.slice(0, 21)).work)).rejects.toThrow('odd');
  expect(await sparing([1], workWithout([1]).work)).toHaveLength(1);
});

test('when the database goes away, then that is thrown at once', async () => {
  let calls = 0;
  const away = () => {
    calls++;
    return Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
  };
  await expect(sparing(hundred, away)).rejects.toThrow('gone');
  expect(calls).toBe(1);
});
