import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { isOutage } from '../../src/lib/outage.ts';
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

test('when the server has no connection to spare, then that is an outage, however Prisma words it; a broken query is none', () => {
  expect(isOutage(new Error('Raw query failed. Code: `53300`. Message: `too many connections for role "x"`'))).toBe(
    true,
  );
  expect(isOutage(Object.assign(new Error('sorry, too many clients already'), { code: '53300' }))).toBe(true);
  expect(isOutage(new Error('Raw query failed. Code: `42601`. Message: `syntax error`'))).toBe(false);
});
