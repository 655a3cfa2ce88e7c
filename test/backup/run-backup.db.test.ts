import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cron from 'node-cron';
import { expect, test } from 'vitest';
import { backupIsDue } from '../../src/backup/run-backup.ts';
import { readMeasures } from '../../src/db/operator/measures.ts';
import { holdSending } from '../../src/db/sending/holds.ts';
import { startRun } from '../../src/db/operator/runs.ts';
import { showLife } from '../../src/heartbeat.ts';
import { jobNamed, jobs, runJob } from '../../src/jobs.ts';
import { lookForTrouble } from '../../src/operate/alarms/look-for-trouble.ts';
import { lookAtBackups } from '../../src/operate/today/look-at-backups.ts';
import { startScheduler } from '../../src/scheduler.ts';
import { lookAtStatus } from '../../src/operate/status.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const BACKUP_DIR = mkdtempSync(join(tmpdir(), 'offprint-backups-'));
const backup = jobNamed('backup')!;
const HOUR_MS = 3_600_000;

test('when the hour has come, then one is taken, tried and told; old ones go, and a failure is an alarm at once', async () => {
  const ctx = await testContext(database, { BACKUP_DIR, BACKUP_KEEP: '2d,0w,0m' });
  const start = new Date();
  const later = (hours: number) => ctx.setNow(new Date(start.getTime() + hours * HOUR_MS));
  later(0);
  for (const old of ['offprint-2026-01-01T033000Z.zip', 'offprint-2026-01-02T033000Z.zip', 'else.zip'])
    writeFileSync(join(BACKUP_DIR, old), '');
  expect(await backupIsDue(ctx)).toBe(true);
  expect(await runJob(ctx, backup)).toEqual({ backups: 1, tried: 1, forgottenBackups: 1 });
  expect(readdirSync(BACKUP_DIR)).toEqual([
    'else.zip',
    'offprint-2026-01-02T033000Z.zip',
    expect.stringContaining('Z.zip'),
  ]);
  expect(await ctx.db.backup.findFirstOrThrow()).toMatchObject({
    scheduled: true,
    problem: null,
    verifiedAt: ctx.now(),
  });
  expect([await backupIsDue(ctx), await runJob(ctx, backup)]).toEqual([
    false,
    { backups: 0, tried: 0, forgottenBackups: 0 },
  ]);
  const taken = (await lookAtStatus(ctx)).backupAt!;
  expect(Math.abs(taken.getTime() - start.getTime())).toBeLessThan(HOUR_MS);
  const measure = (await readMeasures(ctx.db, ctx.now())).find(({ name }) => name === 'offprint_newest_backup_seconds');
  expect(measure?.values).toEqual([{ labels: {}, value: taken.getTime() / 1_000 }]);

  const troubles = async () =>
    (await lookForTrouble(ctx))
      .filter(({ code }) => code === 'backup' || code === 'on-hold')
      .map(({ code, happened }) => `${code}: ${happened}`);
  expect(await troubles()).toEqual([]);
  later(50);
  expect(await troubles()).toEqual([expect.stringContaining('older than 48 hours')]);
  const broken = await testContext(database, { BACKUP_DIR: join(BACKUP_DIR, 'else.zip') });
  broken.setNow(ctx.now());
  await expect(runJob(broken, backup)).rejects.toThrow();
  expect(await troubles()).toEqual([expect.stringContaining('the last backup failed')]);
  expect(await backupIsDue(ctx)).toBe(false); // not before an hour
  later(52);
  expect(await backupIsDue(ctx)).toBe(true);
  await holdSending(ctx.db, { kind: 'restored', reason: 'restored from a backup of Monday', snapshotAt: start });
  expect(await troubles()).toEqual([
    expect.stringContaining('on-hold: Nothing is sent: this database was restored'),
    expect.any(String),
  ]);
});

test('when BACKUP_DIR is not set, then no process takes the work, and nothing is due', async () => {
  const ctx = await testContext(database);
  expect(backup.where?.(ctx.config)).toBe(false);
  expect(await backupIsDue(ctx)).toBe(false);
  expect(jobs.filter((job) => job.where?.(ctx.config) === false).map(({ name }) => name)).toEqual(['backup']);
});

test('when BACKUP_DIR is set, then that process wakes the work by itself, also one that wakes nothing else', async () => {
  const [ctx, without] = [await testContext(database, { BACKUP_DIR }), await testContext(database)];
  await ctx.db.backup.deleteMany();
  await ctx.db.run.deleteMany();
  const ticking = () => [...cron.getTasks().values()].map(({ name }) => name).sort();
  const stops = [startScheduler(without, { all: false })];
  expect(ticking()).toEqual([]);
  stops.push(startScheduler(ctx, { all: false }));
  expect(ticking()).toEqual(['backup']);
  for (const task of cron.getTasks().values()) await task.execute();
  expect(ctx.woken).toEqual(['backup']);
  stops.push(startScheduler(without, { all: true }));
  const everywhere = jobs.filter((job) => !job.where).map(({ name }) => name);
  expect(ticking()).toEqual([...everywhere, 'backup'].sort());
  for (const stop of stops) await stop();
  expect(ticking()).toEqual([]);
});

test('when none was ever taken, then that is an alarm where one is wanted, once there was time', async () => {
  const [ctx, without] = [await testContext(database, { BACKUP_DIR }), await testContext(database)];
  await ctx.db.backup.deleteMany();
  await ctx.db.run.deleteMany();
  const [now, hours] = [new Date(), (n: number) => new Date(now.getTime() + n * HOUR_MS)];
  for (const each of [ctx, without]) each.setNow(now);
  expect(await lookAtBackups(ctx)).toBeNull();
  await startRun(ctx.db, 'plan', hours(-47));
  expect(await lookAtBackups(ctx)).toBeNull();
  ctx.setNow(hours(2));
  const end = await showLife(ctx, 'worker');
  expect(await lookAtBackups(ctx)).toMatchObject({
    trouble: 'none',
    problem: expect.stringContaining('none is known') as string,
  });
  expect(await lookAtBackups(without)).toBeNull();
  ctx.setNow(hours(0));
  await startRun(ctx.db, 'plan', hours(-47)); // and nobody knew of BACKUP_DIR until now
  await ctx.db.run.updateMany({ data: { startedAt: hours(-50) } });
  expect(await lookAtBackups(ctx)).toBeNull();
  await end();
});

test('when a fault was found in the newest backup, then it is tried again each hour, and once it is sound that is over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-backups-'));
  const start = new Date();
  const BACKUP_AT = new Date(start.getTime() - HOUR_MS / 2).toISOString().slice(11, 16); // and none is due meanwhile
  const ctx = await testContext(database, { BACKUP_DIR: folder, BACKUP_AT });
  await ctx.db.backup.deleteMany();
  await ctx.db.run.deleteMany();
  const later = (minutes: number) => ctx.setNow(new Date(start.getTime() + minutes * 60_000));
  const faulty = (words: string) =>
    expect.objectContaining({ trouble: 'unreliable', words: expect.stringContaining(words) as string }) as unknown;
  later(0);
  await runJob(ctx, backup);
  const file = join(folder, readdirSync(folder)[0]!);
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, -500));
  await ctx.db.backup.updateMany({ data: { problem: 'papers was read back as nothing' } });
  later(59);
  expect(await backupIsDue(ctx)).toBe(false);
  later(61);
  expect(await backupIsDue(ctx)).toBe(true);
  expect(await runJob(ctx, backup)).toEqual({ backups: 0, tried: 1, forgottenBackups: 0 });
  expect(await lookAtBackups(ctx)).toEqual(faulty(file));
  expect(await lookAtBackups(ctx)).not.toEqual(faulty('read back as nothing'));
  writeFileSync(file, bytes);
  expect(await backupIsDue(ctx)).toBe(false);
  later(122);
  expect(await backupIsDue(ctx)).toBe(true);
  expect(await runJob(ctx, backup)).toEqual({ backups: 0, tried: 1, forgottenBackups: 0 });
  expect([await lookAtBackups(ctx), await backupIsDue(ctx)]).toEqual([null, false]);
});
