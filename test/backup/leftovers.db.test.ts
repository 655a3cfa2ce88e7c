import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { asking } from './service.ts';

const database = testDatabase();
const backup = jobNamed('backup')!;
let [ctx, folder] = [{} as TestContext, ''];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'offprint-backups-'));
  ctx = await testContext(database, { BACKUP_DIR: folder });
  ctx.setNow(new Date());
  await ctx.db.backup.deleteMany();
  await ctx.db.run.deleteMany();
});

test('when a process was killed while it wrote a backup, then the next one removes what it left, and nothing else', async () => {
  const left = ['offprint-2026-01-03T033000Z.zip.part', 'else.zip.part', 'offprint-notes.part'];
  for (const name of left) writeFileSync(join(folder, name), 'half');
  expect(await runJob(ctx, backup)).toMatchObject({ backups: 1 });
  expect(readdirSync(folder).sort()).toEqual([
    'else.zip.part',
    expect.stringMatching(/Z\.zip$/),
    'offprint-notes.part',
  ]);
});

test('when a process with our own number was killed while it tried a backup, then the next trial goes well', async () => {
  const left = join(ctx.config.DATA_DIR, `scratch-${process.pid}`);
  mkdirSync(join(left, 'postgres'), { recursive: true });
  writeFileSync(join(left, 'postgres', 'PG_VERSION'), '18\n');
  expect(await runJob(ctx, backup)).toMatchObject({ backups: 1, tried: 1 });
  expect(await ctx.db.backup.findFirstOrThrow()).toMatchObject({ problem: null, verifiedAt: ctx.now() });
  expect(existsSync(left)).toBe(false);
});

test('when a process ends while it writes a backup, then nothing is left, it is no failure, and the next one takes it', async () => {
  const ending = new AbortController();
  await asking(database.url, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE hook_tries IN ACCESS EXCLUSIVE MODE'); // where the reading of rows comes to a stop
    const running = runJob(ctx, backup, { signal: ending.signal });
    await until('it writes', () => readdirSync(folder).some((name) => name.endsWith('.part')));
    ending.abort();
    expect(await running).toEqual({ backups: 0, tried: 0, forgottenBackups: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });
  expect(await runJob(ctx, backup)).toMatchObject({ backups: 1 });
  expect(await ctx.db.run.count({ where: { outcome: 'failed' } })).toBe(0);
});

test('when a process ends while it tries a backup, then that is no failure and says nothing of it, and nothing is left', async () => {
  const ending = new AbortController();
  const scratch = join(ctx.config.DATA_DIR, `scratch-${process.pid}`);
  const running = runJob(ctx, backup, { signal: ending.signal });
  await until('its server runs', () => existsSync(join(scratch, 'postgres', 'postmaster.pid')));
  ending.abort();
  expect(await running).toEqual({ backups: 1, tried: 0, forgottenBackups: 0 });
  expect(await ctx.db.backup.findFirstOrThrow()).toMatchObject({ problem: null, verifiedAt: null });
  expect(await ctx.db.run.count({ where: { outcome: 'failed' } })).toBe(0);
  expect(existsSync(scratch)).toBe(false);
});

test('when the trial of a backup is ended in the middle of its restore, then it ends at once and leaves nothing', async () => {
  await runJob(ctx, backup);
  const [name = ''] = readdirSync(folder);
  const ending = new AbortController();
  const steps: string[] = [];
  const step = (words: string) => {
    steps.push(words);
    ending.abort();
  };
  const trying = verifyBackup({ file: join(folder, name), config: ctx.config, signal: ending.signal, step });
  await expect(trying).rejects.toThrow('The process ends.');
  expect(steps[0]).toMatch(/^Checking what is to be loaded/);
  expect(existsSync(join(ctx.config.DATA_DIR, `scratch-${process.pid}`))).toBe(false);
});
