import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { makeBackup } from '../../src/backup/make-backup.ts';
import type { Manifest } from '../../src/backup/manifest.ts';
import { openArchive } from '../../src/backup/read-archive.ts';
import { sessionName } from '../../src/db/sessions.ts';
import { AppError } from '../../src/lib/errors.ts';
import { noteOfMigration } from '../../src/model/release.ts';
import { packageVersion } from '../../src/package.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { onServer, testDatabase } from '../support/database.ts';
import { often } from '../support/thorough.ts';
import { asking, fillService, newFile, onEmptyDatabase, repacked, type Change } from './service.ts';

const database = testDatabase();
const file = newFile();
let ctx: TestContext;

beforeAll(async () => {
  ctx = await testContext(database);
  await fillService(ctx);
  await makeBackup({ db: ctx.db, config: ctx.config, now: ctx.now }, { file }, 'cli');
}, 180_000);

/** Everything that lies in a database, in words. */
async function insideOf(url: string): Promise<string> {
  const { rows } = await asking(url, (client) =>
    client.query<{ name: string }>(
      "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    ),
  );
  return rows.map(({ name }) => name).join();
}

/** Refuses on an empty database, which stays empty. */
async function refused(damaged: string): Promise<string> {
  return onEmptyDatabase(async (url) => {
    const { code, stdout, stderr } = await runCli(['restore', damaged, '--yes'], { url });
    expect([code, stdout, await insideOf(url)]).toEqual([2, '', '']);
    return stderr;
  });
}

test('when a file is cut, or lacks a part, or holds other rows than it says, then it is refused, and the database stays empty', async () => {
  const bytes = readFileSync(file);
  const cut = newFile();
  writeFileSync(cut, bytes.subarray(0, bytes.length >> 1));
  const format: Change = (text) => text.replace('"format": 1', '"format": 2');
  const gone: Change = () => null;
  const damaged: [string, string][] = [
    [cut, 'is no whole backup'],
    [await repacked(file, { 'manifest.json': gone }), 'it has no manifest.json'],
    [await repacked(file, { 'tables/subscribers.copy': gone }), 'it has no tables/subscribers.copy'],
    [await repacked(file, { 'tables/subscribers.copy': (text) => text.replace('@', '%') }), 'subscribers is damaged'],
    [await repacked(file, { 'manifest.json': format }), 'is not what offprint backup'],
  ];
  for (const [path, words] of damaged) expect(await refused(path)).toContain(words);
}, 180_000);

test('when any byte of a file is changed, then it is refused before anything is touched, or it means the same', async () => {
  const bytes = readFileSync(file);
  const whole = await contentsOf(file);
  const damaged = newFile();
  let refusals = 0;
  const tries = often(2_000, 150);
  for (let n = 0; n < tries; n++) {
    const at = Math.floor((bytes.length * (n + 0.5)) / tries);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << (n % 8)), at);
    writeFileSync(damaged, changed);
    const found = await contentsOf(damaged);
    if (found instanceof AppError) refusals += 1;
    else expect(found, `byte ${at}`).toEqual(whole);
  }
  expect(refusals).toBeGreaterThan(tries * 0.8);
}, 180_000);

/** What would be restored of a file; else why nothing. */
async function contentsOf(path: string): Promise<unknown> {
  try {
    const archive = await openArchive(path);
    const { manifest, samples } = archive;
    await archive.rows.sound().finally(() => archive.close());
    return { manifest, samples };
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad-input') return error;
    throw error;
  }
}

test('when somebody works on a database, or it holds something, then it is said what, and all of it stays', async () => {
  const worker = new pg.Client({ connectionString: database.url, application_name: sessionName() });
  await worker.connect();
  const working = await runCli(['restore', file, '--yes'], { url: database.url });
  await worker.end();
  expect([working.code, working.stderr]).toEqual([1, expect.stringContaining('stop serve and every worker first')]);
  expect(await ctx.db.subscriber.count()).toBe(25);
  await onEmptyDatabase(async (url) => {
    expect((await runCli(['restore', file, '--yes'], { url })).code).toBe(0);
    const before = await insideOf(url);
    const again = await runCli(['restore', file, '--yes'], { url });
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/in use: it holds .*DATABASE_URL/)]);
    expect(await insideOf(url)).toBe(before);
  });
}, 180_000);

test('when a backup or a database is newer than this release, then it is refused with the release and the command', async () => {
  const ahead = '99990101000000_of_tomorrow';
  const path = await repacked(file, {
    'manifest.json': (text) => {
      const one = JSON.parse(text) as Manifest;
      return JSON.stringify({ ...one, release: '99.1.0', migrations: [...one.migrations, ahead] });
    },
  });
  await onEmptyDatabase(async (url) => {
    const { code, stderr } = await runCli(['restore', path, '--yes'], { url });
    expect([code, stderr]).toEqual([1, expect.stringContaining('restore it with Offprint 99.1.0 or newer')]);
    expect(await insideOf(url)).toBe('');
    expect((await runCli(['migrate'], { url })).code).toBe(0);
    await onServer(
      url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs, finished_at)
       VALUES ('x', 'x', '${ahead}', '${noteOfMigration({ appliedBy: '99.1.0', runsWith: '>= 99.0.0' })}', now())`,
    );
    for (const command of ['serve', 'worker', 'run']) {
      const run = await runCli([command], { url, settings: { PORT: '0' } });
      expect([command, run.code, run.stderr]).toEqual([
        command,
        1,
        expect.stringMatching(
          `ahead of this release .${packageVersion()}.*Start Offprint 99.1.0 or newer.*offprint restore FILE`,
        ),
      ]);
    }
  });
}, 180_000);
