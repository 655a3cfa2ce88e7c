import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBackup } from '../../src/backup/make-backup.ts';
import { openArchive } from '../../src/backup/read-archive.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded/server.ts';
import { showLife } from '../../src/heartbeat.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { expectRefused, killAt } from './killed.ts';
import { asking, fillService, inWords, newFile, onEmptyDatabase, sumsOf } from './service.ts';

const database = testDatabase();
const NOW = ['--now', '2026-01-05T09:00:00Z'];
let [ctx, embedded, smtp] = [{} as TestContext, {} as EmbeddedServer, {} as TestSmtp];

const offprint = (url: string, ...args: string[]) => runCli(args, { url, settings: { SMTP_URL: smtp.url } });
const moved = (from: string, to: string) => offprint(from, 'migrate-data', '--to', to, '--yes', '--json');

async function versionOf(url: string): Promise<number> {
  const { rows } = await asking(url, (client) =>
    client.query<{ major: number }>("SELECT current_setting('server_version_num')::int / 10000 AS major"),
  );
  return rows[0]?.major ?? 0;
}

beforeAll(async () => {
  smtp = await startSmtp();
  ctx = await testContext(database);
  await fillService(ctx);
  embedded = await startEmbedded(join(mkdtempSync(join(tmpdir(), 'offprint-embedded-')), 'postgres'));
}, 300_000);
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
}, 300_000);

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
}, 300_000);

test('when a move is killed half-way, then the new database is refused, the old one sends nothing, and moving again does it', async () => {
  await onEmptyDatabase(async (from) => {
    const file = newFile();
    await makeBackup({ db: ctx.db, config: ctx.config, now: ctx.now }, { file }, 'cli');
    expect((await offprint(from, 'restore', file, '--yes')).code).toBe(0);
    await offprint(from, 'resume', '--yes');
    await onEmptyDatabase(async (into) => {
      const moment = { migrations: 20 };
      await killAt(['migrate-data', '--to', into, '--yes'], { url: from, into, moment });
      await expectRefused('run', into);
      const before = smtp.mails.length;
      await offprint(from, 'run', 'plan', 'deliver', ...NOW);
      expect(smtp.mails).toHaveLength(before);
      expect((await offprint(from, 'status')).stdout).toContain('moved to');
      expect((await moved(from, into)).code).toBe(0);
      expect(await sumsOf(into)).toEqual(await sumsOf(from));
    });
  });
}, 300_000);

test('when a backup of another major version is restored into the embedded server of a folder, then what is backed up there has the same hashes', async () => {
  const [file, again] = [newFile(), newFile()];
  const made = await makeBackup({ db: ctx.db, config: ctx.config, now: ctx.now }, { file }, 'cli');
  const settings = { DATABASE_URL: '', DATA_DIR: mkdtempSync(join(tmpdir(), 'offprint-data-')) };
  const restored = await runCli(['restore', file, '--yes'], { url: '', settings });
  expect([restored.code, restored.stderr]).toEqual([0, expect.stringContaining('offprint resume')]);
  expect((await runCli(['backup', again], { url: '', settings })).code).toBe(0);
  const archive = await openArchive(again);
  archive.close();
  expect(archive.manifest.server).toMatch(/^18/);
  expect(inWords(archive.manifest.tables)).toEqual(inWords(made.manifest.tables));
  await onEmptyDatabase(async (url) => {
    expect((await offprint(url, 'restore', again, '--yes')).code).toBe(0); // and back
    expect(await sumsOf(url)).toEqual(inWords(made.manifest.tables));
  });
}, 300_000);
