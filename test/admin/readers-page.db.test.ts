import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays } from '../../src/lib/time.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import type { Subscriber } from '../../src/model/subscriber.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const EVIL = '<img src=x onerror=alert(1)>';
const LIST = '/admin/subscribers';
let ctx: TestContext;
let admin: AdminServer;
let session: { cookie: string; csrf: string };
let kelp: Subscriber;

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
  session = await admin.signIn();
  kelp = await makeReader(ctx.db, ctx.now(), { email: 'kelp@sea.example', wishes: ['kelp forests', `${EVIL} tides`] });
  await makeReader(ctx.db, ctx.now(), { email: 'weekly@sea.example', cadence: 'weekly', wishes: ['kelp forests'] });
  await makeReader(ctx.db, ctx.now(), { email: 'out@land.example', status: 'unsubscribed', language: 'de' });
  const source = 'token:crm'; // as the API writes it
  await ctx.db.subscriber.updateMany({ where: { email: 'out@land.example' }, data: { source } });
});
afterAll(() => admin.close());

const page = async (path: string) => (await admin.get(path, session.cookie)).text();
const post = (path: string, fields: Record<string, string>) =>
  admin.post(path, { csrf: session.csrf, ...fields }, session.cookie);
const shown = async (query: string) => {
  const html = await page(`${LIST}?${query}`);
  return ['kelp@sea.example', 'weekly@sea.example', 'out@land.example'].filter((email) => html.includes(`>${email}<`));
};

test.each([
  ['', ['kelp@sea.example', 'weekly@sea.example', 'out@land.example']],
  ['state=confirmed', ['kelp@sea.example', 'weekly@sea.example']],
  ['state=confirmed&cadence=weekly', ['weekly@sea.example']],
  ['interest=kelp+forests', ['kelp@sea.example', 'weekly@sea.example']],
  ['interest=kelp+forests&domain=sea.example&cadence=daily', ['kelp@sea.example']],
  ['domain=land.example', ['out@land.example']],
  ['language=de', ['out@land.example']],
  ['since=2026-01-05&state=unsubscribed', ['out@land.example']],
  ['state=suppressed', []],
  ['source=import', []],
  ['source=api', ['out@land.example']],
  ['q=week', ['weekly@sea.example']],
  ['interest=nobody+asked', []],
])('when the list is narrowed by «%s», then these are in it', async (query, expected) => {
  expect(await shown(query)).toEqual(expected);
});

test('when what readers wrote holds markup, then every page shows it as text', async () => {
  for (const path of [
    LIST,
    `${LIST}/${kelp.publicId}`,
    `${LIST}/${kelp.publicId}/settings`,
    `${LIST}/${kelp.publicId}/preview`,
  ]) {
    const answer = await admin.get(path, session.cookie);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(await answer.text()).not.toContain('<img src=x');
  }
});

test('when the page of a reader is opened, then it begins with a sentence and holds their links to copy', async () => {
  const html = await page(`${LIST}/${kelp.publicId}`);
  expect(html).toContain('Reads daily at 08:00 (UTC), at most 10 papers, in English.');
  expect(html).toMatch(/value="http:\/\/localhost:3000\/unsubscribe\/unsubscribe\./);
  expect(html).toMatch(/value="http:\/\/localhost:3000\/feed\/feed\./);
});

test('when settings are changed, then those of the form and no others are; what is wrong is named', async () => {
  const path = `${LIST}/${kelp.publicId}/settings`;
  const form = { interests: 'seagrass', muted: 'quiet', cadence: 'weekly', weekday: '3', hour: '20', timeZone: 'UTC' };
  const more = { maxPapers: '5', selectivity: 'sure', language: 'de', topics: '', authors: '', organizations: '' };
  const sneaked = { status: 'unsubscribed', generation: '9', email: 'evil@example.org', id: '1', perhaps: 'true' };
  expect((await post(path, { ...form, ...more, ...sneaked })).status).toBe(303);
  const row = await ctx.db.subscriber.findUniqueOrThrow({ where: { id: kelp.id } });
  expect(row).toMatchObject({ cadence: 'weekly', weekday: 3, hour: 20, maxPapers: 5, language: 'de' });
  expect(row).toMatchObject({ status: 'confirmed', generation: 1, email: 'kelp@sea.example', perhaps: false });
  const wrong = await post(path, { ...form, ...more, hour: '99', timeZone: EVIL });
  expect(wrong.status).toBe(422);
  const html = await wrong.text();
  expect(html).toContain('Choose an hour from 0 to 23.');
  expect(html).not.toContain('<img src=x');
});

test('when somebody is to be erased, then the address must be typed first', async () => {
  const reader = await makeReader(ctx.db, ctx.now(), { email: 'gone@example.org' });
  const path = `${LIST}/${reader.publicId}`;
  const asked = await post(path, { action: 'erase' });
  expect(await asked.text()).toContain('This cannot be taken back.');
  expect((await post(path, { action: 'erase', sure: 'yes', typed: 'other@example.org' })).status).toBe(422);
  expect(await ctx.db.subscriber.count({ where: { id: reader.id } })).toBe(1);
  expect((await post(path, { action: 'erase', sure: 'yes', typed: 'gone@example.org' })).status).toBe(303);
  expect(await ctx.db.subscriber.count({ where: { id: reader.id } })).toBe(0);
});

test('when all that fit are unsubscribed, then their number is typed, a job does it, and one press takes it back', async () => {
  const path = `${LIST}/many?domain=sea.example`;
  const asked = await (await post(path, { action: 'unsubscribe' })).text();
  expect(asked).toContain('2 readers are taken out');
  expect(asked).toContain('weekly@sea.example');
  expect((await post(path, { action: 'unsubscribe', sure: 'yes', typed: '3' })).status).toBe(422);
  const begun = await post(path, { action: 'unsubscribe', sure: 'yes', typed: '2' });
  const errand = begun.headers.get('location') ?? '';
  expect(errand).toMatch(/^\/admin\/errands\/\d+$/);
  expect(await page(errand)).toContain('Waits for its turn.');
  await runErrands(ctx, 'errands');
  expect(await page(errand)).toContain('Done: 2 dealt with.');
  const out = () => ctx.db.subscriber.count({ where: { status: 'unsubscribed', email: { endsWith: 'sea.example' } } });
  expect(await out()).toBe(2);
  const log = await page('/admin/audit?what=readers.unsubscribe');
  expect(log).toContain('2 readers meant');
  expect((await post(errand, {})).status).toBe(303);
  await runErrands(ctx, 'errands');
  expect(await out()).toBe(0);
});

test('when all that fit are to be paused for more than a year, then nothing is asked, and it says how long', async () => {
  const until = addDays(ctx.now().toISOString().slice(0, 10), 400);
  const answer = await post(`${LIST}/many?domain=sea.example`, { action: 'pause', until });
  expect(decodeURIComponent(answer.headers.get('location') ?? '')).toMatch(/message=.*a year ahead at most/);
  const soon = addDays(ctx.now().toISOString().slice(0, 10), 40);
  const asked = await post(`${LIST}/many?domain=sea.example`, { action: 'pause', until: soon });
  expect(await asked.text()).toContain(`get nothing until ${soon}`);
});

test('when readers are taken along, then it is CSV of those that fit, in which no cell is a formula', async () => {
  await makeReader(ctx.db, ctx.now(), { email: 'sums@example.net', wishes: ['=1+2 kelp'] });
  const csv = await page(`${LIST}?format=csv&domain=example.net`);
  expect(csv.trim().split('\n')).toHaveLength(2);
  expect(csv).toContain("'=1+2 kelp");
});

test('when ids or cursors are guessed, then nothing is found', async () => {
  expect((await admin.get(`${LIST}/${kelp.id}`, session.cookie)).status).toBe(404);
  expect((await post(`${LIST}/nobody`, { action: 'unsubscribe' })).status).toBe(404);
  expect((await admin.get('/admin/errands/999999', session.cookie)).status).toBe(404);
  expect((await admin.get(`${LIST}?cursor=Zm9yZ2Vk`, session.cookie)).status).toBe(422);
});
