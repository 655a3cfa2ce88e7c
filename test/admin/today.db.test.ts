import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readMeasures } from '../../src/db/operator/measures.ts';
import { askCircuit, openCircuit } from '../../src/db/sending/circuit.ts';
import { noteBackup } from '../../src/db/operator/backups.ts';
import { lookForTrouble } from '../../src/operate/alarms/look-for-trouble.ts';
import { lookAndTell, newWatch } from '../../src/operate/alarms/watch.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { until } from '../support/until.ts';
import { makeDigest } from '../world/digests.ts';
import { makeMails } from '../world/edition-mails.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;
let cookie: string;
let csrf: string;

beforeAll(async () => {
  ctx = await testContext(database, { ADMIN_EMAIL: 'ops@example.org' });
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T12:00:00Z');
  await ctx.db
    .$executeRaw`CALL empty_tables('deliveries, editions, subscribers, admins, captures, papers, sending_circuits, runs, alarms, processes')`;
  ({ cookie, csrf } = await admin.signIn());
});

const page = async (path = '/admin', language = 'en') =>
  (await (await fetch(admin.base + path, { headers: { cookie, 'accept-language': language } })).text()).replace(
    /\s+/g,
    ' ',
  );

const mails = (edition: string, state: string, many: number) =>
  makeMails(ctx.db, edition, { state, many, at: ctx.now() });

it('when nobody has signed up, then the page says what to do first', async () => {
  expect(await page()).toContain('Nobody has signed up yet.');
});

it('when all is well, then it says so, what went out, and who comes next, in both languages', async () => {
  await makeReader(ctx.db, ctx.now());
  await mails('daily:2026-01-05', 'sent', 3);
  const html = await page();
  expect(html).toMatch(
    /All well\. 3 newsletters of the edition below were sent, the next go out on Tue, 6 Jan 2026, 08:00/,
  );
  expect(html).toContain('<progress value="3" max="3"');
  expect(html).not.toContain('class="needs"');
  expect(await page('/admin', 'de')).toContain('Alles in Ordnung. Von der Ausgabe unten wurden 3 Newsletter versendet');
});

it('when a limit makes newsletters of the coming day late, then it says how many and which setting would help', async () => {
  const slow = await testContext(database, { DOMAIN_RATE_PER_MINUTE: '1', LATE_HOURS: '1' });
  const service = await adminServer(slow);
  for (let n = 0; n < 100; n++) await makeReader(ctx.db, ctx.now());
  const session = await service.signIn();
  const see = async (language: string) =>
    (await fetch(`${service.base}/admin`, { headers: { cookie: session.cookie, 'accept-language': language } })).text();
  await until('it has looked ahead', async () => (await see('en')).includes('of the 100 newsletters'));
  expect(await see('en')).toMatch(
    /40 of the 100 newsletters of the next 24 hours will be late\.[\s\S]*DOMAIN_RATE_PER_MINUTE(=|&#x3D;)2 would/,
  );
  expect(await see('de')).toContain('40 der 100 Newsletter der nächsten 24 Stunden kommen zu spät.');
  await service.close();
});

it('when a list is held, mails are uncertain, an edition is paused and sending has stopped, then each stands there with its button, and the buttons work', async () => {
  await makeReader(ctx.db, ctx.now());
  await makeDigest(ctx.db, '2026-01-05', ['One'], ctx.now(), { state: 'held', source: 'hf' });
  await mails('daily:2026-01-05', 'uncertain', 2);
  await asFixture(
    ctx.db,
    `INSERT INTO deliveries (kind, key, email, state, end_reason, language, key_id, generation, next_attempt_at, created_at, finished_at)
     VALUES ('alarm', 'told', 'ada@example.org', 'uncertain', 'lost', 'en', 1, 1, $1, $1, $1)`,
    [ctx.now()],
  );
  await mails('daily:2026-01-04', 'planned', 4);
  await ctx.db.edition.updateMany({ where: { key: 'daily:2026-01-04' }, data: { state: 'paused' } });
  await openCircuit(ctx.db, '454 later <b>', 600);
  const html = await page();
  expect(html).toContain('5 things need you.');
  expect(html).toContain('454 later &lt;b&gt;');
  expect(html).toContain('2 mails may or may not have arrived.');
  expect(html).toContain('One mail may or may not have arrived.');
  expect(html).toContain('Daily, Sunday, 4 January 2026 is paused; 4 mails wait.');
  expect(html).toContain('2 did not arrive');

  const { id } = await ctx.db.digest.findFirstOrThrow();
  expect(html).toContain(`action="/admin/digests/${id}"`);
  await admin.post(`/admin/digests/${id}`, { csrf, action: 'release' }, cookie);
  const tried = await admin.post('/admin/try-sending', { csrf }, cookie);
  expect(decodeURIComponent(tried.headers.get('location') ?? '')).toContain('One mail tries now');
  expect(ctx.woken).toContain('deliver');
  expect((await askCircuit(ctx.db)).state).toBe('probe');
  expect(await page()).toContain('4 things need you.');
});

it('when mails in doubt are left as they are, then nobody is told of them any more, until there is one more', async () => {
  const told = async () => ({
    page: /(\w+) mails? may or may not have arrived/.exec(await page())?.[1] ?? null,
    alarms: (await lookForTrouble(ctx)).flatMap(({ code, happened }) => (code === 'uncertain' ? [happened] : [])),
    measure: (await readMeasures(ctx.db, ctx.now())).find(({ name }) => name === 'offprint_uncertain')?.values[0]
      ?.value,
  });
  const says = (many: string) => [expect.stringMatching(`^Of ${many} of daily:2025-12-29 nobody knows`) as string];
  await mails('daily:2025-12-29', 'uncertain', 5);
  expect(await told()).toEqual({ page: '5', alarms: says('5 mails'), measure: 5 });
  ctx.setNow('2026-01-05T13:00:00Z');
  const left = await admin.post('/admin/editions/daily:2025-12-29', { csrf, action: 'leave' }, cookie);
  expect(decodeURIComponent(left.headers.get('location') ?? '')).toContain('Left as they are: 5.');
  expect(await told()).toEqual({ page: null, alarms: [], measure: 0 });
  ctx.setNow('2026-01-05T14:00:00Z');
  await mails('daily:2025-12-29', 'uncertain', 1);
  expect(await told()).toEqual({ page: 'One', alarms: says('1 mail'), measure: 1 });
});

it('when a mail in doubt is of no edition, then it is told of for two days: nobody can decide about it', async () => {
  await asFixture(
    ctx.db,
    `INSERT INTO deliveries (kind, key, email, state, end_reason, language, key_id, generation, next_attempt_at, created_at, finished_at)
     VALUES ('alarm', 'told', 'ada@example.org', 'uncertain', 'lost', 'en', 1, 1, $1, $1, $1)`,
    [ctx.now()],
  );
  const told = async () => (await lookForTrouble(ctx)).filter(({ code }) => code === 'uncertain').length;
  ctx.setNow('2026-01-07T11:59:00Z');
  expect(await told()).toBe(1);
  ctx.setNow('2026-01-07T12:01:00Z');
  expect(await told()).toBe(0);
});

it('when readers are due and nobody plans, then it does not say that all is well, until that is over', async () => {
  await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'));
  ctx.setNow(new Date()); // the database's clock, else the two of them are an alarm as well
  ({ cookie, csrf } = await admin.signIn());
  await lookAndTell(ctx, newWatch());
  expect(await page()).toMatch(
    /One thing needs you\..*Newsletters are not planned\..*Somebody has been due for \d+ minutes.*value="plan" type="submit"/,
  );
  expect(await page('/admin', 'de')).toMatch(/Eine Sache braucht Sie\..*Newsletter werden nicht geplant\./);
  await ctx.db.$executeRaw`CALL empty_tables('subscribers')`;
  await ctx.db.$executeRaw`UPDATE alarms SET seen_at = now() - interval '2 minutes'`;
  await lookAndTell(ctx, newWatch());
  expect(await page()).toContain('All well.');
});

it('when backups are taken, then it is told how old the newest is; when none is, then how one is taken', async () => {
  expect(await page()).toContain('None is known: set BACKUP_DIR');
  const at = new Date(ctx.now().getTime() - 3 * 3_600_000);
  const of = { name: 'all.zip', scheduled: true, release: '0.1.0', migration: 'x', rows: 1n, bytes: 1n };
  await noteBackup(ctx.db, { ...of, takenAt: at, finishedAt: at });
  expect(await page()).toMatch(/Newest backup<\/dt><dd><time datetime="2026-01-05T09:00:00.000Z"/);
  await ctx.db.backup.deleteMany();
});

it('when alarms are tested, then one is planned for the operator; each press is one', async () => {
  await admin.post('/admin/test-alarm', { csrf }, cookie);
  ctx.setNow('2026-01-05T12:00:01Z');
  await admin.post('/admin/test-alarm', { csrf }, cookie);
  expect(await ctx.db.delivery.count({ where: { kind: 'alarm', email: 'ops@example.org' } })).toBe(2);
});

it('when readers came and went, then the charts and their tables say so', async () => {
  const before = new Date('2025-12-20T10:00:00Z');
  const gone = await makeReader(ctx.db, before);
  await makeReader(ctx.db, before);
  await ctx.db.subscriber.update({
    where: { id: gone.id },
    data: { status: 'unsubscribed', unsubscribedAt: new Date('2026-01-03T10:00:00Z'), nextDueAt: null },
  });
  const html = await page();
  expect(html).toContain('0 readers 89 days ago, 1 today.');
  expect(html).toContain('+0 −1 within a week');
  expect(html).toContain('<td>20 Dec 2025</td><td class="number">2</td>');
  expect(html).not.toMatch(/style=|NaN/);
});

/** Follows the events of the page until it is told to stop. */
function follow(lastEventId?: string) {
  const stop = new AbortController();
  const heard: string[] = [];
  const headers = { cookie, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
  const answer = fetch(`${admin.base}/admin/events`, { headers, signal: stop.signal, redirect: 'manual' });
  const reading = answer.then(async ({ body }) => {
    for await (const part of body as unknown as AsyncIterable<Uint8Array>) heard.push(Buffer.from(part).toString());
  });
  reading.catch(() => {});
  return { answer, heard, said: () => heard.join(''), reading, stop: () => stop.abort() };
}

it('when something changes, then whoever follows is told, with no wait for a proxy; whoever comes back learns what they missed', async () => {
  await makeReader(ctx.db, ctx.now());
  const one = follow();
  const answer = await one.answer;
  expect([answer.headers.get('content-type'), answer.headers.get('x-accel-buffering')]).toEqual([
    'text/event-stream; charset=utf-8',
    'no',
  ]);
  await until('the line is open', () => one.said().includes('retry:'));
  await mails('daily:2026-01-05', 'sent', 1);
  await until('the change is told', () => one.said().includes('event: today'));
  expect(await page('/admin/now')).toContain('1 of 1 sent');
  const again = follow('0');
  await until('what was missed is told', () => again.said().includes('event: today'));
  one.stop();
  again.stop();
});

it('when fifty follow, then the next is asked to reload by hand; and nobody follows without a session', async () => {
  const all = Array.from({ length: 50 }, () => follow());
  await Promise.all(all.map(({ answer }) => answer));
  const late = await follow().answer;
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '30']);
  for (const { stop } of all) stop();
  await until('somebody may follow again', async () => {
    const { answer, stop } = follow();
    const { status } = await answer;
    stop();
    return status === 200;
  });
  const stranger = await fetch(`${admin.base}/admin/events`, { redirect: 'manual' });
  expect(stranger.status).toBe(303);
});
