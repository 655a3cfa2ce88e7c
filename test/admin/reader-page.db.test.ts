import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const MAILS = 120;
const ACTS = 110;
let ctx: TestContext;
let server: AdminServer;
let cookie: string;
let page: string;

beforeAll(async () => {
  ctx = await testContext(database);
  server = await adminServer(ctx);
  ({ cookie } = await server.signIn());
  const reader = await makeReader(ctx.db, ctx.now());
  page = `/admin/subscribers/${reader.publicId}`;
  await ctx.db.$executeRaw`
    INSERT INTO deliveries (kind, key, subscriber_id, email, language, key_id, generation, next_attempt_at, created_at)
    SELECT 'link', 'mail ' || n, ${reader.id}, 'ada@example.org', 'en', 1, 1, '2025-01-01', timestamp '2025-01-01' + n * interval '1 minute'
    FROM generate_series(1, ${MAILS}::int) n`;
  await ctx.db.$executeRaw`
    INSERT INTO audit_log (at, actor, action, subject) SELECT '2025-01-01', 'cli', 'act ' || n, ${reader.publicId} FROM generate_series(1, ${ACTS}::int) n`;
});
afterAll(() => server.close());

/** Where the pager of a list leads on to, as a browser reads the link; null at the end. */
function wayOn(html: string, list: string): string | null {
  const pager = new RegExp(`<nav class="pager" aria-label="Pages of ${list}">.*?</nav>`).exec(html)?.[0] ?? '';
  const href = /href="([^"]*)" rel="next"/.exec(pager)?.[1];
  return href?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=') ?? null;
}

test.each(['mails', 'acts'])(
  'when the list of %s goes on, then the browser is led to that list, not above it',
  async (list) => {
    const html = await (await server.get(page, cookie)).text();
    expect(wayOn(html, list)).toMatch(new RegExp(`#${list}$`));
    expect(html).toContain(`id="${list}"`);
  },
);

/** Walks a list of the reader's page from its start to its end. */
async function walk(list: string, found: RegExp): Promise<string[]> {
  const seen: string[] = [];
  for (let path: string | null = page; path !== null;) {
    const answer = await server.get(path, cookie);
    expect(answer.status).toBe(200);
    const html = await answer.text();
    seen.push(...[...html.matchAll(found)].map(([, name = '']) => name));
    path = wayOn(html, list);
  }
  return seen;
}

test('when a reader has had more mails than fit on a page, then the pager leads to each of them, once', async () => {
  const seen = await walk(
    'mails',
    /<time datetime="(2025-01-01T\d\d:\d\d)[^>]*>[^<]*<\/time><\/td><td>[^<]*link to the settings/g,
  );
  expect([seen.length, new Set(seen).size]).toEqual([MAILS, MAILS]);
  expect(seen).toEqual([...seen].sort().reverse());
});

test('when more was done for a reader than fits on a page, then the pager leads to each act, once', async () => {
  const seen = await walk('acts', /\b(act \d+)\b(?!")/g);
  expect([seen.length, new Set(seen).size]).toEqual([ACTS, ACTS]);
});

test('when one list goes on, then the other stays where it is', async () => {
  const start = await (await server.get(page, cookie)).text();
  const later = await (await server.get(wayOn(start, 'mails') ?? '', cookie)).text();
  const both = await (await server.get(wayOn(later, 'acts') ?? '', cookie)).text();
  expect(later).toContain('act 110');
  expect(both).not.toContain('act 110');
  expect(both).toContain('2025-01-01T01:10'); // the 70th, which is the first of the second page
  expect(both).not.toContain('2025-01-01T02:00');
});

test('when the cursor is of another list, then it is bad input, not another page', async () => {
  const start = await (await server.get(page, cookie)).text();
  const swapped = (wayOn(start, 'mails') ?? '').replace('mails=', 'acts=');
  expect((await server.get(swapped, cookie)).status).toBe(422);
});

test('when what a list went on with is gone meanwhile, then its page still leads back to the start', async () => {
  const start = await (await server.get(page, cookie)).text();
  const mails = wayOn(start, 'mails') ?? '';
  await ctx.db.$executeRaw`DELETE FROM deliveries WHERE kind = 'link'`;
  const html = await (await server.get(mails, cookie)).text();
  expect(html).toContain(
    `<nav class="pager" aria-label="Pages of mails"><a class="button quiet" href="${page}#mails">`,
  );
});
