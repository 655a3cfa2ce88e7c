import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHALLENGE_BITS, PATIENCE_SECONDS } from '../../src/http/challenge.ts';
import { confirmedReader } from '../world/sign-ups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from './web-server.ts';

interface Solver {
  solve: (text: string, bits: number) => Promise<number>;
  firstWord: (text: string) => number;
}

/** What browsers load. */
const proof = new URL('../../templates/assets/proof.js', import.meta.url).href;
const { solve, firstWord } = (await import(proof)) as Solver;

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database);
  web = await startWeb(ctx);
});
afterAll(() => web.close());

async function stampOf(path: string): Promise<string> {
  return /name="stamp" value="([^"]*)"/.exec(await (await web.get(path)).text())?.[1] ?? '';
}

const wait = (seconds: number) => ctx.setNow(new Date(ctx.now().getTime() + seconds * 1_000));
const planned = (email: string) => ctx.db.delivery.count({ where: { email } });

/** What the page of a challenge would send on, as a browser does that worked on it. */
async function solvedForm(answer: Response): Promise<Record<string, string>> {
  const page = await answer.text();
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const form = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
  const challenge = form['challenge'] ?? '';
  return { ...form, solution: String(await solve(challenge, CHALLENGE_BITS)) };
}

test.each([
  { who: 'a person', seconds: 30, extra: {} },
  { who: 'a form on another site', seconds: 0, extra: { stamp: '' } },
  { who: 'a forged stamp', seconds: 0, extra: { stamp: '1.AAAAAAAAAAAAAAAAAAAAAA' } },
])('when the form comes from $who, then a mail is planned', async ({ who, seconds, extra }) => {
  const email = `${who.replace(/\W+/g, '.')}@example.org`;
  const stamp = await stampOf('/');
  expect(stamp).not.toBe('');
  wait(seconds);
  const answer = await web.post('/subscribe', { email, stamp, ...extra });
  expect(answer.status).toBe(202);
  expect(await answer.text()).toContain('Check your inbox');
  expect(await planned(email)).toBe(1);
});

const SUSPECTS = [
  { who: 'somebody quick', seconds: 1, extra: {} },
  { who: 'somebody whose browser filled in all fields', seconds: 30, extra: { website: 'https://ada.example' } },
  { who: 'somebody whose browser was quick', seconds: 0, extra: { website: 'Ada' } },
];

test.each(SUSPECTS)(
  'when the form comes from $who, then the challenge is asked for, nothing is lost, and solving it brings the mail',
  async ({ who, seconds, extra }) => {
    const email = `${who.replace(/\W+/g, '.')}@example.org`;
    const stamp = await stampOf('/');
    wait(seconds);
    const asked = await web.post('/subscribe', { email, stamp, interests: 'graphs', ...extra });
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([429, null]);
    expect(await planned(email)).toBe(0);
    const form = await solvedForm(asked);
    expect(form).toMatchObject({ email, interests: 'graphs' });
    expect((await web.post('/subscribe', { ...form, solution: '1' })).status).toBe(429);
    const answer = await web.post('/subscribe', form);
    expect(answer.status).toBe(202);
    expect(await answer.text()).toContain('Check your inbox');
    expect(await planned(email)).toBe(1);
  },
);

test.each(SUSPECTS)(
  'when $who asks for their link, then the challenge is asked for, and solving it brings the mail',
  async ({ who, seconds, extra }) => {
    const { email } = await confirmedReader(ctx, `link.${who.replace(/\W+/g, '.')}@example.org`);
    const links = () => ctx.db.delivery.count({ where: { email, kind: 'link' } });
    const stamp = await stampOf('/preferences');
    wait(seconds);
    const asked = await web.post('/preferences', { email, stamp, ...extra });
    expect([asked.status, await links()]).toEqual([429, 0]);
    expect((await web.post('/preferences', await solvedForm(asked))).status).toBe(202);
    expect(await links()).toBe(1);
  },
);

test('when forms look like a program’s, then whoever only waits is held to the few that may come in by waiting', async () => {
  await ctx.db.$executeRaw`CALL empty_tables('rate_limits')`;
  const seen: number[] = [];
  for (let n = 0; n < 6; n++) {
    const form = { email: `patient${n}@example.org`, website: 'x' };
    const page = await (await web.post('/subscribe', form)).text();
    const challenge = /name="challenge" value="([^"]*)"/.exec(page)?.[1] ?? '';
    wait(PATIENCE_SECONDS + 1);
    seen.push((await web.post('/subscribe', { ...form, challenge })).status);
  }
  expect(seen).toEqual([202, 202, 202, 429, 429, 429]);
});

test('when the solver of the pages hashes, then it finds what SHA-256 is', () => {
  for (const length of [0, 1, 3, 54, 55, 56, 63, 64, 65, 119, 120, 200]) {
    const text = 'offprint 4711.'.repeat(20).slice(0, length);
    expect(firstWord(text) >>> 0).toBe(createHash('sha256').update(text).digest().readUInt32BE(0));
  }
});

test('when a form is corrected within two seconds of the mistake, then it counts from when it was first shown', async () => {
  const stamp = await stampOf('/');
  wait(30);
  const wrong = await (await web.post('/subscribe', { email: 'nobody', stamp })).text();
  wait(1);
  const again = /name="stamp" value="([^"]*)"/.exec(wrong)?.[1] ?? '';
  expect((await web.post('/subscribe', { email: 'quick@example.org', stamp: again })).status).toBe(202);
  expect(await planned('quick@example.org')).toBe(1);
});
