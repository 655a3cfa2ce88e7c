import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { expect } from 'vitest';
import type { MadeBackup } from '../../src/backup/make-backup.ts';
import { measureTables } from '../../src/db/backup/measure-tables.ts';
import { writeAlike } from '../../src/db/backup/tables.ts';
import { cliPlace, runCli } from '../support/cli.ts';
import { until } from '../support/until.ts';

/** What a restore is at when it is killed: as many migrations are applied, or it asks something like this. */
export type Moment = { migrations: number } | { asks: RegExp };

/** What a restore writes itself. */
const ITS_OWN = new Set(['sending_holds', 'processes', 'audit_log']);

/**
 * Restores a backup by the real program, kills that at a moment, and looks: every start refuses the database until it
 * is restored again, and then it holds what the backup held.
 */
export async function killAndRestoreAgain(made: MadeBackup, url: string, moment: Moment): Promise<void> {
  await asking(url, (watcher) => killRestoreAt(made.file, watcher, url, moment));
  for (const command of ['migrate', 'run']) {
    const { code, stderr } = await runCli([command], { url });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/not whole: .* cut short.*offprint restore FILE/)]);
  }
  const again = await runCli(['restore', made.file, '--yes'], { url });
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Restored ')]);
  const found = await asking(url, async (client) => {
    await client.query('BEGIN');
    await writeAlike(client);
    return measureTables(client, made.manifest.tables);
  });
  const sums = (all: readonly { name: string; rows: number; sha256: string }[]) =>
    all.filter(({ name }) => !ITS_OWN.has(name)).map(({ name, rows, sha256 }) => `${name} ${rows} ${sha256}`);
  expect(sums(found)).toEqual(sums(made.manifest.tables));
  expect((await runCli(['migrate'], { url })).code).toBe(0);
}

async function killRestoreAt(file: string, watcher: pg.Client, url: string, moment: Moment): Promise<void> {
  const child = spawn(process.execPath, ['dist/cli.js', 'restore', file, '--yes'], {
    ...cliPlace(url),
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  try {
    await until('the moment has come', async () => child.exitCode !== null || (await hasCome(watcher, moment)), 120);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
  expect(child.exitCode, 'it ended by itself before the moment came').toBeNull();
}

async function hasCome(watcher: pg.Client, moment: Moment): Promise<boolean> {
  if ('asks' in moment) {
    const { rows } = await watcher.query<{ query: string }>(
      "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'offprint-backup'",
    );
    return rows.some(({ query }) => moment.asks.test(query));
  }
  const { rows } = await watcher.query<{ found: string | null }>("SELECT to_regclass('_prisma_migrations') AS found");
  if (!rows[0]?.found) return false;
  const applied = await watcher.query<{ n: number }>('SELECT count(*)::int AS n FROM _prisma_migrations');
  return (applied.rows[0]?.n ?? 0) >= moment.migrations;
}

async function asking<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
