import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordAct } from '../../src/db/operator/audit.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { apiServer, tokenWith, type ApiServer } from '../api/api-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { planMail } from '../world/mails.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;
let api: ApiServer;
let token: string;
let cookie: string;

beforeAll(async () => {
  ctx = await testContext(database);
  [admin, api] = [await adminServer(ctx), await apiServer(ctx)];
  ({ cookie } = await admin.signIn());
  token = await tokenWith(ctx, '*:read', 'addresses:read');
  await makeDigest(ctx.db, '2026-01-05', ['Kelp'], ctx.now());
  const { id, email } = await makeReader(ctx.db, ctx.now(), { email: 'ada@example.org', wishes: ['kelp'] });
  await planMail(ctx.db, { subscriberId: id, email, edition: 'daily:2026-01-05' });
  await suppress(ctx, { email: 'ben@example.org' }, 'cli');
  await recordAct(ctx.db, { at: ctx.now(), actor: 'cli', action: 'alarm.tell' });
  await ctx.db.run.createMany({
    data: [0, 1].map((digests) => ({ job: 'ingest', startedAt: ctx.now(), outcome: 'done', counts: { digests } })),
  });
  const nothing = { editionKey: 'daily:2026-01-05', reason: 'none-fits', n: 1, readerIds: [id], plannedAt: ctx.now() };
  await ctx.db.editionNothingReaders.create({ data: nothing });
});
afterAll(async () => {
  await admin.close();
  await api.close();
});

/** What is typed into a field that takes no address. */
const TYPED: Record<string, string> = { edition: 'daily:2026-01-05', search: 'kelp', interest: 'kelp' };

const page = async (path: string) => {
  const answer = await admin.get(path, cookie);
  if (answer.status === 303) return ''; // one hit opens
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
};
/** What a list may be narrowed to: each choice of each of its filters, and a word in each field. */
const narrowed = (html: string) => {
  const form = /<form[^>]*class="filters"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const chosen = [...form.matchAll(/<select[^>]*name="(\w+)"[^>]*>([\s\S]*?)<\/select>/g)].flatMap(
    ([, name = '', options = '']) =>
      [...options.matchAll(/value="([^"]+)"/g)].map(([, value = '']) => `${name}=${encodeURIComponent(value)}`),
  );
  const typed = [...form.matchAll(/<input[^>]*name="(\w+)"[^>]*>/g)].map(([field, name = '']) => {
    const value = field.includes('type="date"') ? '2026-01-05' : (TYPED[name] ?? 'ada@example.org');
    return `${name}=${encodeURIComponent(value)}`;
  });
  return [...chosen, ...typed];
};

test.each(['subscribers', 'deliveries', 'without', 'suppressions', 'papers', 'digests', 'audit', 'jobs'])(
  'when the list of %s is narrowed, then the call of the API that it names lists the same',
  async (list) => {
    const queries = ['', ...narrowed(await page(`/admin/${list}`))];
    let listed = 0;
    for (const query of queries) {
      const html = await page(`/admin/${list}?${query}`);
      const rows = /<tbody>([\s\S]*?)<\/tbody>/.exec(html)?.[1]?.match(/<tr[ >]/g)?.length ?? 0;
      const [, call = ''] = /<code>GET \/api\/v1([^<]*)<\/code>/.exec(html) ?? [];
      if (call === '') continue; // nothing fits
      listed++;
      const answer = await api.ask('GET', call.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='), { token });
      const items = (answer.body['items'] ?? []) as unknown[];
      expect([list, query, answer.status, items.length]).toEqual([list, query, 200, rows]);
    }
    expect(listed).toBeGreaterThan(queries.length > 1 ? 1 : 0);
  },
);

test('when the editions or the digests are taken along, then as files and by the call that is named', async () => {
  const [editions, digests] = [await page('/admin/editions'), await page('/admin/digests')];
  for (const html of [editions, digests]) expect(html).toMatch(/format(?:=|&#x3D;)csv[\s\S]*<code>GET \/api\/v1\//);
  const file = await page('/admin/editions?format=csv');
  expect(file).toMatch(/^Edition,State,waiting to be sent,[^\n]*\ndaily:2026-01-05,,1,0,0,0,0,0,0,0,\n$/);
  expect(await page('/admin/digests?format=csv')).toMatch(/\n2026-01-05,[^\n]*,1,/);
  expect((await api.ask('GET', '/editions', { token })).body['items']).toHaveLength(1);
});
