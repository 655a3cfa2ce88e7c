import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeBackup, type MadeBackup } from '../../src/backup/make-backup.ts';
import { openArchive } from '../../src/backup/read-archive.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { verifyBackup } from '../../src/backup/verify-backup.ts';
import { withDb } from '../../src/backup/scratch.ts';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { migrate } from '../../src/db/migrate.ts';
import { findHold } from '../../src/db/sending/holds.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { resumeSending } from '../../src/operate/resume-sending.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { makeReader } from '../world/readers.ts';
import { asking, fillService, freshShape, HOSTILE, newFile, onEmptyDatabase, shapeOf } from './service.ts';

const database = testDatabase();
const file = newFile();
let ctx: TestContext;
let made: MadeBackup;

const scope = () => ({ db: ctx.db, config: ctx.config, now: ctx.now });
/** What a restore writes itself. */
const ITS_OWN = new Set(['backups', 'audit_log', 'sending_holds', 'processes']);
const sumsOf = ({ manifest }: Pick<MadeBackup, 'manifest'>) =>
  manifest.tables.filter(({ name }) => !ITS_OWN.has(name)).map(({ name, rows, sha256 }) => [name, rows, sha256]);

beforeAll(async () => {
  ctx = await testContext(database);
  await fillService(ctx);
  made = await makeBackup(scope(), { file }, 'cli');
});

test('when a backup is taken, then it is one file for its owner alone, listed, and never written over', async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(file))).toEqual(['all.zip']);
  expect(made.manifest.tables.find(({ name }) => name === 'deliveries')).toMatchObject({ rows: 25 });
  expect(await ctx.db.backup.findFirstOrThrow()).toMatchObject({
    name: file,
    rows: BigInt(made.rows),
    verifiedAt: null,
  });
  expect(await ctx.db.auditEntry.count({ where: { action: 'backup.make' } })).toBe(1);
  await expect(makeBackup(scope(), { file }, 'cli')).rejects.toThrow(/there already/);
});

test('when a backup is tried, then every table is as it was and 20 newsletters come out to the same bytes', async () => {
  const verified = await verifyBackup({ file, config: ctx.config });
  expect(verified).toMatchObject({ same: 20, samples: 20, problems: [], notes: [], rows: made.rows });
  expect(readdirSync(ctx.config.DATA_DIR).filter((name) => name.startsWith('scratch'))).toEqual([]);
});

test('when the address of the service is another one, then the newsletters that differ are told', async () => {
  const other = await testContext(database, { PUBLIC_URL: 'https://other.example.org' });
  const { same, problems } = await verifyBackup({ file, config: other.config });
  expect([same, problems]).toEqual([0, [expect.stringContaining('20 of 20 newsletters come out otherwise')]]);
});

test('when it is restored, then it is the same database, with its triggers, keys and indexes, and nothing goes', async () => {
  await onEmptyDatabase(async (url) => {
    const { manifest } = await restoreBackup({ file, url });
    expect(manifest.takenAt).toBe(made.manifest.takenAt);
    const there = await withDb(url, async (db) => {
      const restored: TestContext = { ...ctx, db };
      const hold = await findHold(db);
      expect(hold).toMatchObject({ kind: 'restored', snapshotAt: new Date(manifest.takenAt) });
      expect(await runJob(restored, jobNamed('deliver')!)).toEqual({});
      expect(await runJob(restored, jobNamed('plan')!)).toEqual({});
      expect(await db.delivery.groupBy({ by: ['state'], _count: true })).toEqual([{ state: 'planned', _count: 25 }]);
      expect((await db.capture.findFirstOrThrow({ where: { sha256: 'x' } })).name).toBe(HOSTILE);
      const again = await makeBackup({ ...scope(), db }, { file: newFile() }, 'cli');
      expect(sumsOf(again)).toEqual(sumsOf(made));
      expect((await resumeSending(restored, 'cli'))?.reason).toContain('restored from a backup of');
      expect(await resumeSending(restored, 'cli')).toBeNull();
      expect(await runJob(restored, jobNamed('deliver')!)).toMatchObject({ sent: 25 });
      return made.manifest.sequences;
    });
    expect(there.length).toBeGreaterThan(20);
    await asking(url, async (client) => {
      await expect(client.query("UPDATE audit_log SET actor = 'nobody'")).rejects.toThrow();
      await expect(
        client.query(
          "INSERT INTO captures (id, source, name, sha256, bytes, state, received_at) VALUES (1, 'a', 'a', 'a', '', 'received', now())",
        ),
      ).rejects.toThrow(/unique/);
    });
    expect(await shapeOf(url)).toEqual(await freshShape());
  });
});

test('when a database is in use, then nothing is restored into it, and what was found is named', async () => {
  const restoring = () => restoreBackup({ file, url: database.url });
  await ctx.db.$queryRaw`SELECT 1`;
  await expect(restoring()).rejects.toThrow(/at work on this database/);
  await until('its idle sessions have ended', () => database.pool.totalCount === 0);
  await expect(restoring()).rejects.toThrow(/in use: it holds 75 in address_words/);
  await onEmptyDatabase(async (url) => {
    await asking(url, async (client) => {
      await migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations'));
      await client.query("INSERT INTO runs (job, started_at) VALUES ('plan', now())");
    });
    await expect(restoreBackup({ file, url })).rejects.toThrow(/in use: it holds 1 in runs/);
    await asking(url, (client) => client.query('DELETE FROM runs'));
    expect((await restoreBackup({ file, url })).rows).toBe(made.rows); // freshly migrated
  });
});

test('when a file was cut, then it is refused before anything is touched', async () => {
  const bytes = readFileSync(file);
  const cut = newFile();
  writeFileSync(cut, bytes.subarray(0, bytes.length - 5_000));
  await expect(openArchive(cut)).rejects.toThrow(/no whole backup/);
});

test('when a byte of a file changed, then nothing is touched, and the whole one can be restored', async () => {
  const damaged = newFile();
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(damaged, bytes);
  await onEmptyDatabase(async (url) => {
    await expect(restoreBackup({ file: damaged, url })).rejects.toThrow();
    const start = () => asking(url, (client) => migrate(client, join(PACKAGE_ROOT, 'prisma', 'migrations')));
    expect(await shapeOf(url)).toEqual([]);
    await restoreBackup({ file, url });
    expect(await start()).toEqual([]);
  });
});

test('when the disk refuses half-way, then no half a file stays', async () => {
  const nowhere = join(dirname(newFile()), 'x'.repeat(255));
  await expect(makeBackup(scope(), { file: nowhere }, 'cli')).rejects.toThrow();
  expect(existsSync(nowhere)).toBe(false);
});

test('when newsletters are planned while a backup begins, then those it is compared by are its own, and it is sound', async () => {
  const own = newFile();
  const before = await ctx.db.delivery.findMany({ select: { publicId: true } });
  await asking(database.url, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE keys IN ACCESS EXCLUSIVE MODE'); // read early in the snapshot
    const making = makeBackup(scope(), { file: own }, 'cli');
    await until('the snapshot waits', async () => (await database.pool.query(WAITING_SQL)).rowCount === 1);
    await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['attention'] });
    await runPlan(ctx);
    await client.query('COMMIT');
    await making;
  });
  const archive = await openArchive(own);
  archive.close();
  const known = new Set(before.map(({ publicId }) => publicId));
  expect(archive.samples.map(({ id }) => known.has(id))).toEqual(Array(20).fill(true));
  expect(await ctx.db.delivery.count()).toBe(before.length + 1);
  expect(await verifyBackup({ file: own, config: ctx.config })).toMatchObject({ same: 20, samples: 20, problems: [] });
});

const WAITING_SQL = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
  AND application_name = 'offprint-backup' AND wait_event_type = 'Lock'`;
