import { expect, it } from 'vitest';
import { persistently } from '../../src/lib/persistently.ts';

/** Work that fails so often with an error, and how often it was tried. */
function failing(times: number, problem: Error) {
  const tried = { times: 0 };
  const work = () => (++tried.times <= times ? Promise.reject(problem) : Promise.resolve('done'));
  return { tried, work };
}
const coded = (code: string) => Object.assign(new Error('gone'), { code });

it.each(['57P01', '08006', 'ECONNREFUSED'])(
  'when it fails with %s twice, then it is done at the third try',
  async (code) => {
    const { tried, work } = failing(2, coded(code));
    expect(await persistently(work)).toBe('done');
    expect(tried.times).toBe(3);
  },
);

it.each([
  new SyntaxError('Unterminated string in JSON at position 12'),
  new Error('No string «preview.timeout» in templates/strings/en.json'),
  coded('23505'),
])('when it fails with «%s», then that is thrown at once', async (problem) => {
  const { tried, work } = failing(1, problem);
  await expect(persistently(work)).rejects.toBe(problem);
  expect(tried.times).toBe(1);
});

it('when the outage lasts longer than the patience, then that is thrown', async () => {
  const { tried, work } = failing(Infinity, coded('57P03'));
  await expect(persistently(work, 200)).rejects.toThrow('gone');
  expect(tried.times).toBeGreaterThan(1);
});
