import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUDGETS } from '../../src/subscribers/budgets.ts';
import { CHALLENGE_BITS, PATIENCE_SECONDS, solves } from '../../src/http/challenge.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** A thousand requests take minutes on a machine that is busy with other things. */
const PATIENCE_MS = 300_000;

const confirmations = () => ctx.db.delivery.count({ where: { kind: 'confirmation' } });

/** Sends sign-ups some at a time; returns how often each status came. */
async function flood(
  count: number,
  form: (n: number) => { email: string; ip: string },
): Promise<Record<number, number>> {
  const seen: Record<number, number> = {};
  let next = 0;
  const one = async () => {
    while (next < count) {
      const { email, ip } = form(next++);
      const { status } = await web.post('/subscribe', { email }, { 'x-forwarded-for': ip });
      seen[status] = (seen[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  return seen;
}

async function stamped(ip: string): Promise<string> {
  const page = await (await web.get('/', { 'x-forwarded-for': ip })).text();
  ctx.setNow(new Date(ctx.now().getTime() + 5_000));
  return /name="stamp" value="([^"]*)"/.exec(page)?.[1] ?? '';
}

function solutionOf(challenge: string): string {
  for (let n = 0; ; n++) if (solves(challenge, String(n))) return String(n);
}

test(
  'when 1,000 sign-ups of 50 addresses come from one IP, then the budget of its network bounds the mails, and others get through',
  async () => {
    const seen = await flood(1_000, (n) => ({ email: `one${n % 50}@flood.example`, ip: '198.51.100.7' }));
    expect(seen[202]).toBe(BUDGETS.unstamped.points);
    expect(seen[429]).toBe(1_000 - BUDGETS.unstamped.points);
    expect(await confirmations()).toBeLessThanOrEqual(BUDGETS.unstamped.points);
    const answer = await web.post(
      '/subscribe',
      { email: 'neighbour@example.org', stamp: await stamped('203.0.113.9') },
      { 'x-forwarded-for': '203.0.113.9' },
    );
    expect(answer.status).toBe(202);
    expect(await ctx.db.delivery.count({ where: { email: 'neighbour@example.org' } })).toBe(1);
  },
  PATIENCE_MS,
);

test(
  'when 1,000 sign-ups come from 1,000 IPs, then the global budget bounds the mails, the page stays up, and a reader who works or waits gets through',
  async () => {
    const seen = await flood(1_000, (n) => ({
      email: `many${n}@flood${n % 40}.example`,
      ip: `10.${n >> 8}.${n & 255}.1`,
    }));
    expect(seen[429]).toBeGreaterThan(700);
    expect(await confirmations()).toBeLessThanOrEqual(BUDGETS.global.points + 1);
    const ip = { 'x-forwarded-for': '192.0.2.44' };
    expect((await web.get('/', ip)).status).toBe(200);
    const reader = { email: 'real@example.org', interests: 'graphs\ntrees', stamp: await stamped('192.0.2.44') };
    const busy = await web.post('/subscribe', reader, ip);
    const page = await busy.text();
    expect(busy.status).toBe(429);
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(page).toContain('value="graphs\ntrees"');
    const challenge = /name="challenge" value="([^"]*)"/.exec(page)?.[1] ?? '';
    expect((await web.post('/subscribe', { ...reader, challenge, solution: '1' }, ip)).status).toBe(429);
    const solved = { ...reader, challenge, solution: solutionOf(challenge) };
    expect((await web.post('/subscribe', solved, ip)).status).toBe(202);
    expect(await ctx.db.delivery.count({ where: { email: 'real@example.org' } })).toBe(1);
    expect((await web.post('/subscribe', { ...solved, email: 'again@example.org' }, ip)).status).toBe(429);
    const second = await (await web.post('/subscribe', { email: 'patient@example.org' }, ip)).text();
    const patience = /name="challenge" value="([^"]*)"/.exec(second)?.[1] ?? '';
    expect((await web.post('/subscribe', { email: 'patient@example.org', challenge: patience }, ip)).status).toBe(429);
    ctx.setNow(new Date(ctx.now().getTime() + (PATIENCE_SECONDS + 1) * 1_000));
    expect((await web.post('/subscribe', { email: 'patient@example.org', challenge: patience }, ip)).status).toBe(202);
  },
  PATIENCE_MS,
);

test('when input is malformed, then it is 422 before any budget', async () => {
  expect((await web.post('/subscribe', { email: 'x@localhost' }, { 'x-forwarded-for': '198.51.100.7' })).status).toBe(
    422,
  );
});

test('when a program asks too often, then JSON says so with 429 and Retry-After', async () => {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7' };
  const answer = await web.post('/subscribe', JSON.stringify({ email: 'json@example.org' }), headers);
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('when links are asked for too often from one place, then 429', async () => {
  const codes = [];
  for (let n = 0; n <= BUDGETS.link.points; n++)
    codes.push((await web.post('/preferences', { email: `l${n}@example.org` })).status);
  expect(codes.at(-2)).toBe(202);
  expect(codes.at(-1)).toBe(429);
});

test('when the preview is asked for without end from one place, then it rests with 429 and calm words, elsewhere and the form go on', async () => {
  const ip = { 'x-forwarded-for': '192.0.2.77', 'accept-language': 'en' };
  await web.get('/preview', ip);
  await ctx.db.$executeRaw`UPDATE rate_limits SET points = ${BUDGETS.preview.points - 1} WHERE key LIKE 'preview:%'`;
  expect((await web.get('/preview/newsletter', ip)).status).toBe(200);
  for (const path of ['/preview', '/preview/newsletter']) {
    const answer = await web.get(`${path}?interests=graphs`, ip);
    expect([path, answer.status]).toEqual([path, 429]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.text()).toContain('The preview takes a short rest');
  }
  expect((await web.get('/preview', { 'x-forwarded-for': '198.18.0.1' })).status).toBe(200);
  expect((await web.get('/', ip)).status).toBe(200);
});

test('when a solution is right, then its hash starts with enough zero bits', () => {
  const solution = solutionOf('x');
  const bits = createHash('sha256').update(`x ${solution}`).digest().readUInt32BE(0).toString(2).padStart(32, '0');
  expect(bits.slice(0, CHALLENGE_BITS)).toMatch(/^0+$/);
  for (const wrong of ['', '-1', '1e5', 'x', '9'.repeat(20)]) expect(solves('x', wrong)).toBe(false);
});
