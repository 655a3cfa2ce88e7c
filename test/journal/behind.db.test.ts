import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillService, onEmptyDatabase, sumsOf } from '../backup/service.ts';
import { cliPlace, runCli } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { until } from '../support/until.ts';

const database = testDatabase();
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'offprint-machine-'));
const dump = join(folder, 'offprint.dump');
const NOW = ['--now', '2026-01-05T09:00:00Z'];
let smtp: TestSmtp;
const offprint = (url: string, ...args: string[]) =>
  runCli(args, { url, settings: { SMTP_URL: smtp.url, DATA_DIR: folder } });

/** Starts a worker, and ends it once it works; returns what it said to the log. */
async function startedWorker(url: string): Promise<string> {
  const place = cliPlace(url, { SMTP_URL: smtp.url, DATA_DIR: folder });
  const child = spawn(process.execPath, ['dist/cli.js', 'worker'], { ...place, stdio: 'pipe' });
  let [said, works] = ['', false];
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (works ||= chunk.includes('Working.')));
  await until('the worker works', () => works);
  child.kill('SIGTERM');
  await once(child, 'close');
  return said;
}

/** PostgreSQL's own tools dump no newer server than themselves. */
const version = await run('pg_dump', ['--version']).then(
  ({ stdout }) => Number(/\d+/.exec(stdout)?.[0] ?? 0),
  () => 0,
);

beforeAll(async () => {
  smtp = await startSmtp();
}, 180_000);
afterAll(() => smtp.close());

test('when a dump of PostgreSQL is brought back beside a living journal, then a start notices, holds all and says what to type', async ({
  skip,
}) => {
  const { rows } = await database.pool.query<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  skip(version < (rows[0]?.major ?? 0), `pg_dump is of version ${version}`);
  await fillService(await testContext(database));
  await run('pg_dump', ['--format=custom', '--exclude-schema=pgboss', `--file=${dump}`, database.url]);
  const sums = await sumsOf(database.url);
  expect((await offprint(database.url, 'run', 'deliver', ...NOW)).stdout).toBe('deliver: sent 25\n');
  await onEmptyDatabase(async (url) => {
    await run('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${url}`, dump]);
    expect(await sumsOf(url)).toEqual(sums);
    expect(await startedWorker(url)).toContain('offprint journal replay, then offprint resume');
    const held = await offprint(url, 'run', 'plan', 'deliver', ...NOW);
    expect([held.code, held.stderr, smtp.mails.length]).toEqual([0, '', 25]);
    const { stdout } = await offprint(url, 'status');
    expect(stdout).toContain(`brought back without what the journal in ${join(folder, 'journal')} knows of: 25 mails`);
    const replayed = await offprint(url, 'journal', 'replay');
    expect(replayed.stdout).toContain('25 mails are sent, 0 in doubt');
    expect(replayed.stderr).toContain('offprint resume');
    await offprint(url, 'resume', '--yes');
    const on = await offprint(url, 'run', 'plan', 'deliver', ...NOW);
    expect([on.code, on.stderr, smtp.mails.length]).toEqual([0, '', 25]);
    const acts = (await offprint(url, 'acts', '--json')).json().map(({ action }) => action);
    expect(acts.slice(0, 3)).toEqual(['sending.resume', 'journal.replay', 'sending.hold']);
  });
}, 180_000);
