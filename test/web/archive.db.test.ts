import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { readPapersTo } from '../../src/preview/recent-papers.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { page } from '../world/captures.ts';
import { confirmedReader } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-11-21T12:00:00Z');
  await syncTopics(ctx.db, readTopics());
  await ingestInputs(ctx, [join(PACKAGE_ROOT, 'seeds/digests')], { source: 'samples' });
  const odd = join(ctx.config.DATA_DIR, '2026-11-21.txt');
  const titles = [
    'A <script>alert(1)</script> & "Quotes" ]]> Survey',
    'Second Paper of an Odd Day',
    'Third Paper of an Odd Day',
  ];
  writeFileSync(
    odd,
    page(
      'Nov 21',
      titles.map((title) => ({ title, who: '  • 1 authors', date: 'Nov 20' })),
    ),
  );
  await ingestInputs(ctx, [odd], { source: 'odd' });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const titlesIn = (html: string) => [...html.matchAll(/<h3><a href="\/papers\/([^"]+)">([^<]*)/g)].map(([, id]) => id);

describe('the archive', () => {
  test('when it is opened, then every day stands there, and each day shows its papers', async () => {
    const list = await (await web.get('/digests')).text();
    const days = [...list.matchAll(/href="\/digests\/(\d{4}-\d{2}-\d{2})"/g)].map(([, day]) => day);
    expect(days).toEqual([...days].sort().reverse());
    expect(days.length).toBeGreaterThanOrEqual(6);
    for (const day of days) {
      const answer = await web.get(`/digests/${day}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-robots-tag')).toBeNull();
    }
  });

  test.each([
    '/digests/2026-02-30',
    '/digests/2020-01-01',
    '/digests/x',
    '/papers/nope',
    '/papers/%27',
    '/feeds/none.xml',
  ])('when %s is asked for, then 404 in the design', async (path) => {
    const answer = await web.get(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('<footer');
  });

  test('when words, a topic or an order are chosen, then the day follows', async () => {
    const all = titlesIn(await (await web.get('/digests/2026-11-20')).text());
    const some = titlesIn(await (await web.get('/digests/2026-11-20?q=speech')).text());
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
    const topic = titlesIn(await (await web.get('/digests/2026-11-20?topic=large-language-models')).text());
    expect(topic.length).toBeGreaterThan(0);
    expect(topic.length).toBeLessThan(all.length);
    const ordered = titlesIn(await (await web.get('/digests/2026-11-20?sort=comments')).text());
    expect([...ordered].sort()).toEqual([...all].sort());
    expect(ordered).not.toEqual(all);
    expect(await (await web.get('/digests?q=no-such-word-anywhere')).text()).toContain(
      'No paper holds all of these words',
    );
  });

  test('when a paper has no address of its own, then its page offers searches, labelled as such, and no guessed id', async () => {
    const [id] = titlesIn(await (await web.get('/digests/2026-11-21')).text());
    const body = await (await web.get(`/papers/${id}`)).text();
    expect(body).toContain('Search the title at arXiv');
    expect(body).toContain('Search the title at Hugging Face');
    expect(body).not.toMatch(/arxiv\.org\/abs|huggingface\.co\/papers\/\d/);
    expect(body).not.toContain('<script>alert');
    expect(body).toContain('Days on the lists');
  });

  test('when a digest is held, then its papers are not shown, and why is, in the language of the page', async () => {
    const said = [{ name: 'list.short', values: { n: 3, usual: 15, weekday: 6 } }];
    await ctx.db.digest.updateMany({
      where: { source: 'odd' },
      data: { state: 'held', verdict: 'partial', reasons: ['3 entries, under a third'], said },
    });
    const body = await (await web.get('/digests/2026-11-21')).text();
    expect(body).toContain('this list looks incomplete');
    expect(body).toContain('3 entries, under a third of the 15 usual on Saturdays');
    expect(titlesIn(body)).toEqual([]);
    expect(await (await web.get('/digests/2026-11-21?lang=de')).text()).toContain(
      '3 Einträge, weniger als ein Drittel',
    );
    await ctx.db.digest.updateMany({
      where: { source: 'odd' },
      data: { state: 'accepted', verdict: 'fresh', reasons: [], said: [] },
    });
  });
});

describe('the live preview', () => {
  const wishes = { topics: ['large-language-models'], interests: ['robot learning'], muted: ['gripper'] };
  const query = 'topics=large-language-models&interests=robot+learning&muted=gripper';
  const papersIn = (html: string) => [...new Set([...html.matchAll(/\/papers\/([0-9a-z]{20})/g)].map(([, id]) => id))];

  test('when somebody signs up with what the preview was given, then what is planned for them is what it showed', async () => {
    const shown = await (await web.get(`/preview/newsletter?${query}`)).text();
    const reader = await confirmedReader(ctx, 'preview@example.org', wishes);
    await runMatch(ctx);
    await runPlan(ctx);
    const newsletter = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: reader.id } });
    const entries = await ctx.db.entry.findMany({
      where: { id: { in: [...newsletter.entryIds, ...newsletter.trendingIds] } },
      include: { paper: true },
    });
    const byId = new Map(entries.map((entry) => [entry.id, entry.paper.publicId]));
    const planned = [...(await groupedEntries(newsletter)), ...newsletter.trendingIds].map((id) => byId.get(id));
    expect(planned).toHaveLength(newsletter.entryIds.length + newsletter.trendingIds.length);
    expect(newsletter.entryIds.length).toBeGreaterThanOrEqual(5);
    expect(papersIn(shown)).toEqual(planned);
    const page = await web.get(`/newsletters/${await newsletterToken(newsletter.publicId, newsletter.generation)}`);
    expect(papersIn(await page.text())).toEqual(planned);
    expect(page.headers.get('content-security-policy')).toContain('sandbox');
  });

  test.each([
    ['topics=large-language-models', /About \d+(–\d+)? papers? a day|About \d+ papers? in \d+ days/],
    [
      'topics=large-language-models&interests=language+models,+robots,+images,+reasoning,+memory,+benchmark&maxPapers=1',
      /More than the 1 you allow/,
    ],
    ['interests=xylophonequartz', /Nothing from the last \d+ days fits/],
    ['interests=-nothing&interests=learning', /About/],
    ['', /What everybody is reading/],
    ['hour=99&cadence=never&maxPapers=x', /What everybody is reading/],
  ])('when the wishes are «%s», then the estimate says so', async (wish, expected) => {
    const answer = await web.get(`/preview?${wish}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(expected);
  });

  test('when an author is wished for, then sources whose newest list names nobody are named, and nothing is said otherwise', async () => {
    const estimate = async (wishes: string) => (await web.get(`/preview?${wishes}`)).text();
    const both = 'The newest lists from odd, samples name no authors, so an author cannot be found there.';
    expect(await estimate('authors=Ada+Byron')).toContain(both);
    expect(await estimate('interests=learning')).not.toContain('name no authors');
    const german = await web.get('/preview?authors=Ada+Byron', { 'accept-language': 'de' });
    expect(await german.text()).toContain('Die neuesten Listen von odd, samples nennen keine Autorinnen und Autoren');
    const named = { digest: { source: 'samples', digestOn: new Date('2026-11-20') } };
    await ctx.db.entry.updateMany({ where: named, data: { authors: ['Ada Byron'] } });
    expect((await readPapersTo(ctx, '2026-11-21')).sourcesWithoutNames).toEqual(['odd']);
    await ctx.db.entry.updateMany({ where: named, data: { authors: [] } });
  });

  /** Planned entries as a newsletter shows five and more: by the interest that brought them, that of the best first. */
  async function groupedEntries({ entryIds, matchIds }: { entryIds: number[]; matchIds: number[] }): Promise<number[]> {
    const matches = await ctx.db.match.findMany({ where: { id: { in: matchIds } } });
    const interestOf = new Map(matches.map(({ id, interestId }) => [id, interestId]));
    const brought = entryIds.map((id, at) => ({ id, by: interestOf.get(matchIds[at] ?? 0) ?? 0 }));
    const interests = [...new Set(brought.map(({ by }) => by))];
    return interests.flatMap((interest) => brought.filter(({ by }) => by === interest).map(({ id }) => id));
  }

  async function newsletterToken(publicId: string, generation: number): Promise<string> {
    const { signToken } = await import('../../src/links/tokens.ts');
    return signToken(ctx.keys.link[0]!, 'newsletter', publicId, generation);
  }
});

describe('feeds', () => {
  test('when a topic is followed, then Atom and JSON Feed hold its papers, escaped', async () => {
    const atom = await web.get('/feeds/large-language-models.xml');
    expect(atom.headers.get('content-type')).toContain('application/atom+xml');
    expect((await atom.text()).match(/<entry>/g)?.length).toBeGreaterThan(0);
    const json = (await (await web.get('/feeds/large-language-models.json')).json()) as { items: { title: string }[] };
    expect(json.items.length).toBeGreaterThan(0);
  });

  test('when a reader has a private feed, then it holds their papers, nobody lists it, and a forged link is nobody’s', async () => {
    const reader = await confirmedReader(ctx, 'feed@example.org');
    const answer = await web.get(reader.feed);
    const body = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-robots-tag')).toContain('noindex');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toContain('<script>');
    expect((await web.get(reader.feed.replace(/..\.xml$/, 'AA.xml'))).status).toBe(404);
  });
});

describe('the outbox', () => {
  test('when it is asked for from this machine, then mails are shown rendered; with a proxy, another host or SMTP, then 404', async () => {
    const folder = join(ctx.config.DATA_DIR, 'outbox');
    mkdirSync(folder, { recursive: true });
    const html = '<html><head></head><body><p>Hello</p><script>alert(1)</script></body></html>';
    const raw = `From: A <a@b.example>\r\nTo: c@d.example\r\nSubject: Odd <b>\r\nContent-Type: text/html\r\n\r\n${html}`;
    writeFileSync(join(folder, 'one.eml'), raw);
    expect(await (await web.get('/outbox')).text()).toContain('Odd &lt;b&gt;');
    expect((await web.get('/outbox/one.eml')).status).toBe(200);
    const framed = await web.get('/outbox/one.eml/html');
    expect(framed.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    expect(await framed.text()).toContain('<base target="_top">');
    for (const path of ['/outbox/../config.eml', '/outbox/..%2F..%2Fetc%2Fpasswd', '/outbox/two.eml', '/outbox/.eml']) {
      expect((await web.get(path)).status).toBe(404);
    }
    expect((await web.get('/outbox', { 'x-forwarded-for': '198.51.100.7' })).status).toBe(404);
    expect(await statusForHost(web.base, 'papers.example.org')).toBe(404);
    expect(await statusForHost(web.base, 'localhost:1')).toBe(200);
    const withSmtp = await startWeb({
      ...ctx,
      config: { ...ctx.config, SMTP_URL: [{ name: 'relay', url: 'smtp://127.0.0.1:25', weight: 1 }] },
    });
    expect((await withSmtp.get('/outbox')).status).toBe(404);
    await withSmtp.close();
    const publicSite = await startWeb({ ...ctx, config: { ...ctx.config, PUBLIC_URL: 'https://papers.example.org' } });
    expect((await publicSite.get('/outbox')).status).toBe(404);
    expect((await publicSite.get('/')).headers.get('strict-transport-security')).toContain('max-age');
    await publicSite.close();
  });
});

describe('what machines ask', () => {
  test('when health, readiness, numbers and robots are asked for, then they answer', async () => {
    // The pages turn in the process of the tests, which a busy machine may keep waiting for a second.
    await until('it is alive', async () => (await (await web.get('/healthz')).text()) === 'ok\n');
    expect((await web.get('/readyz')).status).toBe(200);
    expect(await (await web.get('/metrics')).text()).toMatch(
      /^offprint_digests\{source="samples",verdict="fresh"\} \d+$/m,
    );
    expect(await (await web.get('/robots.txt')).text()).toContain('Disallow: /preferences');
  });

  test('when something breaks inside, then 500 in the design, without a word of what', async () => {
    const broken = { ...ctx, db: new Proxy(ctx.db, { get: () => undefined }) };
    const server = createServer(createHttpApp(broken));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/digests`);
    const body = await answer.text();
    server.close();
    server.closeAllConnections();
    expect(answer.status).toBe(500);
    expect(body).toContain('That went wrong');
    expect(body).not.toMatch(/undefined|TypeError|node_modules/);
  });
});

/** fetch does not let a caller choose the Host header. */
function statusForHost(base: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${base}/outbox`, { headers: { host } }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end();
  });
}
