import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { openMoody, type MoodyReceiver } from '../deliver/moods/receiver.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const READERS = 20_000;
const EDITION = 'daily:2026-01-05';
const PAGE = `/admin/editions/${encodeURIComponent(EDITION)}`;
let ctx: TestContext;
let server: AdminServer;
let receiver: MoodyReceiver;
let admins: { cookie: string; csrf: string }[];

beforeAll(async () => {
  receiver = await openMoody({}, () => 0);
  ctx = await testContext(
    database,
    { SMTP_URL: receiver.url, SEND_CONNECTIONS: '4' },
    { composer: () => Promise.resolve(plainComposer()) },
  );
  for (const email of ['ada@example.org', 'grace@example.org'])
    await database.db.admin.create({ data: { email, role: 'owner', createdAt: ctx.now() } });
  server = await adminServer(ctx);
  admins = [await server.signIn('ada@example.org'), await server.signIn('grace@example.org')];
});
beforeEach(async () => {
  await clearLedger(database.db);
  receiver.taken.length = 0;
  await planMany(database.db, READERS, EDITION);
}, 120_000);
afterAll(async () => {
  await server.close();
  await receiver.close();
});

/** Presses a button on the edition's page; returns what the page then says. */
async function press(action: string, admin = admins[0], more: Record<string, string> = {}): Promise<string> {
  const { cookie = '', csrf = '' } = admin ?? {};
  const answer = await server.post(PAGE, { csrf, action, ...more }, cookie);
  expect(answer.status).toBe(303);
  return decodeURIComponent(
    new URL(answer.headers.get('location') ?? '', server.base).searchParams.get('message') ?? '',
  );
}

const both = (action: string, more?: Record<string, string>) =>
  Promise.all(admins.map((admin) => press(action, admin, more)));

/** Delivers until nothing is left to do or the edition stands still. */
async function deliver(): Promise<void> {
  const counts = await runDeliver(ctx);
  if (Object.values(counts).some((count) => count > 0)) await deliver();
}

async function sums(): Promise<Record<string, number>> {
  const rows = await database.db.delivery.groupBy({ by: ['state'], _count: true });
  return Object.fromEntries(rows.map(({ state, _count }) => [state, _count]));
}

/** The sums on the page, and what it says they come to. */
async function told(): Promise<{ parts: number; total: number }> {
  const page = await (await server.get(PAGE, admins[0]?.cookie)).text();
  const numbers = [...page.matchAll(/<td class="number">(?:<a [^>]*>)?([\d,.]+)/g)].map(([, n = '']) =>
    Number(n.replace(/\D/g, '')),
  );
  return { parts: numbers.slice(0, -1).reduce((sum, n) => sum + n, 0), total: numbers.at(-1) ?? -1 };
}

test(`when a run of ${READERS} is paused and resumed from the page, then everybody gets one mail and two admins are not told the same`, async () => {
  const first = deliver();
  await until('a tenth is sent', () => receiver.taken.length > READERS / 10);
  expect((await both('pause')).sort()).toEqual([
    expect.stringMatching(/^Paused; [\d,]+ mails wait\.$/),
    'Somebody was faster: it is paused already.',
  ]);
  await first;
  const atPause = receiver.taken.length;
  expect(atPause).toBeLessThan(READERS);
  await deliver();
  expect(receiver.taken).toHaveLength(atPause);
  expect(await told()).toEqual({ parts: READERS, total: READERS });
  expect((await both('resume')).sort()[1]).toBe('Somebody was faster: it is going on already.');
  const second = deliver();
  await until('half is sent', () => receiver.taken.length > READERS / 2, 120);
  await press('pause');
  await second;
  await press('resume');
  await deliver();
  expect(receiver.taken).toHaveLength(READERS);
  expect(new Set(receiver.taken).size).toBe(READERS);
  expect(await sums()).toEqual({ sent: READERS });
  expect(await told()).toEqual({ parts: READERS, total: READERS });
}, 300_000);

test(`when a run of ${READERS} is cancelled from the page, then nobody gets a mail afterwards, nobody two, and the sums add up`, async () => {
  const asked = await server.post(PAGE, { csrf: admins[0]?.csrf ?? '', action: 'cancel' }, admins[0]?.cookie);
  expect([asked.status, await asked.text()]).toEqual([
    200,
    expect.stringContaining(`${READERS.toLocaleString('en')} mails that wait are not sent`),
  ]);
  const run = deliver();
  await until('a fifth is sent', () => receiver.taken.length > READERS / 5, 120);
  const said = await both('cancel', { sure: 'yes' });
  expect(said.filter((words) => words.startsWith('Cancelled;'))).toHaveLength(1);
  await run;
  await deliver();
  const { sent = 0, cancelled = 0, uncertain = 0, ...rest } = await sums();
  expect(rest).toEqual({});
  expect(sent).toBe(receiver.taken.length);
  expect(new Set(receiver.taken).size).toBe(sent);
  expect([sent + cancelled, uncertain]).toEqual([READERS, 0]);
  expect(await told()).toEqual({ parts: READERS, total: READERS });
  const stopped = await database.db.delivery.findMany({ where: { state: 'cancelled' }, select: { email: true } });
  const got = new Set(receiver.taken);
  expect(stopped.filter(({ email }) => got.has(email ?? ''))).toEqual([]);
  expect(await press('resume')).toBe('It was cancelled for good; nothing was changed.');
}, 300_000);
