import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadNewsletterInput } from '../../src/db/newsletters/inputs.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { makeDigest } from '../world/digests.ts';
import { confirmedReader, newestConfirmPath } from '../world/sign-ups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  await syncTopics(ctx.db, readTopics());
  await makeDigest(ctx.db, '2026-01-05', ['Causal discovery with causal inference'], ctx.now());
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const GERMAN = { 'accept-language': 'de' };
const words = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

test('when a visitor reads German, then topics and fields are German on every page that names them, and both words find one', async () => {
  const home = await (await web.get('/', GERMAN)).text();
  for (const text of ['<span>Kausalität</span>', '<span>Maschinelles Lernen</span>', 'data-english="Causality"'])
    expect(home).toContain(text);
  expect(home).not.toContain('<span>Causality</span>');
  for (const path of ['/digests', '/digests/2026-01-05'])
    expect(words(await (await web.get(path, GERMAN)).text())).toContain('Kausalität');
  expect(await (await web.get('/feeds/causality.xml', GERMAN)).text()).toContain('Kausalität');
  const preview = await web.get('/preview/newsletter?topics=causality&language=de', GERMAN);
  expect(words(await preview.text())).toContain('Aus Ihrem Thema Kausalität');
});

test('when a reader chose German, then their newsletter names its topics in German', async () => {
  await confirmedReader(ctx, 'leserin@example.org', { topics: ['causality'], language: 'de' });
  await runMatch(ctx);
  await runPlan(ctx);
  const { publicId } = await ctx.db.newsletter.findFirstOrThrow();
  const input = await loadNewsletterInput(ctx.db, publicId);
  expect(input?.papers[0]?.match?.interestText).toBe('Kausalität');
});

test('when somebody signs up on a German page, then the evidence is what the pages said, in their language, whatever mails are to be in', async () => {
  const home = await (await web.get('/?lang=de', { 'accept-language': 'fr' })).text();
  const action = /<form method="post" action="([^"]+)"/.exec(home)?.[1] ?? '';
  const request = { 'accept-language': 'fr', 'user-agent': 'Browser A', 'x-forwarded-for': '198.51.100.7' };
  await web.post(action, { email: 'nachweis@example.org', language: 'en' }, request);
  const link = `${await newestConfirmPath(ctx, 'nachweis@example.org')}?lang=de`;
  const page = await (await web.get(link)).text();
  const confirmAction = /<form method="post" action="([^"]+)"/.exec(page)?.[1]?.replaceAll('&#x3D;', '=') ?? '';
  const press = { 'user-agent': 'Browser B', 'x-forwarded-for': '203.0.113.9' };
  const done = await (await web.post(confirmAction, { latest: 'no' }, press)).text();
  const evidence = await ctx.db.consent.findMany({
    where: { subscriber: { email: 'nachweis@example.org' } },
    orderBy: { id: 'asc' },
  });
  expect(evidence.map(({ step, source, ip, userAgent }) => [step, source, ip, userAgent])).toEqual([
    ['request', 'form', '198.51.100.7', 'Browser A'],
    ['confirm', 'link', '203.0.113.9', 'Browser B'],
  ]);
  const [asked, answered] = evidence.map(({ wording }) => wording);
  expect(asked).toContain('Newsletter mit Fachartikeln');
  expect(words(home)).toContain(asked);
  const [, lead = '', button = ''] = /^(.*) \[(.*)\]$/.exec(answered ?? '') ?? [];
  expect(lead).toContain('Bestätigen Sie');
  expect(words(page)).toContain(lead);
  expect(page).toContain(`name="latest" value="no" class="button quiet">${button}</button>`);
  for (const { wording, wordingVersion, at } of evidence) {
    expect(wordingVersion).toBe(createHash('sha256').update(wording).digest('hex').slice(0, 8));
    expect(at).toEqual(ctx.now());
  }
  const settings = /\/preferences\/[\w.-]+/.exec(done)?.[0] ?? '';
  const data = (await (await web.get(`${settings}/data.json`)).json()) as { consents: object[] };
  expect(data.consents).toMatchObject([
    { step: 'request', wording: asked, ip: '198.51.100.7', userAgent: 'Browser A' },
    { step: 'confirm', wording: answered, ip: '203.0.113.9', userAgent: 'Browser B' },
  ]);
});

test('when a program signs somebody up, then the evidence does not claim that our form was shown', async () => {
  const json = { 'content-type': 'application/json' };
  await web.post('/subscribe', JSON.stringify({ email: 'programm@example.org' }), json);
  const evidence = await ctx.db.consent.findFirstOrThrow({
    where: { subscriber: { email: 'programm@example.org' } },
  });
  expect(evidence.source).toBe('json');
});
