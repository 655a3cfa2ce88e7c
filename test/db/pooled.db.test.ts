import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { openPool, openPrisma, type Db } from '../../src/db/client.ts';
import { int4, text } from '../../src/db/columns.ts';
import { measured, runPrepared } from '../../src/db/measured.ts';
import { bringUpToDate } from '../../src/db/bring-up-to-date.ts';
import { isPooled } from '../../src/db/sessions.ts';
import { query, sql } from '../../src/db/statement.ts';
import { onServer, testDatabase } from '../support/database.ts';
import { hasBouncer, startBouncer, type Bouncer } from '../support/pgbouncer.ts';
import { OF_A_TEST } from '../support/statements.ts';

// Through PgBouncer as Debian's comes, where each transaction may have another session of the server.

const database = testDatabase();
const isHere = hasBouncer();
const MIGRATIONS = join(PACKAGE_ROOT, 'prisma', 'migrations');
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function through(bouncer: Bouncer, size = 8): Promise<{ pool: ReturnType<typeof openPool>; db: Db }> {
  const pool = openPool(bouncer.url, size, () => {});
  const db = openPrisma(pool);
  open.push(
    () => pool.end(),
    () => db.$disconnect(),
  );
  await pool.query('SELECT 1');
  return { pool, db };
}

async function bouncer(settings?: Record<string, string | number>): Promise<Bouncer> {
  const started = await startBouncer(database.url, settings);
  open.push(() => started.stop());
  return started;
}

const zone = measured(`${OF_A_TEST}zone`, { zone: text }, "SELECT current_setting('timezone') || $1::text AS zone");

const once = query(
  `${OF_A_TEST}number`,
  { n: int4 },
  (given: { n: number }) => sql`SELECT ${given.n}::int AS n`,
  'once a session',
);

describe.runIf(isHere)('behind a pooler that pools by transaction', () => {
  beforeAll(async () => {
    const name = new URL(database.url).pathname.slice(1);
    await onServer(inject('serverUrl'), `ALTER DATABASE ${name} SET timezone = 'America/New_York'`);
  });

  test('when a session is opened, then it is known that one is in between, and directly that none is', async () => {
    const { pool } = await through(await bouncer());
    for (const [from, expected] of [
      [pool, true],
      [database.pool, false],
    ] as const) {
      const client = await from.connect();
      expect(isPooled(client)).toBe(expected);
      client.release();
    }
  });

  test('when sessions of the server change, then every one of them speaks UTC, and instants come back as they were', async () => {
    const { pool, db } = await through(await bouncer({ pool_mode: 'transaction', default_pool_size: 3 }));
    const zones = await Promise.all(
      Array.from({ length: 24 }, async () => {
        const { rows } = await pool.query<{ zone: string }>(
          "SELECT current_setting('timezone') AS zone, pg_sleep(0.01)",
        );
        return rows[0]?.zone;
      }),
    );
    expect(new Set(zones)).toEqual(new Set(['UTC']));
    const createdAt = new Date('2026-01-05T12:34:56.789Z');
    await db.edition.create({ data: { key: 'daily:2026-01-05', createdAt } });
    expect((await db.edition.findFirstOrThrow()).createdAt).toEqual(createdAt);
  });

  test('when a statement is one to be prepared, then it is asked without a name, which would be another’s', async () => {
    const { pool, db } = await through(await bouncer({ pool_mode: 'transaction', default_pool_size: 1 }));
    const asked = Array.from({ length: 40 }, (_, n) => [runPrepared(db, zone, [`${n}`]), once(db, { n })]);
    expect(await Promise.all(asked.flat())).toHaveLength(80);
    const named = { name: 'named', text: 'SELECT 1 AS one' };
    const [one, other] = await Promise.all([pool.connect(), pool.connect()]);
    try {
      await one.query(named);
      await expect(other.query(named)).rejects.toThrow('prepared statement "named" already exists');
    } finally {
      one.release(true);
      other.release(true);
    }
  });

  test('when it is brought up to date, then the role has our settings in this database, for sessions to come', async () => {
    expect(await bringUpToDate((await bouncer()).url, MIGRATIONS, '0.1.0')).toEqual([]);
    expect(await bringUpToDate((await bouncer()).url, MIGRATIONS, '0.1.0')).toEqual([]);
    const { rows } = await database.pool.query<{ setconfig: string[] }>(
      `SELECT setconfig FROM pg_db_role_setting WHERE setrole <> 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(rows).toEqual([{ setconfig: ['TimeZone=UTC', 'jit=off', 'random_page_cost=1.1'] }]);
  });

  test('when it pools by statement, then the start is refused, and says what to set', async () => {
    const between = await bouncer({ pool_mode: 'statement' });
    await expect(bringUpToDate(between.url, MIGRATIONS, '0.1.0')).rejects.toThrow(/pool_mode = transaction/);
  });
});

test.skipIf(isHere)('PgBouncer is not installed (Debian: pgbouncer), so nothing was asked through it', () => {});
