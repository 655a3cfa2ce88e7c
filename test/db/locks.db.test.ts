import { describe, expect, test } from 'vitest';
import { tryLock, withLock } from '../../src/db/locks.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();

describe('locks', () => {
  test('when two want the same lock, then they take turns', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside++;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 30)); // long enough for the others to come in, if they could
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withLock(database.db, 'same', work)));
    expect(most).toBe(1);
  });

  test('when it is held, then tryLock declines at once, and takes it once it is free', async () => {
    await withLock(database.db, 'busy', async () => {
      expect(await tryLock(database.db, 'busy', () => Promise.resolve('in'))).toBeNull();
      expect(await tryLock(database.db, 'other', () => Promise.resolve('in'))).toEqual({ value: 'in' });
    });
    expect(await tryLock(database.db, 'busy', () => Promise.resolve('in'))).toEqual({ value: 'in' });
  });

  test('when the work throws, then the lock is free again', async () => {
    await expect(withLock(database.db, 'thrown', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await tryLock(database.db, 'thrown', () => Promise.resolve(1))).toEqual({ value: 1 });
  });
});
