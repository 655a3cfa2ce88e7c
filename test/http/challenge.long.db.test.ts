import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BUDGETS } from '../../src/subscribers/budgets.ts';
import { CHALLENGE_BITS, PATIENCE_SECONDS, solves } from '../../src/http/challenge.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from './web-server.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  web = await startWeb(ctx);
});
beforeEach(() => ctx.db.$executeRaw`CALL empty_tables('rate_limits')`);
afterAll(() => web.close());

/** Hundreds of requests take long on a machine that is busy with other things. */
const PATIENCE_MS = 300_000;

const from = (ip: string) => ({ 'x-forwarded-for': ip });

/** Uses up what a domain may be sent, each form from a network of its own. */
async function flood(domain: string): Promise<void> {
  const one = async (n: number) =>
    (await web.post('/subscribe', { email: `mass${n}@${domain}` }, from(`10.77.${n}.1`))).status;
  for (let start = 0; start < BUDGETS.domain.points; start += 20) {
    const seen = await Promise.all(Array.from({ length: 20 }, (_, n) => one(start + n)));
    expect(new Set(seen)).toEqual(new Set([202]));
  }
}

function challengeIn(page: string): string {
  return /name="challenge" value="([^"]*)"/.exec(page)?.[1] ?? '';
}

function solutionOf(challenge: string): string {
  for (let n = 0; ; n++) if (solves(challenge, String(n))) return String(n);
}

test(
  'when one domain is flooded, then its next reader comes in by solving, with a challenge for that visitor and mailbox only, once',
  async () => {
    await flood('gmail.com');
    const here = '192.0.2.50';
    const post = (email: string, fields: object, ip = here) => web.post('/subscribe', { email, ...fields }, from(ip));
    const solvedFor = async (email: string, ip = here) => {
      const answer = await post(email, {}, ip);
      expect(answer.status).toBe(429);
      const challenge = challengeIn(await answer.text());
      return { challenge, solution: solutionOf(challenge) };
    };
    const solved = await solvedFor('real.reader@gmail.com');
    expect((await post('real.reader@gmail.com', solved, '198.51.100.50')).status).toBe(429); // another network
    expect((await post('somebody.else@gmail.com', solved)).status).toBe(429); // another mailbox
    // The same, written otherwise.
    expect((await post('RealReader+x@googlemail.com', solved, '192.0.2.51')).status).toBe(202);
    expect((await post('real.reader@gmail.com', solved)).status).toBe(429); // used
    const other = await startWeb(await testContext(database, { TRUST_PROXY: '1' }));
    const again = await solvedFor('second.reader@gmail.com');
    expect((await post('second.reader@gmail.com', again)).status).toBe(202);
    const there = await fetch(`${other.base}/subscribe`, {
      method: 'POST',
      body: new URLSearchParams({ email: 'second.reader@gmail.com', ...again }),
      headers: { 'x-forwarded-for': here },
    });
    expect(there.status).toBe(429); // used up in every process
    await other.close();
  },
  PATIENCE_MS,
);

test(
  'when challenges are gathered and only waited with, then a handful come in, and the page says honestly how it goes',
  async () => {
    await flood('flooded.example');
    const ask = (n: number, fields: object = {}) =>
      web.post('/subscribe', { email: `bulk${n}@flooded.example`, ...fields }, from(`10.79.${n}.1`));
    const gathered = [];
    for (let n = 0; n < 60; n++) gathered.push(challengeIn(await (await ask(n)).text()));
    ctx.setNow(new Date(ctx.now().getTime() + (PATIENCE_SECONDS + 1) * 1_000));
    const seen = [];
    for (const [n, challenge] of gathered.entries()) seen.push((await ask(n, { challenge })).status);
    expect(seen.filter((status) => status === 202)).toHaveLength(BUDGETS.waited.points);
    for (const [language, words] of [
      ['en', 'Only a few can come in that way at a time'],
      ['de', 'So kommen nur wenige zugleich herein'],
    ] as const) {
      const body = new URLSearchParams({ email: 'late@flooded.example' });
      const headers = { 'x-forwarded-for': '10.80.1.1', 'accept-language': language };
      expect(await (await fetch(`${web.base}/subscribe`, { method: 'POST', body, headers })).text()).toContain(words);
    }
  },
  PATIENCE_MS,
);

test(
  'when one domain is flooded, then a program that is asked in JSON solves the same, and all behind an untrusted proxy do',
  async () => {
    await flood('json.example');
    const direct = await testContext(database);
    const behind = await startWeb(direct);
    const post = async (body: object) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await behind.post('/subscribe', JSON.stringify(body), headers);
      return { status: answer.status, body: (await answer.json()) as { challenge?: string; bits?: number } };
    };
    const solve = async (n: number) => {
      const email = `reader${n}@json.example`;
      const asked = await post({ email });
      expect([asked.status, asked.body.bits]).toEqual([429, CHALLENGE_BITS]);
      const challenge = asked.body.challenge ?? '';
      const solved = await post({ email, challenge, solution: Number(solutionOf(challenge)) });
      expect([email, solved.status]).toEqual([email, 202]);
    };
    for (let start = 0; start < BUDGETS.solver.points + 5; start += 13)
      await Promise.all(Array.from({ length: 13 }, (_, n) => solve(start + n)));
    await behind.close();
  },
  PATIENCE_MS,
);

test('when the form is fetched, then no challenge comes with it: there is none to gather before an address is named', async () => {
  expect(await (await web.get('/')).text()).not.toContain('data-challenge');
});
