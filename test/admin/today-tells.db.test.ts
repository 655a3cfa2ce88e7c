import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seeAlarms } from '../../src/db/operator/open-alarms.ts';
import { createTodayWatch } from '../../src/admin/today/today-watch.ts';
import { lookForTrouble } from '../../src/operate/alarms/look-for-trouble.ts';
import { measureSources } from '../../src/operate/measure-sources.ts';
import { reportSources } from '../../src/operate/report-sources.ts';
import { lookAtStatus } from '../../src/operate/status.ts';
import { ALARMED } from '../../src/operate/today/alarmed.ts';
import { createLookAhead } from '../../src/operate/today/look-ahead.ts';
import { lookAtToday } from '../../src/operate/today/look-at-today.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { makeAlarm, makeMails } from '../world/edition-mails.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const DAY = 'daily:2026-01-05';
let ctx: TestContext;
let admin: AdminServer;
let cookie: string;

beforeAll(async () => {
  ctx = await testContext(database, { ADMIN_EMAIL: 'ops@example.org' });
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T12:00:00Z');
  await ctx.db
    .$executeRaw`CALL empty_tables('deliveries, editions, subscribers, admins, alarms, sources, source_days, runs, processes')`;
  ({ cookie } = await admin.signIn());
});

/** The part of the page that tells of this moment. */
const now = async (language = 'en', base = admin.base, session = cookie) => {
  const headers = { cookie: session, 'accept-language': language };
  return (await (await fetch(`${base}/admin/now`, { headers })).text()).replace(/\s+/g, ' ');
};
/** Looks anew, as whoever opens the page does. */
const look = async (language = 'en') => {
  await (await fetch(`${admin.base}/admin`, { headers: { cookie } })).text();
  return now(language);
};
const hoursAgo = (hours: number) => new Date(ctx.now().getTime() - hours * 3_600_000);
const mails = (edition: string, state: string, many: number, madeAt = ctx.now()) =>
  makeMails(ctx.db, edition, { state, many, madeAt, at: ctx.now() });

it('when each alarm is open that no need tells of, then each says what happened and what helps, in both languages', async () => {
  await seeAlarms(
    ctx.db,
    ALARMED.map((code) => ({ key: `${code}:here`, code, subject: `What happened of ${code}`, lines: [] })),
  );
  const [english, german] = [await look('en'), await now('de')];
  expect([english, german].map((html) => /(\d) (?:things need|Dinge brauchen)/.exec(html)?.[1])).toEqual(['8', '8']);
  for (const code of ALARMED) expect(english).toContain(`<p class="hint" lang="en">What happened of ${code}</p>`);
  expect(english).toContain('The disk of here is nearly full.');
  expect(german).toContain('Der Datenträger von here ist fast voll.');
  expect(english).not.toContain('admin.need');
});

it('when two doors are silent, then each has a headline of its own, in both languages', async () => {
  const of = (door: string) => ({ key: `bounces-silent:${door}`, code: 'bounces-silent', subject: door, lines: [] });
  await seeAlarms(ctx.db, ['smtp', 'imap', 'webhook', 'editions'].map(of));
  const headlines = (html: string) => [...html.matchAll(/<strong>([^<]*)<\/strong>/g)].map(([, words]) => words);
  expect(headlines(await look('en'))).toEqual([
    ...['Bounces do not come in at our port.', 'Bounces do not come in by the mailbox.'],
    ...['Bounces do not come in from the mail provider.', 'Bounces do not come back.'],
  ]);
  expect(new Set(headlines(await now('de'))).size).toBe(4);
});

it('when backups come again while the alarm is open still, then a process with BACKUP_DIR says that all is well', async () => {
  const own = await testContext(database, { BACKUP_DIR: '/var/backups' });
  await seeAlarms(ctx.db, [{ key: 'backup', code: 'backup', subject: 'There is none', lines: [] }]);
  expect((await lookAtToday(own, null)).needs).toEqual([]);
  expect((await lookAtToday(ctx, null)).needs).toMatchObject([{ kind: 'alarmed', code: 'backup' }]);
});

it('when an alarm counts its seconds, then followers are told when it opens and when it is over, and not meanwhile', async () => {
  const lost = (seconds: number) => ({
    ...{ key: 'process-lost:here:1', code: 'process-lost', lines: [] },
    subject: `The worker 1 on here was last seen ${seconds} s ago`,
  });
  const today = createTodayWatch(ctx);
  const before = (await today.look()).id;
  await seeAlarms(ctx.db, [lost(60)]);
  const opened = await today.look();
  await seeAlarms(ctx.db, [lost(75)]);
  const later = await today.look();
  await ctx.db.alarm.deleteMany();
  expect([opened.id, later.id, (await today.look()).id]).toEqual([before + 1, before + 1, before + 2]);
  expect(later.today.needs).toMatchObject([{ problem: lost(75).subject }]);
});

it('when samples have had nothing new for weeks, then they are not silent, while another source is', async () => {
  const own = await testContext(database, { SOURCES: 'samples=seeds/digests, other=/tmp' });
  const days = ['2025-12-22', '2025-12-23', '2025-12-24', '2025-12-25', '2025-12-26'].map((day) => new Date(day));
  for (const name of ['samples', 'other']) {
    const at = { lastSuccessAt: own.now(), lastNewAt: new Date('2025-12-19T02:00:00Z') };
    await own.db.source.create({ data: { name, ...at } });
    await own.db.sourceDay.createMany({ data: days.map((day) => ({ source: name, day, answered: true })) });
  }
  const silent = (await lookForTrouble(own)).filter(({ code }) => code === 'source-silent');
  expect(silent.map(({ about }) => about)).toEqual(['other']);
  const trouble = measureSources(await reportSources(own)).find(({ name }) => name === 'offprint_source_trouble');
  expect(trouble?.values.filter(({ value }) => value > 0).map(({ labels }) => labels['source'])).toEqual(['other']);
});

describe('editions', () => {
  it('when one was made the day before yesterday for the east, then it stands there while the west still waits', async () => {
    await mails(DAY, 'sent', 3, hoursAgo(30));
    expect(await look()).toMatch(/All well\. 3 newsletters of the edition below were sent.*3 of 3 sent/);
    expect(await now('de')).toContain('Von der Ausgabe unten wurden 3 Newsletter versendet');
  });

  it('when a weekly one was made two days ago, then it stands there all the week', async () => {
    await mails('weekly:2026-W02', 'sent', 3, hoursAgo(48));
    expect(await look()).toContain('All well. 3 newsletters of the edition below were sent');
    ctx.setNow('2026-01-13T12:00:00Z');
    ({ cookie } = await admin.signIn());
    expect(await look()).toContain('All well. No daily or weekly edition is under way');
  });

  it('when one welcome waits, then nothing is told of all that ever were, however many editions came since', async () => {
    await mails('welcome:1', 'sent', 50, hoursAgo(2_000));
    await mails('welcome:1', 'planned', 1);
    const before = Array.from({ length: 45 }, (_, n) => ({
      key: `daily:2025-10-${10 + (n % 20)}`,
      createdAt: hoursAgo(1_000),
    }));
    await ctx.db.edition.createMany({ data: before, skipDuplicates: true });
    const others = Array.from({ length: 25 }, (_, n) => ({ key: `weekly:2025-W${10 + n}`, createdAt: hoursAgo(900) }));
    await ctx.db.edition.createMany({ data: others });
    const html = await look();
    expect(html).toMatch(
      /All well\. No daily or weekly edition is under way.*Welcome number 1<\/a><\/dt><dd>one waits/,
    );
    expect(html).not.toMatch(/[ "]50[ "]/);
    expect((await lookAtStatus(ctx)).running.map(({ key }) => key)).toEqual(['welcome:1']);
  });

  it('when nearly all of one failed or bounced, then it needs somebody; a few among many do not', async () => {
    await mails(DAY, 'failed', 20);
    await mails(DAY, 'bounced', 5);
    expect(await look()).toMatch(
      /One thing needs you\..*25 of the 25 mails of Daily, Monday,? 5 January 2026 did not arrive/,
    );
    expect(await now('de')).not.toContain('Alles in Ordnung');
    await mails(DAY, 'sent', 475);
    expect(await look()).toContain('All well. 475 newsletters');
  });

  it('when all of one wait, then it says that nothing was sent yet, not that nothing was due', async () => {
    await mails(DAY, 'planned', 500);
    expect(await look()).toContain('All well. Nothing of the edition below was sent yet');
  });

  it('when one was cancelled before anything of it went, then no word is said of what is still to be sent of it', async () => {
    await mails(DAY, 'cancelled', 5);
    await ctx.db.edition.updateMany({ data: { state: 'cancelled' } });
    expect(await look()).toMatch(/All well\. No daily or weekly edition is under way.*cancelled/);
    expect(await now('de')).toContain('Keine tägliche oder wöchentliche Ausgabe ist unterwegs');
    await mails('weekly:2026-W02', 'sent', 3);
    expect(await look()).toContain('All well. 3 newsletters of the edition below were sent');
  });

  it('when one is paused, then it needs somebody until it is over', async () => {
    await ctx.db.edition.create({ data: { key: 'daily:2025-12-01', state: 'paused', createdAt: hoursAgo(840) } });
    expect(await look()).toContain('is paused; 0 mails wait');
    await ctx.db.edition.updateMany({ data: { finishedAt: hoursAgo(800) } });
    expect(await look()).toContain('All well.');
  });
});

describe('the row of alarms', () => {
  it('when alarms go over ALARM_URLS alone, then it names the places and not their secrets, and can be tested', async () => {
    const own = await testContext(database, {
      ALARM_URLS: 'ntfy://ntfy.example/hidden-topic slack://hooks.example/T1',
    });
    const service = await adminServer(own);
    const html = await now('en', service.base, (await service.signIn()).cookie);
    await service.close();
    expect(html).toContain('go to ntfy ntfy.example, slack hooks.example');
    expect(html).toContain('action="/admin/test-alarm"');
    expect(html).not.toMatch(/Nobody is told|hidden-topic/);
  });

  it('when the report of an edition came after the last alarm, then the last one is the alarm', async () => {
    await makeAlarm(ctx.db, 'job:plan:1', hoursAgo(48));
    await makeAlarm(ctx.db, 'edition:daily:2026-01-03:report', hoursAgo(1));
    expect(await look()).toContain('last one <time datetime="2026-01-03T12:00:00.000Z"');
  });
});

describe('the look at the coming day', () => {
  const slow = async () => {
    for (let n = 0; n < 100; n++) await makeReader(ctx.db, ctx.now());
    return testContext(database, { DOMAIN_RATE_PER_MINUTE: '1', LATE_HOURS: '1' });
  };

  it('when a limit is raised as it was told, then nobody is late at once, though the clock stands', async () => {
    const own = await slow();
    const ahead = createLookAhead(own);
    await until('it has looked', async () => (await ahead())?.late === 40);
    Object.assign(own.config, { DOMAIN_RATE_PER_MINUTE: 1_000 });
    expect(await ahead()).toBe(null);
    Object.assign(own.config, { DOMAIN_RATE_PER_MINUTE: 1 });
    await until('it has looked by the old limit', async () => (await ahead())?.late === 40);
  });

  it('when it fails after an idle night, then yesterday is not told, and it is tried once in ten minutes', async () => {
    const own = await slow();
    const ahead = createLookAhead(own);
    await until('it has looked', async () => (await ahead())?.late === 40);
    let warned = 0;
    const log = Object.assign(Object.create(own.log) as typeof own.log, { warn: () => warned++ });
    Object.assign(own, { log, db: {} });
    own.setNow('2026-01-06T06:00:00Z');
    for (let n = 0; n < 3; n++) expect(await ahead()).toBe(null);
    expect(warned).toBe(1);
    own.setNow('2026-01-06T06:11:00Z');
    await ahead();
    expect(warned).toBe(2);
  });
});
