import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader } from './readers.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

const database = testDatabase();
let strict: TestContext;
let strictWeb: TestWeb;
let plainWeb: TestWeb;

beforeAll(async () => {
  strict = await testContext(database, { DISPOSABLE_DOMAINS: 'refuse' });
  strictWeb = await startWeb(strict);
  plainWeb = await startWeb(await testContext(database));
});
afterAll(() => Promise.all([strictWeb.close(), plainWeb.close()]));

const mailsTo = (email: string) => database.db.delivery.count({ where: { email } });

test('when disposable domains are refused, then 422 says so to people and programs, below such a domain too, and nothing is kept', async () => {
  for (const email of ['a@mailinator.com', 'a@mx.YopMail.com']) {
    const page = await strictWeb.post('/subscribe', { email });
    expect(page.status).toBe(422);
    expect(await page.text()).toContain('gives addresses away for a few minutes');
    const json = await strictWeb.post('/subscribe', JSON.stringify({ email }), { 'content-type': 'application/json' });
    expect(json.status).toBe(422);
    expect(await json.json()).toMatchObject({
      problems: [{ field: 'email', expected: expect.stringContaining('an address that lasts') as unknown }],
    });
    expect(await mailsTo(email.toLowerCase())).toBe(0);
  }
  expect((await strictWeb.post('/subscribe', { email: 'ada@mailinator.example' })).status).toBe(202);
});

test('when disposable domains are refused, then a reader cannot move to one, and stays where they are', async () => {
  const reader = await confirmedReader(strict, 'lasting@example.org');
  const form = { action: 'address', newEmail: 'lasting@mailinator.com' };
  const answer = await strictWeb.post(reader.preferences, form);
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain('gives addresses away for a few minutes');
  expect(await mailsTo(form.newEmail)).toBe(0);
});

test('when nothing is set, then disposable domains are taken', async () => {
  expect((await plainWeb.post('/subscribe', { email: 'b@mailinator.com' })).status).toBe(202);
  expect(await mailsTo('b@mailinator.com')).toBe(1);
});
