import { expect, it } from 'vitest';
import { createTurns } from '../../src/deliver/turns.ts';

it('when lines end while a turn is being written, then they share the next one', async () => {
  const written: [string[], string[]][] = [];
  let letGo: () => void = () => {};
  const turns = createTurns<string, string>(async (finished, handing) => {
    written.push([finished, handing]);
    await new Promise<void>((resolve) => (letGo = resolve));
    return (mail) => mail !== 'cancelled';
  });
  const first = turns.exchange(null, 'a');
  await new Promise(setImmediate);
  const rest = [turns.exchange('b', 'c'), turns.exchange('d', null), turns.exchange(null, 'cancelled')];
  letGo();
  expect(await first).toBe(true);
  letGo();
  expect(await Promise.all(rest)).toEqual([true, false, false]);
  expect(written).toEqual([
    [[], ['a']],
    [
      ['b', 'd'],
      ['c', 'cancelled'],
    ],
  ]);
});

it('when a turn cannot be written, then all who shared it hear so and the next turn is tried', async () => {
  let fails = true;
  const turns = createTurns<string, string>(() =>
    fails ? Promise.reject(new Error('away')) : Promise.resolve(() => true),
  );
  const both = await Promise.allSettled([turns.exchange('a', null), turns.exchange(null, 'b')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await turns.exchange(null, 'c')).toBe(true);
});
