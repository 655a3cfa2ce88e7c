import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from './web-server.ts';

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

test.each([
  { who: 'a person', seconds: 30, extra: {}, mails: 1 },
  { who: 'somebody too fast', seconds: 1, extra: {}, mails: 0 },
  {
    who: 'whoever fills in the field people do not see',
    seconds: 30,
    extra: { website: 'http://spam.example' },
    mails: 0,
  },
  { who: 'a form on another site', seconds: 0, extra: { stamp: '' }, mails: 1 },
  { who: 'a forged stamp', seconds: 0, extra: { stamp: '1.AAAAAAAAAAAAAAAAAAAAAA' }, mails: 1 },
])(
  'when the form comes from $who, then the answer is the same and $mails mails are planned',
  async ({ who, seconds, extra, mails }) => {
    const email = `${who.replace(/\W+/g, '.')}@example.org`;
    const stamp = await stampOf('/');
    expect(stamp).not.toBe('');
    wait(seconds);
    const answer = await web.post('/subscribe', { email, stamp, ...extra });
    expect(answer.status).toBe(202);
    expect(await answer.text()).toContain('Check your inbox');
    expect(await planned(email)).toBe(mails);
  },
);

test('when a form is corrected within two seconds of the mistake, then it counts from when it was first shown', async () => {
  const stamp = await stampOf('/');
  wait(30);
  const wrong = await (await web.post('/subscribe', { email: 'nobody', stamp })).text();
  wait(1);
  const again = /name="stamp" value="([^"]*)"/.exec(wrong)?.[1] ?? '';
  expect((await web.post('/subscribe', { email: 'quick@example.org', stamp: again })).status).toBe(202);
  expect(await planned('quick@example.org')).toBe(1);
});
