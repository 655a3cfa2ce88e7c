import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type pg from 'pg';
import { expect } from 'vitest';
import type { MadeBackup } from '../../src/backup/make-backup.ts';
import { cliPlace, runCli } from '../support/cli.ts';
import { until } from '../support/until.ts';
import { asking, freshShape, inWords, shapeOf, sumsOf } from './service.ts';

/** What a restore is at when it is killed: as many migrations are applied, or it asks something like this. */
export type Moment = { migrations: number } | { asks: RegExp };

/**
 * Restores a backup by the real program, kills that at a moment, and looks: every start refuses the database until it
 * is restored again, and then it holds what the backup held.
 */
export async function killAndRestoreAgain(made: MadeBackup, url: string, moment: Moment): Promise<void> {
  await killAt(['restore', made.file, '--yes'], { url, into: url, moment });
  for (const command of ['migrate', 'run']) await expectRefused(command, url);
  const again = await runCli(['restore', made.file, '--yes'], { url });
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Restored ')]);
  expect(await sumsOf(url)).toEqual(inWords(made.manifest.tables));
  expect(await shapeOf(url)).toEqual(await freshShape());
  expect((await runCli(['migrate'], { url })).code).toBe(0);
}

/** Checks that a command refuses a database that is half restored, and says what to type. */
export async function expectRefused(command: string, url: string): Promise<void> {
  const { code, stderr } = await runCli([command], { url });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/not whole: .* cut short.*offprint restore FILE/)]);
}

/** Runs the real program on a database, and kills it at a moment of what it loads into another, or the same. */
export async function killAt(
  args: string[],
  { url, into, moment }: { url: string; into: string; moment: Moment },
): Promise<void> {
  await asking(into, async (watcher) => {
    const child = spawn(process.execPath, ['dist/cli.js', ...args], { ...cliPlace(url), stdio: 'ignore' });
    const ended = once(child, 'exit');
    try {
      await until('the moment has come', async () => child.exitCode !== null || (await hasCome(watcher, moment)), 120);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
    expect(child.exitCode, 'it ended by itself before the moment came').toBeNull();
  });
}

/** Asks as fast as it is answered: to make one index takes some milliseconds. */
async function hasCome(watcher: pg.Client, moment: Moment): Promise<boolean> {
  for (let n = 0; n < 100; n++) if (await isNow(watcher, moment)) return true;
  return false;
}

async function isNow(watcher: pg.Client, moment: Moment): Promise<boolean> {
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
