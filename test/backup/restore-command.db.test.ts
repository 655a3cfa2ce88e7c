import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openJournal } from '../../src/journal/open-journal.ts';
import { runCli, type CliRun } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { asking, fillService, newFile, onEmptyDatabase, repacked } from './service.ts';

const database = testDatabase();
/** As it is written; and as if it had been an hour ago. */
let file = newFile();
const NOW = ['--now', '2026-01-05T09:00:00Z'];
const SENT = 25;
let smtp: TestSmtp;
/** The machine's own folder, with its journal: what outlives the database. */
const DATA_DIR = mkdtempSync(join(tmpdir(), 'offprint-machine-'));
/** The journal of another machine, on which somebody was erased half an hour ago. */
const others = mkdtempSync(join(tmpdir(), 'offprint-journal-'));
const agoMs = (minutes: number) => Date.now() - minutes * 60_000;

const offprint = (url: string, args: string[], settings: Record<string, string> = {}): Promise<CliRun> =>
  runCli(args, { url, settings: { SMTP_URL: smtp.url, DATA_DIR, ...settings } });

beforeAll(async () => {
  smtp = await startSmtp();
  const ctx = await testContext(database);
  await fillService(ctx);
  const backup = await offprint(database.url, ['backup', file, '--json']);
  expect([backup.code, backup.json().at(-1)]).toEqual([0, expect.objectContaining({ file, keysWrapped: false })]);
  const at = new Date(agoMs(60)).toISOString();
  file = await repacked(file, {
    'manifest.json': (text) => JSON.stringify({ ...(JSON.parse(text) as object), takenAt: at, openSince: at }),
  });
  const { log, keys } = ctx;
  const clock = () => agoMs(30);
  const journal = openJournal({ folder: others, suppressionKey: keys.suppression, log, clock });
  const { publicId } = await ctx.db.subscriber.findFirstOrThrow();
  journal.keep([{ what: 'erased', reader: publicId }]);
  await journal.close();
  const sent = await offprint(database.url, ['run', 'deliver', ...NOW]);
  expect([sent.stdout, smtp.mails.length]).toEqual([`deliver: sent ${SENT}\n`, SENT]);
}, 180_000);
afterAll(() => smtp.close());

test('when it is restored beside its journal, then nothing goes before it is told to, and nobody gets a mail again', async () => {
  await onEmptyDatabase(async (url) => {
    const restored = await offprint(url, ['restore', file, '--yes']);
    expect([restored.code, restored.stderr]).toEqual([0, expect.stringContaining('Nothing is sent yet')]);
    expect(restored.stdout).toContain('Restored ');
    expect(restored.stdout).toContain(`${SENT} mails are sent, 0 in doubt`);
    const more = await offprint(url, ['journal', 'replay', '--dir', others, '--json']);
    expect(more.json().at(-1)).toMatchObject({ erased: 1, sent: 0 });
    const held = await offprint(url, ['status']);
    expect(held.stdout).toContain('Nothing is sent: this database was restored from a backup of');
    expect(held.stdout).toContain('offprint resume');
    const resumed = await offprint(url, ['resume', '--yes', '--json']);
    expect(resumed.json().at(-1)).toMatchObject({ outcome: 'resumed' });
    expect((await offprint(url, ['run', 'plan', 'deliver', ...NOW])).code).toBe(0);
    expect(smtp.mails).toHaveLength(SENT);
  });
}, 180_000);

test('when there is no journal, then nothing goes until somebody says so, and then they get it', async () => {
  await onEmptyDatabase(async (url) => {
    const without = { JOURNAL_DIR: 'off' };
    const restored = await offprint(url, ['restore', file, '--yes', '--json'], without);
    expect([restored.code, restored.json().at(-1)]).toEqual([0, expect.objectContaining({ journal: null })]);
    expect(restored.stderr).toContain('some may have got their mail');
    await offprint(url, ['run', 'plan', 'deliver', ...NOW], without);
    expect(smtp.mails).toHaveLength(SENT);
    await offprint(url, ['resume', '--yes'], without);
    const again = await offprint(url, ['run', 'deliver', ...NOW], without);
    expect(again.stdout).toBe(`deliver: sent ${SENT}\n`);
    expect(smtp.mails.splice(SENT)).toHaveLength(SENT); // the drill can fail
  });
}, 180_000);

test('when nobody is asked whether to restore or to go on, then nothing is done', async () => {
  await onEmptyDatabase(async (url) => {
    const asked = await Promise.all([offprint(url, ['restore', file]), offprint(database.url, ['resume'])]);
    for (const { code, stderr } of asked) expect([code, stderr]).toEqual([2, expect.stringContaining('--yes says so')]);
  });
}, 180_000);

test('when a journal that is named is not there, then nothing is restored or read: what is missing is named', async () => {
  await onEmptyDatabase(async (url) => {
    const nowhere = join(others, 'nowhere');
    const restored = await offprint(url, ['restore', file, '--yes', '--journal', others, '--journal', nowhere]);
    const said = `${nowhere}: no such folder; expected a journal, as JOURNAL_DIR names it`;
    expect([restored.code, restored.stdout, restored.stderr]).toEqual([2, '', expect.stringContaining(said)]);
    const tables = "SELECT count(*)::int AS tables FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    const { rows } = await asking(url, (client) => client.query<{ tables: number }>(tables));
    expect(rows).toEqual([{ tables: 0 }]);
    for (const act of ['show', 'verify', 'replay']) {
      const { code, stderr } = await offprint(database.url, ['journal', act, '--dir', nowhere]);
      expect([act, code, stderr]).toEqual([act, 2, expect.stringContaining(said)]);
    }
    const empty = await offprint(url, ['journal', 'verify', '--dir', mkdtempSync(join(tmpdir(), 'offprint-none-'))]);
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('no file of a journal in it')]);
    const none = await offprint(url, ['journal', 'verify', '--json'], { DATA_DIR: nowhere }); // as before a first start
    expect([none.code, none.json()]).toEqual([0, [expect.objectContaining({ files: 0 })]]);
  });
}, 180_000);

test('when a backup is tried and JSON is asked for, then how it fared is one object', async () => {
  const tried = await offprint(database.url, ['backup', 'verify', file, '--json']);
  expect([tried.code, tried.json().at(-1)]).toEqual([0, expect.objectContaining({ file, problems: [] })]);
}, 180_000);
