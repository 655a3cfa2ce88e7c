import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded/server.ts';
import { showLife } from '../../src/heartbeat.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { fillService, onEmptyDatabase, sumsOf } from './service.ts';

const database = testDatabase();
const NOW = ['--now', '2026-01-05T09:00:00Z'];
let [ctx, embedded, smtp] = [{} as TestContext, {} as EmbeddedServer, {} as TestSmtp];

const offprint = (url: string, ...args: string[]) => runCli(args, { url, settings: { SMTP_URL: smtp.url } });
const moved = (from: string, to: string) => offprint(from, 'migrate-data', '--to', to, '--yes', '--json');

async function versionOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  await client.end();
  return rows[0]?.major ?? 0;
}

beforeAll(async () => {
  smtp = await startSmtp();
  ctx = await testContext(database);
  await fillService(ctx);
  embedded = await startEmbedded(join(mkdtempSync(join(tmpdir(), 'offprint-embedded-')), 'postgres'));
});
afterAll(async () => {
  await embedded.release();
  await smtp.close();
});

test('when a process is at work, then nothing is moved, and it is named', async () => {
  const end = await showLife(ctx, 'worker');
  const { code, stderr } = await moved(database.url, embedded.url);
  await end();
  expect([code, stderr]).toEqual([1, expect.stringContaining(`stop worker ${process.pid} on`)]);
  expect((await offprint(database.url, 'status')).stdout).not.toContain('moved to');
});

test('when everything is moved to another major version and back, then it is the same, and is sent from one place alone', async () => {
  expect(await versionOf(embedded.url)).toBe(18);
  const there = await moved(database.url, embedded.url);
  expect([there.code, there.json().at(-1)]).toEqual([0, expect.objectContaining({ outcome: 'moved' })]);
  expect(await sumsOf(embedded.url)).toEqual(await sumsOf(database.url));
  await offprint(database.url, 'run', 'plan', 'deliver', ...NOW);
  expect(smtp.mails).toEqual([]);
  await onEmptyDatabase(async (url) => {
    const back = await moved(embedded.url, url);
    expect([back.code, back.stderr]).toEqual([0, expect.stringContaining('Set DATABASE_URL to it and start')]);
    expect(await sumsOf(url)).toEqual(await sumsOf(embedded.url));
    await offprint(embedded.url, 'run', 'plan', 'deliver', ...NOW);
    expect(smtp.mails).toEqual([]);
    expect((await offprint(url, 'run', 'deliver', ...NOW)).stdout).toBe('deliver: sent 25\n');
    const again = await moved(url, embedded.url);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('This database is in use')]);
    expect((await offprint(url, 'status')).stdout).not.toContain('Nothing is sent');
  });
});
