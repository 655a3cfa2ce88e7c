import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUDGETS } from '../../src/subscribers/budgets.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmedReader, statusOf } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const from = (network: number) => ({ 'x-forwarded-for': `198.51.${network}.7` });

/** Sends a body and measures the answer: its status, its length, and the milliseconds of this process. */
async function sent(path: string, body: string | Buffer, headers: Record<string, string>) {
  const before = process.cpuUsage();
  const given = typeof body === 'string' ? body : new Uint8Array(body);
  const answer = await fetch(`${web.base}${path}`, { method: 'POST', body: given, headers });
  const text = await answer.text();
  const { user, system } = process.cpuUsage(before);
  return { status: answer.status, length: text.length, text, cpuMs: (user + system) / 1000 };
}

test.each([
  ['16,000 wishes without a word', { email: 'ada@example.org', interests: Array.from({ length: 14_000 }, () => '!') }],
  ['30,000 wishes that are numbers', { email: 'ada@example.org', interests: Array.from({ length: 30_000 }, () => 1) }],
  ['topics that nobody knows', { email: 'ada@example.org', topics: Array.from({ length: 6_000 }, (_, n) => `t${n}`) }],
  ['everything wrong at once', { email: 1, interests: 1, topics: 1, cadence: 1, hour: 99, weekday: 9, timeZone: 1 }],
])('when a program sends %s, then the answer is no longer than a few times of it', async (_, form) => {
  const body = JSON.stringify(form);
  const answer = await sent('/subscribe', body, { ...JSON_TYPE, ...from(1) });
  expect(answer.status).toBe(422);
  expect(answer.length).toBeLessThan(Math.min(20 * body.length, 6_000));
});

test('when many problems are left untold, then their number is told', async () => {
  const { text } = await sent(
    '/subscribe',
    JSON.stringify({ email: 'ada@example.org', interests: Array(50).fill('!') }),
    {
      ...JSON_TYPE,
      ...from(1),
    },
  );
  const answer = JSON.parse(text) as { problems: { field: string }[]; more: number };
  expect(answer.problems.map(({ field }) => field).slice(0, 2)).toEqual(['interests.0', 'interests.1']);
  expect([answer.problems.length, answer.more]).toEqual([10, 40]);
});

test.each([
  ['forms that cannot be used', '/subscribe', 'email=nobody', 'application/x-www-form-urlencoded', 2],
  ['bodies that are no JSON', '/subscribe', '{', 'application/json', 3],
  ['asks for a link to no address', '/preferences', 'email=nobody', 'application/x-www-form-urlencoded', 4],
])(
  'when %s flood in from one network, then it is answered 429, and others are still told what is wrong',
  async (_, path, body, type, network) => {
    const headers = { 'content-type': type, ...from(network) };
    const seen: Record<number, number> = {};
    for (let n = 0; n < BUDGETS.refused.points + 5; n++) {
      const { status } = await web.post(path, body, headers);
      seen[status] = (seen[status] ?? 0) + 1;
    }
    expect(seen).toEqual({ 422: BUDGETS.refused.points, 429: 5 });
    expect((await web.post(path, body, headers)).headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await web.post(path, body, { ...headers, ...from(network + 100) })).status).toBe(422);
  },
);

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const nasty: [string, string][] = [
  ['blanks', ' '.repeat(65_000)],
  ['the field and blanks', `List-Unsubscribe${' '.repeat(65_000)}`],
  ['quotation marks', `List-Unsubscribe${'"'.repeat(65_000)}`],
  ['the field, over and over', 'List-Unsubscribe '.repeat(3_800)],
];

/** What is slow by itself is so each time; this process may also collect garbage, or compile, for once. */
async function leastCpuMs(enough: number, send: () => ReturnType<typeof sent>): Promise<number> {
  let least = Infinity;
  for (let tries = 0; tries < 3 && least >= enough; tries++) {
    const answer = await send();
    expect(answer.status).toBe(422);
    least = Math.min(least, answer.cpuMs);
  }
  return least;
}

test.each(nasty)(
  'when a link gets 64 kB of %s instead of the pair, then it costs hardly more than a page',
  async (_, body) => {
    const reader = await confirmedReader(ctx, `nasty${body.length}${body.charCodeAt(16)}@example.org`);
    const page = await sent(reader.unsubscribe, 'action=', FORM);
    for (const [given, headers] of [
      [body, { 'content-type': 'text/plain' }],
      [body, FORM],
      [gzipSync(body), { ...FORM, 'content-encoding': 'gzip' }],
    ] as const) {
      const allowed = page.cpuMs * 5 + 150;
      expect(await leastCpuMs(allowed, () => sent(reader.unsubscribe, given, headers))).toBeLessThan(allowed);
    }
  },
);

test('when the token is nobody’s, then the body behind it is not read: what is too long for any form is 404 too', async () => {
  const answer = await sent('/unsubscribe/x', 'a'.repeat(200_000), FORM);
  expect([answer.status, answer.text]).toEqual([
    404,
    'This link is not one of ours, or newer consent has replaced it.\n',
  ]);
  const browser = await sent('/unsubscribe/x', 'action=unsubscribe', { ...FORM, accept: 'text/html' });
  expect([browser.status, browser.text.includes('<html')]).toEqual([404, true]);
});

test.each([
  ['urlencoded', 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'],
  ['urlencoded with escapes', 'List%2DUnsubscribe=One%2DClick', 'application/x-www-form-urlencoded; charset=utf-8'],
  ['with a line end', 'List-Unsubscribe=One-Click\r\n', 'application/x-www-form-urlencoded'],
  ['among others', `a=${'b'.repeat(3_000)}&List-Unsubscribe=One-Click`, 'application/x-www-form-urlencoded'],
  ['in small letters', 'list-unsubscribe=one-click', 'text/plain'],
  ['as JSON', '{"List-Unsubscribe": "One-Click"}', 'application/json'],
  [
    'as multipart that says it is urlencoded',
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    'application/x-www-form-urlencoded',
  ],
])('when the pair comes %s, then the reader is out', async (name, body, type) => {
  const email = `${name.replaceAll(' ', '-')}@pair.example`.toLowerCase();
  const reader = await confirmedReader(ctx, email);
  const answer = await sent(reader.unsubscribe, body, { 'content-type': type });
  expect([answer.status, answer.text]).toEqual([200, 'Unsubscribed.\n']);
  expect(await statusOf(ctx, email)).toBe('unsubscribed');
});
