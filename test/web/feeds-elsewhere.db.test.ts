import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { translator } from '../../src/lib/strings.ts';
import { paperFeed } from '../../src/web/feed-view.ts';
import { samplePaper } from '../world/papers.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { makeReader } from '../world/readers.ts';
import { confirmedReader, linksOf, type TestReader } from '../world/sign-ups.ts';

const database = testDatabase();
const ELSEWHERE = { origin: 'https://reader.example.net' };
let ctx: TestContext;
let web: TestWeb;
let reader: TestReader;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-11-21T12:00:00Z');
  await syncTopics(ctx.db, readTopics());
  await ingestInputs(ctx, [join(PACKAGE_ROOT, 'seeds/digests')], { source: 'samples' });
  reader = await confirmedReader(ctx, 'ada@example.org');
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const options = (path: string, method: string, headers = '') =>
  fetch(web.base + path, {
    method: 'OPTIONS',
    headers: {
      ...ELSEWHERE,
      'access-control-request-method': method,
      ...(headers && { 'access-control-request-headers': headers }),
    },
  });
const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin');
const feedsOf = (page: string) =>
  [...page.matchAll(/<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">/g)].map(
    ([, type, href]) => `${type} ${href}`,
  );
const ALL = ['application/atom+xml /feeds/all.xml', 'application/feed+json /feeds/all.json'];

test('when the feed of all papers is asked for, then each paper of the newest day is in it, in both formats', async () => {
  const papers = await ctx.db.entry.findMany({
    where: { digest: { digestOn: new Date('2026-11-20') } },
    include: { paper: true },
  });
  const atom = await (await web.get('/feeds/all.xml')).text();
  const json = (await (await web.get('/feeds/all.json')).json()) as { items: { id: string }[] };
  expect(papers.length).toBeGreaterThan(5);
  for (const { paper } of papers) {
    expect(atom).toContain(`/papers/${paper.publicId}`);
    expect(json.items.map(({ id }) => id)).toContain(`http://localhost:3000/papers/${paper.publicId}`);
  }
  expect((await web.get('/feeds/all.rss')).status).toBe(404);
});

test('when a public page is opened, then its head names the feeds, and each of them answers', async () => {
  for (const path of ['/', '/digests', '/digests/2026-11-20']) {
    expect([path, feedsOf(await (await web.get(path)).text())]).toEqual([path, ALL]);
  }
  const day = feedsOf(await (await web.get('/digests/2026-11-20?topic=large-language-models')).text());
  expect(day).toEqual([
    'application/atom+xml /feeds/large-language-models.xml',
    'application/feed+json /feeds/large-language-models.json',
    ...ALL,
  ]);
  for (const feed of day) {
    const [type = '', path = ''] = feed.split(' ');
    const answer = await web.get(path);
    expect([path, answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([path, 200, type]);
  }
  expect(feedsOf(await (await web.get(reader.preferences)).text())).toEqual([]);
});

test('when a script of another site asks for a public feed, then it may read the answer, good or bad', async () => {
  for (const path of ['/feeds/all.xml', '/feeds/large-language-models.json', '/feeds/nothing.xml']) {
    const answer = await web.get(path, ELSEWHERE);
    expect([path, allowed(answer), answer.headers.get('access-control-allow-credentials')]).toEqual([path, '*', null]);
    const preflight = await options(path, 'GET', 'if-none-match');
    expect([preflight.status, allowed(preflight)]).toEqual([204, '*']);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD');
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/If-None-Match/);
  }
});

test('when a script of another site signs somebody up with JSON, then the preflight lets it, and it reads what came of it', async () => {
  const preflight = await options('/subscribe', 'POST', 'content-type');
  expect([preflight.status, allowed(preflight)]).toEqual([204, '*']);
  expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
  expect(preflight.headers.get('access-control-allow-headers')).toMatch(/Content-Type/);
  const post = (body: string) =>
    web.post('/subscribe', body, { ...ELSEWHERE, 'content-type': 'application/json', accept: '*/*' });
  for (const [body, status] of [
    ['{"email":"grace@example.org"}', 202],
    ['{"email":"nobody"}', 422],
    ['{"email":', 422],
    [JSON.stringify({ email: 'x'.repeat(70_000) }), 413],
  ] as const) {
    const answer = await post(body);
    expect([answer.status, allowed(answer), answer.headers.get('access-control-allow-credentials')]).toEqual([
      status,
      '*',
      null,
    ]);
  }
});

test('when a script of another site asks for anything else, then no answer lets it read', async () => {
  const paths = ['/', '/digests', '/help', '/admin', '/admin/sign-in', '/outbox', '/metrics', '/preferences'];
  for (const path of [
    ...paths,
    reader.preferences,
    reader.unsubscribe,
    reader.feed,
    '/confirm/x',
    '/admin/subscribers',
  ]) {
    expect([path, allowed(await web.get(path, ELSEWHERE))]).toEqual([path, null]);
    for (const method of ['GET', 'POST']) expect([path, allowed(await options(path, method))]).toEqual([path, null]);
  }
  expect(allowed(await web.post(reader.unsubscribe, { a: 'b' }, ELSEWHERE))).toBeNull();
});

/** Why each paper is in a feed. */
const whysIn = (atom: string) => [...atom.matchAll(/<br>([^<]*)\]\]>/g)].map(([, why = '']) => why);

test('when a paper may be right, then a feed says so with the reasons', async () => {
  const head = {
    title: 'Papers',
    description: 'Yours',
    pageUrl: 'https://digest.example.org/digests',
    selfUrls: { atom: 'https://digest.example.org/feed/x.xml' },
    language: 'en',
    author: 'Offprint',
  };
  const papers = [samplePaper(1), { ...samplePaper(2), perhaps: true }];
  const atom = await paperFeed(translator('en'), 'https://digest.example.org', head, papers, 'atom');
  const whys = whysIn(atom).map((why) => why.split(' ', 2).join(' '));
  expect(whys).toEqual(['From your', 'Perhaps: For']);
});

test('when a reader asked for «perhaps», then their private feed has such papers too, each named as they wrote it', async () => {
  const wishes = ['Language Models', 'Speech', 'Neural NetWorks', 'Robots'];
  const feedOf = async (perhaps: boolean) => {
    const made = await makeReader(ctx.db, ctx.now(), { wishes, perhaps, selectivity: 'sure' });
    return whysIn(await (await web.get(linksOf(ctx, made).feed)).text());
  };
  const [asked, plain] = [await feedOf(true), await feedOf(false)];
  const maybe = asked.filter((why) => why.startsWith('Perhaps: '));
  expect(maybe.length).toBeGreaterThan(0);
  expect(plain.length).toBeGreaterThan(0);
  expect(asked.filter((why) => !maybe.includes(why))).toEqual(plain);
  for (const why of asked) expect(wishes.some((wish) => why.includes(`For ${wish}: `))).toBe(true);
});
