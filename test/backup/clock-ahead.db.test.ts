import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { backupIsDue, runBackup } from '../../src/backup/run-backup.ts';
import { lastVerified, noteBackup, noteVerified } from '../../src/db/operator/backups.ts';
import { readMeasures } from '../../src/db/operator/measures.ts';
import { doneSince, failingJobs, finishRun, startRun } from '../../src/db/operator/runs.ts';
import { lookAtBackups } from '../../src/operate/today/look-at-backups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000];
const NOW = new Date('2026-01-05T12:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database, { BACKUP_DIR: mkdtempSync(join(tmpdir(), 'offprint-backups-')) });
  ctx.setNow(NOW);
  await ctx.db.backup.deleteMany();
  await ctx.db.run.deleteMany();
});

/** A backup of `takenMs` from now, by a process whose clock said `finishedMs`. */
async function backup(name: string, takenMs: number, finishedMs = takenMs): Promise<void> {
  const of = { name, scheduled: true, release: '0.1.0', migration: 'x', rows: 1n, bytes: 1n };
  await noteBackup(ctx.db, { ...of, takenAt: at(takenMs), finishedAt: at(finishedMs) });
}

async function run(job: string, ms: number, error?: string): Promise<void> {
  const id = await startRun(ctx.db, job, at(ms));
  await finishRun(ctx.db, id, { now: at(ms), ...(error === undefined ? {} : { error }) });
}

test('when backups were taken while a clock was ahead, then the next is due all the same, and an old one is told', async () => {
  await backup('a.zip', -60 * HOUR_MS);
  await backup('ahead.zip', 30 * DAY_MS);
  await noteVerified(ctx.db, 'ahead.zip', at(30 * DAY_MS), null);
  expect(await backupIsDue(ctx)).toBe(true);
  expect(await lookAtBackups(ctx)).toMatchObject({ trouble: 'old', since: at(-60 * HOUR_MS) });
  expect(await lastVerified(ctx.db, ctx.now())).toBeNull();
  const told = (await readMeasures(ctx.db, ctx.now())).find(({ name }) => name === 'offprint_newest_backup_seconds');
  expect(told?.values[0]?.value).toBe(at(-60 * HOUR_MS).getTime() / 1_000);
});

test('when the clock of the database alone is another one, then a day has one backup, and an old one is told', async () => {
  await backup('ahead.zip', 40 * DAY_MS, -50 * HOUR_MS);
  expect(await backupIsDue(ctx)).toBe(true);
  expect(await lookAtBackups(ctx)).toMatchObject({ trouble: 'old', since: at(-50 * HOUR_MS) });
  await backup('behind.zip', -9 * HOUR_MS, -8 * HOUR_MS); // BACKUP_AT lies between what the two clocks say
  expect(await backupIsDue(ctx)).toBe(false);
});

test('when a backup failed while a clock was ahead, then the next is tried, and nobody is told of that one', async () => {
  await backup('a.zip', -20 * HOUR_MS);
  await run('backup', 30 * DAY_MS, 'the disk is full');
  expect([await backupIsDue(ctx), await lookAtBackups(ctx)]).toEqual([true, null]);
  await run('backup', 60_000, 'the disk is full'); // clocks differ by moments
  expect(await backupIsDue(ctx)).toBe(false);
  expect(await lookAtBackups(ctx)).toMatchObject({ trouble: 'failed' });
});

test('when a job went well while a clock was ahead, then it is told all the same that it fails', async () => {
  await run('plan', -HOUR_MS);
  await run('plan', 30 * DAY_MS);
  for (const minutes of [3, 2, 1]) await run('plan', -minutes * 60_000, 'memory');
  expect(await failingJobs(ctx.db, ctx.now())).toMatchObject([{ job: 'plan', failures: 3, error: 'memory' }]);
  expect(await doneSince(ctx.db, 'plan', at(-60_000), ctx.now())).toBe(false); // HEARTBEAT_URL is told when it is
  const ends = (await readMeasures(ctx.db, ctx.now())).find(({ name }) => name === 'offprint_job_finished_seconds');
  expect(ends?.values).toMatchObject([{ labels: { name: 'plan', outcome: 'failed' } }]);
});

test('when files bear a time to come, then the backup of today stays beside them, and none is taken again', async () => {
  const dir = ctx.config.BACKUP_DIR ?? '';
  ctx = await testContext(database, { BACKUP_DIR: dir, BACKUP_KEEP: '1d,0w,0m' });
  ctx.setNow(NOW);
  for (const day of ['06', '07', '08']) writeFileSync(join(dir, `offprint-2026-02-${day}T033000Z.zip`), '');
  await backup('a.zip', -DAY_MS);
  await noteVerified(ctx.db, 'a.zip', at(-DAY_MS), null);
  expect(await runBackup(ctx)).toMatchObject({ backups: 1, forgottenBackups: 0 });
  expect(await runBackup(ctx)).toMatchObject({ backups: 0 });
  expect(readdirSync(dir).sort()).toEqual([
    expect.stringMatching(/^offprint-2026-01-05/),
    ...['06', '07', '08'].map((day) => `offprint-2026-02-${day}T033000Z.zip`),
  ]);
});
