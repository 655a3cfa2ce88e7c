import { expect, test } from 'vitest';
import { moveData } from '../../src/backup/move-data.ts';
import { withDb } from '../../src/backup/scratch.ts';
import { unfinishedRestore } from '../../src/db/backup/mark.ts';
import { findHold, holdSending, lastLetGo, letGo } from '../../src/db/sending/holds.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asking, fillService, onEmptyDatabase } from './service.ts';

const database = testDatabase();
const restored = { kind: 'restored', reason: 'restored from a backup of Monday', snapshotAt: new Date(0) } as const;
/** The holds that stand in a database, by kind. */
const holdsOf = (url: string) =>
  asking(url, async (client) => {
    const { rows } = await client.query<{ kind: string }>(
      'SELECT kind FROM sending_holds WHERE let_go_at IS NULL ORDER BY id',
    );
    return rows.map(({ kind }) => kind);
  });

test('when a move fails or was done before, then no hold but its own is lifted, and what it brings along stays held', async () => {
  const ctx = await testContext(database);
  await fillService(ctx, 3);
  await holdSending(ctx.db, restored);
  await database.pool.query("INSERT INTO runs (job, started_at) VALUES ('plan', now())");
  await expect(moveData(ctx, { to: database.url }, 'cli')).rejects.toThrow(/at work on this database|in use/);
  expect(await holdsOf(database.url)).toEqual(['restored']);

  await onEmptyDatabase(async (to) => {
    await moveData(ctx, { to }, 'cli');
    expect([await holdsOf(database.url), await holdsOf(to)]).toEqual([['restored', 'moved'], ['restored']]);
    expect(await withDb(to, lastLetGo)).toBeNull(); // nobody said that what is missing may be
    await expect(moveData(ctx, { to }, 'cli')).rejects.toThrow(/in use/);
    expect(await holdsOf(database.url)).toEqual(['restored', 'moved']);
    expect(await withDb(to, letGo)).toBe(true);
    expect(await withDb(to, lastLetGo)).not.toBeNull();
  });
  await letGo(ctx.db);
  expect(await findHold(ctx.db)).toBeNull();
});

test('when what moved away is moved once more, then the copy stays held, since it was moved before', async () => {
  const ctx = await testContext(database);
  await onEmptyDatabase(async (to) => {
    await moveData(ctx, { to }, 'cli');
    await onEmptyDatabase(async (other) => {
      const { hold } = await moveData(ctx, { to: other }, 'cli');
      expect([await holdsOf(to), await holdsOf(other)]).toEqual([[], ['moved']]);
      expect(await findHold(ctx.db, { besides: hold })).toMatchObject({ kind: 'moved' });
    });
  });
  await letGo(ctx.db);
});

test('when the session to the old database breaks while the new one becomes whole, then the old one stays on hold', async () => {
  const ctx = await testContext(database);
  await onEmptyDatabase(async (to) => {
    let cut: Promise<unknown> | undefined; // when all rows are read, and the old database is to hear one more word
    const step = (words: string) => void (words.startsWith('Comparing') && (cut = database.pool.query(CUT_SQL)));
    await expect(moveData(ctx, { to, step }, 'cli')).rejects.toThrow();
    await cut;
    expect([await asking(to, unfinishedRestore), await holdsOf(to)]).toEqual([null, []]); // it may send
    expect(await holdsOf(database.url)).toEqual(['moved']);
  });
  await letGo(ctx.db);
});

const CUT_SQL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'offprint-backup'`;
