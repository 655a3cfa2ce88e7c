import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { makeBackup } from '../../src/backup/make-backup.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { findHold } from '../../src/db/sending/holds.ts';
import { replayInto } from '../../src/operate/replay-journal.ts';
import { resumeSending } from '../../src/operate/resume-sending.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { databaseUrl } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { beginDrill, makeReaders, ownName, read, runDay, shownTwice, type Drill, type Service } from './drill.ts';

/** What a bad day looks like: a backup, a day of mails, people who leave, and then the database is gone. */
const [READERS, LEFT, ERASED] = [5_000, 50, 5];
const BACKUP = '2026-11-17T12:00:00Z';
const [LOST_DAY, SAME_DAY, NEXT_DAY] = ['2026-11-18T08:00:30Z', '2026-11-18T09:00:30Z', '2026-11-19T08:00:30Z'];
const file = join(mkdtempSync(join(tmpdir(), 'offprint-drill-')), 'all.zip');
const live = ownName('live');
const made: string[] = [];
let smtp: TestSmtp;
let drill: Drill;
let emails: string[];
/** Mails that had arrived when the database was lost. */
let arrived: number;
const open: Service[] = [];

async function service(name: string, now: string, folder?: string): Promise<Service> {
  const opened = await drill.open(name, now, folder);
  open.push(opened);
  return opened;
}

/** The backup in a new database, with a copy of the journal beside it, as a new machine has it. */
async function restored(what: string): Promise<Service & { folder: string }> {
  const [name, folder] = [ownName(what), drill.copyJournal()];
  await drill.create(name, 'template0');
  made.push(name);
  await restoreBackup({ file, url: databaseUrl(inject('serverUrl'), name) });
  return { ...(await service(name, SAME_DAY, folder)), folder };
}

beforeAll(async () => {
  smtp = await startSmtp();
  drill = beginDrill(inject('serverUrl'), smtp.url);
  await drill.create(live, inject('template'));
  const { ctx, vanish } = await service(live, '2026-11-17T06:00:00Z');
  emails = await makeReaders(ctx, READERS, new Date('2026-11-16T12:00:00Z'));
  await runDay(ctx, '2026-11-17T08:00:30Z');
  expect(smtp.mails).toHaveLength(READERS);
  ctx.setNow(BACKUP);
  await makeBackup({ db: ctx.db, config: ctx.config, now: ctx.now }, { file }, 'cli');
  for (const email of emails.slice(0, LEFT)) {
    const { publicId } = await ctx.db.subscriber.findUniqueOrThrow({ where: { email } });
    await unsubscribe(ctx, { publicId }, { actor: 'one-click' });
  }
  for (const email of emails.slice(LEFT, LEFT + ERASED)) await erase(ctx, { email });
  await runDay(ctx, LOST_DAY);
  await vanish();
  await drill.drop(live);
  arrived = smtp.mails.length;
  expect(arrived).toBe(READERS + READERS - LEFT - ERASED);
}, 900_000);
afterAll(async () => {
  await Promise.all(open.map(({ vanish }) => vanish().catch(() => {})));
  for (const name of made) await drill.drop(name);
  await smtp.close();
});

it(`when ${READERS} mails, ${LEFT} who left and ${ERASED} who were erased are newer than the backup, then with the journal nobody gets anything twice and nobody who left is mailed`, async () => {
  const { ctx, folder } = await restored('whole');
  const since = new Date(BACKUP); // by the clock of the drill; a restore takes the database's
  const replayed = await replayInto(ctx, { folders: [folder], since }, 'cli');
  expect(replayed).toMatchObject({ sent: READERS - LEFT - ERASED, inDoubt: 0, left: LEFT, erased: ERASED });
  await resumeSending(ctx, 'cli');
  await runDay(ctx, SAME_DAY);
  expect(smtp.mails.slice(arrived)).toEqual([]);
  await runDay(ctx, NEXT_DAY);
  const next = smtp.mails.slice(arrived).map(({ to }) => to);
  expect(next.toSorted()).toEqual(emails.slice(LEFT + ERASED).toSorted());
  expect(shownTwice(await read(smtp.mails))).toEqual([]);
  smtp.mails.splice(arrived);
}, 900_000);

it('when there is no journal, then nothing goes until somebody says so', async () => {
  const { ctx } = await restored('bare');
  expect(await findHold(ctx.db)).toMatchObject({ kind: 'restored' });
  await runDay(ctx, SAME_DAY);
  await runDay(ctx, NEXT_DAY);
  expect(smtp.mails).toHaveLength(arrived);
  await resumeSending(ctx, 'cli');
  await runDay(ctx, NEXT_DAY);
  expect(smtp.mails.length).toBeGreaterThan(arrived); // who says so takes it upon themselves
  smtp.mails.splice(arrived);
}, 900_000);
