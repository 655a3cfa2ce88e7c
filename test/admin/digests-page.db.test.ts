import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let server: AdminServer;

beforeAll(async () => {
  ctx = await testContext(database);
  server = await adminServer(ctx);
});
afterAll(() => server.close());

test.each([
  [1, '(1 warning)'],
  [2, '(2 warnings)'],
])('when a digest has %i warnings, then they are counted as a person would', async (count, words) => {
  const digestOn = `2026-01-0${count}`;
  await makeDigest(ctx.db, digestOn, ['Bold'], ctx.now());
  const warnings = Array.from({ length: count }, (_, at) => ({ position: at + 1, field: 'title', problem: 'missing' }));
  await ctx.db.digest.updateMany({ where: { digestOn: new Date(digestOn) }, data: { warnings } });
  const { cookie } = await server.signIn();
  expect(await (await server.get('/admin/digests', cookie)).text()).toContain(words);
});
