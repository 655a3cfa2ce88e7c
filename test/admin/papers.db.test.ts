import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runMatch } from '../../src/match/run-match.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, type MadePaper } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const TITLES = ['Bridges that hum <b>', 'Bridges in winter', 'Rivers in winter'];
let ctx: TestContext;
let server: AdminServer;
let session: { cookie: string; csrf: string };
let papers: MadePaper[];
let page: string;

beforeAll(async () => {
  ctx = await testContext(database);
  papers = await makeDigest(ctx.db, '2026-01-05', TITLES, new Date('2026-01-05T06:00:00Z'), { matched: false });
  server = await adminServer(ctx);
  session = await server.signIn();
  const { publicId } = await ctx.db.paper.findUniqueOrThrow({ where: { id: papers[0]!.paperId } });
  page = `/admin/papers/${publicId}`;
});
afterAll(() => server.close());

const act = (fields: Record<string, string>) => server.post(page, { csrf: session.csrf, ...fields }, session.cookie);
const text = async () => (await server.get(page, session.cookie)).text();
const reader = (email: string) => makeReader(ctx.db, ctx.now(), { email, wishes: ['bridges'], welcome: true });
const planned = async (subscriberId: number) => {
  await runMatch(ctx);
  await runPlan(ctx);
  return (await ctx.db.newsletter.findFirst({ where: { subscriberId }, orderBy: { id: 'desc' } }))?.paperIds ?? [];
};

describe('the page of a paper', () => {
  test('when somebody had it, then the page says whom it fits, who had it and who may still get it', async () => {
    const ada = await reader('ada@example.org');
    expect(await planned(ada.id)).toContain(papers[0]!.paperId);
    await reader('bob@example.org');
    await runMatch(ctx);
    const shown = await text();
    expect(shown).toContain('Bridges that hum &lt;b&gt;');
    expect(shown).toMatch(/bridges.*words/s);
    expect(shown.slice(shown.indexOf('id="had"'))).toContain('ada@example.org');
    const still = shown.slice(0, shown.indexOf('id="had"'));
    expect(still).toContain('bob@example.org');
    expect(still).not.toContain('ada@example.org');
  });

  test('when it is to be withheld, then what will happen is asked first, and then nobody is given it until that is taken back', async () => {
    const asked = await (await act({ action: 'withhold' })).text();
    expect(asked).toContain('name="sure" value="yes"');
    expect((await ctx.db.paper.findUniqueOrThrow({ where: { id: papers[0]!.paperId } })).withheldAt).toBeNull();
    expect((await act({ action: 'withhold', sure: 'yes' })).status).toBe(303);
    expect(await text()).toContain('value="free"');

    const cleo = await reader('cleo@example.org');
    expect(await planned(cleo.id)).toEqual([papers[1]!.paperId]);

    const entry = await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'paper.withhold' } });
    expect(entry).toMatchObject({ before: { withheld: false }, after: { withheld: true } });
    expect(await takeBack(ctx, entry.id, 'cli')).toMatchObject({ outcome: 'taken-back' });
    const dora = await reader('dora@example.org');
    expect(await planned(dora.id)).toContain(papers[0]!.paperId);
    expect(decodeURIComponent((await act({ action: 'free' })).headers.get('location') ?? '')).toContain(
      'Nothing changed',
    );
  });

  test('when papers are listed or searched, then each leads to its page, and the list can be taken along', async () => {
    const list = async (query = '') => (await server.get(`/admin/papers${query}`, session.cookie)).text();
    const [known] = await ctx.db.paper.findMany({ where: { id: papers[0]!.paperId } });
    const all = await list();
    expect(all).toContain(`href="/admin/papers/${known!.publicId}"`);
    expect(all).toContain('href="/api/v1/papers"');
    const word = encodeURIComponent(known!.title);
    expect(await list(`?search=${word}`)).toContain(`href="/admin/papers/${known!.publicId}"`);
    expect(await list('?search=nobodywrotethis')).toContain('No paper is found.');
    expect((await list(`?search=${word}&format=csv`)).split('\n')[1]).toContain(known!.title);
  });

  test('when there is no such paper or act, then it says so', async () => {
    expect((await server.get('/admin/papers/nothing', session.cookie)).status).toBe(404);
    expect(decodeURIComponent((await act({ action: 'burn' })).headers.get('location') ?? '')).toContain('No such act');
  });
});
