import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { hearLockWaits, type LockWait } from '../../src/db/lock-waits.ts';
import { lockWithin, sayWhoIsWaitedFor, withLock } from '../../src/db/locks.ts';
import { sessionName } from '../../src/db/sessions.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

const database = testDatabase();
const heard: { line: string; wait: LockWait }[] = [];
beforeEach(() => {
  heard.length = 0;
  hearLockWaits((line, wait) => heard.push({ line, wait }));
});
afterEach(() => hearLockWaits((line) => process.stderr.write(`${line}\n`)));

/** Lets work go on when it is told to. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

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

  test('when a lock is held, then others of other names come in, and no row is kept from vacuum', async () => {
    const xmin = await withLock(database.db, 'busy', async () => {
      expect(await withLock(database.db, 'other', () => Promise.resolve('in'))).toBe('in');
      const { rows } = await database.pool.query<{ xmin: string | null; xid: string | null }>(
        `SELECT backend_xmin AS xmin, backend_xid AS xid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
         WHERE l.locktype = 'advisory' AND a.datname = current_database()`,
      );
      return rows;
    });
    expect(xmin).toEqual([{ xmin: null, xid: null }]);
  });

  test('when the work throws, then the lock is free again', async () => {
    await expect(withLock(database.db, 'thrown', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(database.db, 'thrown', () => Promise.resolve(1))).toBe(1);
  });

  test('when more wait than the pool has connections, then whoever holds it can go on working', async () => {
    const work = () => database.db.edition.count();
    await Promise.all(Array.from({ length: 30 }, () => withLock(database.db, 'crowd', work)));
  });

  test('when two transactions want the same lock, then the second has it once the first is over', async () => {
    const [first, done] = [gate(), [] as string[]];
    const one = transaction(database.db, async (tx) => {
      await lockWithin(tx, 'row');
      await first.opened;
      done.push('one');
    });
    await until('the first has it', async () => (await database.pool.query(HELD)).rowCount === 1);
    const two = transaction(database.db, async (tx) => {
      await lockWithin(tx, 'row');
      done.push('two');
    });
    first.open();
    await Promise.all([one, two]);
    expect(done).toEqual(['one', 'two']);
  });
});

const HELD = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

describe('waiting', () => {
  const said = { pid: expect.any(Number) as number, name: sessionName(), since: expect.stringMatching(/Z$/) as string };

  test('when somebody waits for a lock longer than is bearable, then it is said for whom', async () => {
    const first = gate();
    const one = withLock(database.db, 'job:plan', () => first.opened);
    await until('it is held', async () => (await database.pool.query(HELD)).rowCount === 1);
    const two = withLock(database.db, 'job:plan', () => Promise.resolve(), { patienceMs: 20 });
    await until('it is said', () => heard.length > 0);
    first.open();
    await Promise.all([one, two]);
    expect(heard[0]?.wait).toMatchObject({ lock: 'the lock «job:plan»', holder: said });
    expect(heard[0]?.line).toMatch(
      /^Waiting for the lock «job:plan» for \d+ s: held by process \d+ of the server \(offprint .+:\d+/,
    );
  });

  test('when a transaction waits for a lock longer than is bearable, then it is said for whom', async () => {
    const first = gate();
    const one = withLock(database.db, 'standings', () => first.opened);
    await until('it is held', async () => (await database.pool.query(HELD)).rowCount === 1);
    const two = transaction(database.db, (tx) => lockWithin(tx, 'standings', { patienceMs: 20 }));
    await until('it is said', () => heard.length > 0);
    first.open();
    await Promise.all([one, two]);
    expect(heard[0]?.wait.holder).toMatchObject(said);
  });

  test('when a statement waits for a row of somebody else, then it is said for whom', async () => {
    await database.pool.query("INSERT INTO editions (key, created_at) VALUES ('daily:2026-01-05', now())");
    const first = gate();
    const touch = `UPDATE editions SET state = 'paused'`;
    const one = transaction(database.db, async (tx) => {
      await tx.edition.updateMany({ data: { state: 'paused' } });
      await first.opened;
    });
    await until('the row is locked', async () => {
      const { rowCount } = await database.pool.query('SELECT 1 FROM editions FOR UPDATE SKIP LOCKED');
      return rowCount === 0;
    });
    const two = database.pool.query(touch);
    await until('it is said', async () => {
      await sayWhoIsWaitedFor(database.pool, { patienceMs: 20 });
      return heard.length > 0;
    });
    first.open();
    await Promise.all([one, two]);
    expect(heard[0]?.wait).toMatchObject({ lock: 'rows or a table', holder: said });
  });
});
