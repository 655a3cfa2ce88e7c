import { beforeAll, expect, inject, test } from 'vitest';
import { makeBackup } from '../../src/backup/make-backup.ts';
import { withDb } from '../../src/backup/scratch.ts';
import { loadKeys } from '../../src/db/keys.ts';
import { packageVersion } from '../../src/package.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { databaseUrl, testDatabase } from '../support/database.ts';
import { onOlderRelease } from '../support/older-release.ts';
import { fillService, newFile } from './service.ts';

const database = testDatabase();
const file = newFile();
let ctx: TestContext;
/** As the context of the test has them: they stand in every newsletter. */
const SAME = {
  PUBLIC_URL: 'http://localhost:3000',
  MAIL_FROM: 'Offprint <papers@digest.example.org>',
  POSTAL_ADDRESS: '12 Harbour Street, Brightwater BW1 2AB',
};
const check = (args: string[], settings: Record<string, string> = SAME) =>
  runCli(['upgrade', '--check', ...args], { url: database.url, settings });

beforeAll(async () => {
  ctx = await testContext(database);
  await fillService(ctx);
}, 300_000);

test('when no backup is known, then it is said how one is taken', async () => {
  const { code, stderr } = await check([]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('offprint backup FILE takes one')]);
}, 300_000);

test('when the newest backup is tried with what runs, then the last edition comes out the same', async () => {
  expect((await runCli(['backup', file], { url: database.url, settings: SAME })).code).toBe(0);
  const { code, stdout } = await check([]);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`Offprint ${packageVersion()} on ${file}`)]);
  expect(stdout).toContain('It needs no migration.');
  expect(stdout).toContain('Of 20 newsletters of the last edition 0 come out otherwise.');
}, 300_000);

test('when newsletters come out otherwise, then it is shown how, line by line', async () => {
  const { code, stdout } = await check([], { ...SAME, POSTAL_ADDRESS: '1 Hill Road, Oldtown OT2 3CD' });
  expect([code, stdout]).toEqual([0, expect.stringContaining('20 come out otherwise.')]);
  expect(stdout).toMatch(/^-.*12 Harbour Street/m);
  expect(stdout).toMatch(/^\+.*1 Hill Road/m);
  expect(stdout).toContain('… and 17 more');
}, 300_000);

test('when the backup is of an older release, then its migrations are named, and how long they took', async () => {
  await onOlderRelease('20261130100000', async (client) => {
    const older = newFile();
    await withDb(databaseUrl(inject('serverUrl'), client.database ?? ''), async (db) => {
      await loadKeys(db, undefined, ctx.now());
      await makeBackup({ db, config: ctx.config, now: ctx.now }, { file: older }, 'cli');
    });
    const { code, stdout } = await check(['--file', older]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/\d+ migrations took \d+\.\d s: .*20261130100000_keep_backups/),
    ]);
    const json = (await check(['--file', older, '--json'])).json().at(-1);
    expect(json).toMatchObject({ compared: 0, otherwise: [], migrateMs: expect.any(Number) as number });
  });
}, 300_000);
