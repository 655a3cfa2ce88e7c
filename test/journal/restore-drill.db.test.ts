import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { findHold } from '../../src/db/sending/holds.ts';
import { replayJournal } from '../../src/journal/replay-journal.ts';
import { holdWhereBehind } from '../../src/operate/hold-where-behind.ts';
import { resumeSending } from '../../src/operate/resume-sending.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { beginDrill, makeReaders, ownName, read, runDay, shownTwice, type Drill, type Service } from './drill.ts';

const READERS = 60;
const SNAPSHOT = '2026-11-17T12:00:00Z';
const [LOST_DAY, NEXT_DAY] = ['2026-11-18T08:00:30Z', '2026-11-19T08:00:30Z'];
const [live, snapshot] = [ownName('live'), ownName('snapshot')];
let smtp: TestSmtp;
let drill: Drill;
let emails: string[];
const services: Service[] = [];

/** Who did what after the snapshot, and whose mail of the lost day did not just arrive. */
const [left, erased, suppressed] = [[0, 1, 2, 3], [4, 5], [6]].map((who) => who.map(address)) as [
  string[],
  string[],
  string[],
];
const [deferred, inDoubt] = [address(7), address(8)];
function address(n: number): string {
  return `drill-reader-${n}@example.org`;
}

async function open(name: string, now: string, folder = drill.folder): Promise<Service> {
  const service = await drill.open(name, now, folder);
  services.push(service);
  return service;
}

/** A database as it was when the snapshot was taken, under another name. */
async function restored(what: string): Promise<{ ctx: Service['ctx']; folders: string[] }> {
  const [name, folder] = [ownName(what), drill.copyJournal()];
  await drill.create(name, snapshot);
  const { ctx } = await open(name, '2026-11-18T09:00:00Z', folder);
  return { ctx, folders: [folder] };
}

beforeAll(async () => {
  smtp = await startSmtp();
  drill = beginDrill(inject('serverUrl'), smtp.url);
  await drill.create(live, inject('template'));
  const before = await open(live, '2026-11-17T06:00:00Z');
  emails = await makeReaders(before.ctx, READERS, new Date('2026-11-16T12:00:00Z'));
  await runDay(before.ctx, '2026-11-17T08:00:30Z');
  expect(smtp.mails).toHaveLength(READERS);
  await before.vanish();
  await drill.create(snapshot, live);
  const { ctx, vanish } = await open(live, SNAPSHOT);
  for (const email of left) await unsubscribe(ctx, { publicId: await idOf(ctx.db, email) }, { actor: 'one-click' });
  for (const email of erased) await erase(ctx, { email });
  for (const email of suppressed) await suppress(ctx, { email }, 'cli');
  smtp.modeFor = (to) => (to === deferred ? 'tempfail-after-data' : to === inDoubt ? 'drop-after-dot' : null);
  await runDay(ctx, LOST_DAY);
  smtp.modeFor = null;
  expect(smtp.mails).toHaveLength(SENT);
  expect(await holdWhereBehind(ctx, 'cli')).toBeNull(); // one that lives is not behind, whatever is in doubt
  await vanish();
  await drill.drop(live);
}, 240_000);
beforeEach(() => {
  lostDay = smtp.mails.slice(READERS, SENT);
});
afterEach(() => void smtp.mails.splice(SENT));
afterAll(async () => {
  await Promise.all(services.map(({ vanish }) => vanish().catch(() => {})));
  for (const name of [snapshot, ...services.map(({ name }) => name)]) await drill.drop(name);
  await smtp.close();
});

let lostDay: TestSmtp['mails'];
const GONE = left.length + erased.length + suppressed.length;
/** The deferred one was not taken; the one in doubt was. */
const SENT = READERS + READERS - GONE - 1;

async function idOf(db: Service['ctx']['db'], email: string): Promise<string> {
  return (await db.subscriber.findUniqueOrThrow({ where: { email } })).publicId;
}

it('when the database is restored and nothing is replayed, then mails and papers are repeated: the drill can fail', async () => {
  const { ctx } = await restored('bare');
  await runDay(ctx, '2026-11-18T09:00:00Z');
  const again = smtp.mails.slice(SENT).map(({ to }) => to);
  expect(again).toHaveLength(READERS);
  expect(again).toEqual(expect.arrayContaining([...left, ...erased, ...suppressed]));
}, 120_000);

it('when the journal is replayed, then nobody gets a mail or a paper again, nobody who left comes back, and nobody is missed', async () => {
  expect(lostDay).toHaveLength(READERS - GONE - 1);
  const { ctx, folders } = await restored('whole');
  const replayed = await replayJournal(ctx, { folders, since: new Date(SNAPSHOT) });
  expect(replayed).toMatchObject({ sent: READERS - GONE - 2, inDoubt: 1, left: 4, erased: 2, suppressed: 3, moved: 0 });
  expect(replayed.reading).toMatchObject({ damaged: 0, foreign: 0 });
  expect(replayed.papers).toBeGreaterThan(0);

  await runDay(ctx, '2026-11-18T09:00:00Z');
  expect(smtp.mails.slice(SENT).map(({ to }) => to)).toEqual([deferred]); // whose mail had not arrived
  await runDay(ctx, NEXT_DAY);
  const all = await read(smtp.mails);
  const next = all.slice(SENT + 1).map(({ to }) => to);
  expect(next.toSorted()).toEqual(
    emails.filter((email) => ![...left, ...erased, ...suppressed].includes(email)).toSorted(),
  );
  expect(shownTwice(all)).toEqual([]);
  expect(Math.min(...all.slice(SENT).map(({ titles }) => titles.length))).toBeGreaterThan(0);

  const uncertain = await ctx.db.delivery.findMany({
    where: { state: 'uncertain' },
    select: { email: true, endReason: true },
  });
  expect(uncertain).toEqual([{ email: inDoubt, endReason: 'lost' }]);
  const gone = await ctx.db.subscriber.findMany({
    where: { email: { in: [...left, ...erased] } },
    select: { status: true },
  });
  expect(gone.map(({ status }) => status)).toEqual(left.map(() => 'unsubscribed'));
}, 240_000);

it('when it is replayed twice, then the second time changes nothing', async () => {
  const { ctx, folders } = await restored('twice');
  const options = { folders, since: new Date(SNAPSHOT) };
  const foreseen = await replayJournal(ctx, { ...options, dryRun: true });
  const first = await replayJournal(ctx, options);
  const second = await replayJournal(ctx, options);
  const { sent, inDoubt: doubts, left: leavers } = first;
  expect({ ...foreseen, papers: 0, reading: 0 }).toEqual({ ...first, papers: 0, reading: 0 });
  expect({ sent, doubts, leavers }).not.toEqual({ sent: 0, doubts: 0, leavers: 0 });
  expect(second).toMatchObject({ sent: 0, inDoubt: 0, papers: 0, left: 0, erased: 0, suppressed: 0, moved: 0 });
}, 120_000);

it('when the edition was planned anew before the replay, then what waits counts as sent, with the papers that were shown', async () => {
  const { ctx, folders } = await restored('late');
  await runDay(ctx, '2026-11-18T09:00:00Z', 'match', 'plan');
  const replayed = await replayJournal(ctx, { folders, since: new Date(SNAPSHOT) });
  expect(replayed).toMatchObject({ sent: READERS - GONE - 2 });
  await runDay(ctx, '2026-11-18T10:00:00Z');
  expect(smtp.mails.slice(SENT).map(({ to }) => to)).toEqual([deferred]);
  await runDay(ctx, NEXT_DAY);
  expect(shownTwice(await read(smtp.mails))).toEqual([]);
}, 240_000);

it('when a database comes back beside its journal, then a start holds all until it is replayed, or somebody lets it go on', async () => {
  const { ctx, folders } = await restored('behind');
  const missing = `${READERS - GONE - 1} mails, 4 readers who left, 2 erased, 3 addresses suppressed`;
  expect(await holdWhereBehind(ctx, 'cli')).toContain(missing);
  await runDay(ctx, '2026-11-18T09:00:00Z');
  expect(smtp.mails).toHaveLength(SENT);
  expect(await holdWhereBehind(ctx, 'cli')).toBeNull(); // it is held already
  const hold = await findHold(ctx.db);
  await replayJournal(ctx, { folders, since: hold?.snapshotAt ?? new Date() });
  await resumeSending(ctx, 'cli');
  expect(await holdWhereBehind(ctx, 'cli')).toBeNull();
  await runDay(ctx, '2026-11-18T09:00:00Z');
  expect(smtp.mails.slice(SENT).map(({ to }) => to)).toEqual([deferred]);

  const bold = await restored('bold');
  expect(await holdWhereBehind(bold.ctx, 'cli')).toContain(missing);
  await resumeSending(bold.ctx, 'cli');
  expect(await holdWhereBehind(bold.ctx, 'cli')).toBeNull(); // who says so takes it upon themselves
}, 240_000);

it('when everything is written, then no address stands in the journal, and nothing of those who were erased but that they were', () => {
  const text = readdirSync(drill.folder)
    .map((name) => readFileSync(join(drill.folder, name), 'utf8'))
    .join('');
  expect(text.length).toBeGreaterThan(5_000);
  expect(text).not.toMatch(/@|example\.org|drill-reader/);
});
