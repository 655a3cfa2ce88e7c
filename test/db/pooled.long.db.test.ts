import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { withLock } from '../../src/db/locks.ts';
import { bringUpToDate } from '../../src/db/bring-up-to-date.ts';
import { databaseUrl, onServer, testDatabase } from '../support/database.ts';
import { hasBouncer, startBouncer } from '../support/pgbouncer.ts';
import { until } from '../support/until.ts';

const database = testDatabase();
const MIGRATIONS = join(PACKAGE_ROOT, 'prisma', 'migrations');
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

describe.runIf(hasBouncer())('behind a pooler that pools by transaction', () => {
  test(
    'when a database is new, then it is made through the pooler, by three processes at once',
    { timeout: 300_000 },
    async () => {
      const name = `${new URL(database.url).pathname.slice(1)}_new`;
      await onServer(inject('serverUrl'), `CREATE DATABASE ${name} TEMPLATE template0`);
      open.push(() => onServer(inject('serverUrl'), `DROP DATABASE ${name} WITH (FORCE)`));
      const between = await startBouncer(databaseUrl(inject('serverUrl'), name));
      open.push(() => between.stop());
      const applied = await Promise.all([1, 2, 3].map(() => bringUpToDate(between.url, MIGRATIONS, '0.1.0')));
      expect(new Set(applied.flat()).size).toBe(applied.flat().length);
      expect(applied.flat().length).toBeGreaterThan(50);
    },
  );

  test('when a process is killed that held a lock, six times, then the next has it', { timeout: 600_000 }, async () => {
    const between = await startBouncer(database.url);
    const pool = openPool(between.url, 4, () => {});
    const db = openPrisma(pool);
    open.push(
      () => between.stop(),
      () => pool.end(),
      () => db.$disconnect(),
    );
    for (let kill = 0; kill < 6; kill++) {
      const script = join(PACKAGE_ROOT, 'test', 'support', 'lock-holder.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, between.url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await withLock(db, 'job:plan', () => Promise.resolve(kill))).toBe(kill);
    }
    await until('nothing is locked', async () => {
      const { rowCount } = await database.pool.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rowCount === 0;
    });
  });
});
