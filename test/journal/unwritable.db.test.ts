import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planAll, seed } from '../../bench/send/seed.ts';
import { keepFactsOf } from '../../src/db/facts.ts';
import { askCircuit } from '../../src/db/sending/circuit.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { keyMarkOf, openJournal } from '../../src/journal/open-journal.ts';
import { newReading, readJournal } from '../../src/journal/read-journal.ts';
import { lookForTrouble } from '../../src/operate/alarms/look-for-trouble.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { cliPlace, runCli } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { until } from '../support/until.ts';

const database = testDatabase();
const deliver = jobNamed('deliver')!;
const READERS = 40;
/** Of util-linux: bounds how large files of a process may become while it runs, as a full disk does. */
const prlimit = await promisify(execFile)('prlimit', ['--version']).then(
  () => true,
  () => false,
);
let smtp: TestSmtp;

beforeEach(async () => {
  await seed(database.pool, READERS);
  await planAll(database.pool);
  smtp = await startSmtp();
});
afterEach(() => smtp.close());

const newFolder = () => join(mkdtempSync(join(tmpdir(), 'offprint-journal-')), 'journal');
const recipients = () => smtp.mails.map(({ to }) => to);

/** What a journal tells, in words. */
async function told(folder: string, keyMark: string | null): Promise<string[]> {
  const words: string[] = [];
  for await (const one of readJournal({ folders: [folder], since: new Date(0), keyMark }, newReading()))
    words.push('mail' in one ? one.mail.outcome : one.fact.what);
  return words;
}

test('when the journal takes nothing, then no mail goes and none is lost, people may leave, the operator is told, and it goes on by itself', async () => {
  const folder = newFolder();
  const ctx = await testContext(database, { SMTP_URL: smtp.url, JOURNAL_DIR: folder });
  const { log, keys } = ctx;
  ctx.journal = openJournal({ folder, suppressionKey: keys.suppression, log });
  keepFactsOf(ctx.db, (facts) => ctx.journal.keep(facts));
  writeFileSync(folder, ''); // a file in its place, which stops root too
  ctx.setNow('2026-01-05T09:00:00Z');
  expect(await runJob(ctx, deliver)).toMatchObject({ sent: 0 });
  expect(smtp.mails).toEqual([]);
  const waiting = { state: { in: ['planned' as const, 'retrying' as const] }, handedAt: null };
  expect(await ctx.db.delivery.count({ where: waiting })).toBe(READERS);
  expect(await ctx.db.attempt.count()).toBe(0); // no try is counted
  expect(await askCircuit(ctx.db)).toEqual({ state: 'closed' }); // the journals of others may be well
  const troubles = await lookForTrouble(ctx);
  expect(troubles.find(({ code }) => code === 'journal-fails')).toMatchObject({
    happened: expect.stringContaining('The journal cannot be written: ') as string,
    type: `df -h ${folder}`,
  });
  const left = await ctx.db.subscriber.findFirstOrThrow({ where: { status: 'confirmed' } });
  expect(await unsubscribe(ctx, { publicId: left.publicId }, { actor: 'one-click' })).toMatchObject({
    outcome: 'unsubscribed',
  });

  ctx.setNow('2026-01-05T09:05:00Z');
  expect(await runJob(ctx, deliver)).toMatchObject({ sent: 0 }); // still
  rmSync(folder);
  await until('the journal takes something again', () => ctx.journal.problem() === null);
  ctx.setNow('2026-01-05T09:10:00Z');
  expect(await runJob(ctx, deliver)).toMatchObject({ sent: READERS - 1 });
  expect(new Set(recipients()).size).toBe(READERS - 1);
  expect(recipients()).not.toContain(left.email);
  expect((await lookForTrouble(ctx)).filter(({ code }) => code === 'journal-fails')).toEqual([]);
  await ctx.journal.close();
  const words = await told(folder, keyMarkOf(keys.suppression));
  expect(words.toSorted()).toEqual(['left', ...Array.from({ length: READERS - 1 }, () => 'sent')]);
}, 180_000);

test.skipIf(!prlimit)(
  'when its disk is full in the middle of a run, then what went stands in it, the rest waits, and goes once later',
  async () => {
    const DATA_DIR = mkdtempSync(join(tmpdir(), 'offprint-data-'));
    const settings = { SMTP_URL: smtp.url, DATA_DIR, SEND_RATE_PER_SECOND: '10' };
    const run = (now: string) => ['run', 'deliver', '--now', `2026-01-05T${now}:00Z`];
    const place = cliPlace(database.url, settings);
    const child = spawn(process.execPath, ['dist/cli.js', ...run('09:00')], { ...place, stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('some went', () => smtp.mails.length >= 5);
    await promisify(execFile)('prlimit', ['--pid', String(child.pid), '--fsize=0']);
    await once(child, 'close');
    const went = smtp.mails.length;
    expect(went).toBeLessThan(READERS);
    expect(said).toContain('the journal cannot be written');
    const words = await told(join(DATA_DIR, 'journal'), null);
    expect(words.length).toBe(went); // each that went, and none that did not
    const again = await runCli(run('09:05'), { url: database.url, settings: { SMTP_URL: smtp.url, DATA_DIR } });
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(recipients().toSorted()).toEqual([...new Set(recipients())].toSorted());
    expect(smtp.mails).toHaveLength(READERS);
  },
  180_000,
);
