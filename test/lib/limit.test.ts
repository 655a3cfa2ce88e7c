import { expect, it } from 'vitest';
import { createLimit } from '../../src/lib/limit.ts';

it('when more is asked for than may run at once, then the rest waits in order, failures included', async () => {
  const limit = createLimit(2);
  const events: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const begin = (name: string) =>
    limit(() => {
      events.push(name);
      return new Promise<string>((resolve, reject) =>
        ends.set(name, (failure) => (failure ? reject(failure) : resolve(name))),
      );
    });
  const all = Promise.allSettled(['a', 'b', 'c', 'd'].map(begin));
  await new Promise(setImmediate);
  expect(events).toEqual(['a', 'b']);
  ends.get('b')?.(new Error('b fails'));
  await new Promise(setImmediate);
  expect(events).toEqual(['a', 'b', 'c']);
  ends.get('a')?.();
  await new Promise(setImmediate);
  expect(events).toEqual(['a', 'b', 'c', 'd']);
  ends.get('c')?.();
  ends.get('d')?.();
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  const late = begin('e');
  await new Promise(setImmediate);
  expect(events.at(-1)).toBe('e');
  ends.get('e')?.();
  expect(await late).toBe('e');
});
