import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { translator } from '../../src/lib/strings.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from './web-server.ts';

const database = testDatabase();
const nowhere = openPool('postgresql://postgres@127.0.0.1:1/nowhere', 2, () => {});
let web: TestWeb;

beforeAll(async () => {
  web = await startWeb({ ...(await testContext(database)), db: openPrisma(nowhere) });
});
afterAll(async () => {
  await web.close();
  await nowhere.end();
});

test('when the database is away, then a page says that it is back in a moment, with 503 and Retry-After, not that it broke', async () => {
  const page = await web.get('/digests?q=graphs', { accept: 'text/html' });
  expect(page.status).toBe(503);
  expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await page.text()).toContain('Back in a moment');
});

test.each([
  ['a text that breaks off', () => JSON.parse('{"papers":["One') as Date],
  ['a string that is missing', () => translator('en')('preview.timeout') as unknown as Date],
])('when %s breaks a page, then it says that it broke, with 500 and nothing to wait for', async (_what, now) => {
  const broken = await startWeb({ ...(await testContext(database)), now });
  try {
    const page = await broken.get('/', { accept: 'text/html' });
    expect(page.status).toBe(500);
    expect(page.headers.get('retry-after')).toBeNull();
  } finally {
    await broken.close();
  }
});
