import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { keepLanguage } from '../../src/web/keep-language.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { makeDigest } from '../world/digests.ts';
import { confirmedReader, signUp, type TestReader } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let reader: TestReader;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-11-21T12:00:00Z');
  await syncTopics(ctx.db, readTopics());
  await ingestInputs(ctx, [join(PACKAGE_ROOT, 'seeds/digests')], { source: 'samples' });
  for (let n = 10; n < 60; n++) await makeDigest(ctx.db, '2026-10-01', [], ctx.now(), { source: `source ${n}` });
  reader = await confirmedReader(ctx, 'ada@example.org', { language: 'en' });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const open = (page: string) => page.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
/** Where a page leads within the service, but for its style sheet, script and icon. */
const leads = (page: string) =>
  [...page.matchAll(/\b(?:href|action|src)="(\/[^"]*)"/g)]
    .map(([, path = '']) => open(path))
    .filter((path) => !path.startsWith('/assets/'));
const languageOf = (answer: Response) => answer.headers.get('content-language');

test('when a page is asked for in a language, then every link, form and pager on it leads on in that language', async () => {
  const paper = await ctx.db.paper.findFirstOrThrow({ where: { arrivedAt: { not: null } } });
  const pages = ['/', '/digests', '/digests?q=model', '/digests/2026-11-20', `/papers/${paper.publicId}`, '/help'];
  const own = [reader.preferences, reader.unsubscribe, '/preferences', await signUp(ctx, 'grace@example.org')];
  for (const path of [...pages, ...own, '/no-such-page', '/outbox']) {
    const answer = await web.get(`${path}${path.includes('?') ? '&' : '?'}lang=de`, { 'accept-language': 'en' });
    const page = await answer.text();
    expect([path, languageOf(answer)]).toEqual([path, 'de']);
    const links = leads(page);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      const asked = new URL(link, web.base).searchParams.getAll('lang');
      expect([path, link, asked]).toEqual([path, link, ['de']]);
    }
    for (const [, inside = ''] of page.matchAll(/<form method="get"[^>]*>([^]*?)<\/form>/g))
      expect(inside).toContain('<input type="hidden" name="lang" value="de">');
    // A GET leaves out the query of its address: what the button sends holds the language.
    const asking = [...page.matchAll(/<button[^>]* formmethod="get"[^>]*>/g)].map(([button]) => button);
    expect([path, asking.length > 0]).toEqual([path, path === '/' || path === reader.preferences]);
    for (const button of asking) expect(button).toContain(' name="lang" value="de"');
    expect(page.match(/\bformaction=/g)?.length ?? 0).toBe(asking.length);
  }
  const pager = leads(await (await web.get('/digests?lang=de')).text()).find((link) => link.includes('cursor='));
  expect(languageOf(await web.get(pager ?? ''))).toBe('de');
});

test('when no language is asked for, then no link names one but the switch, which leads to the same page in the other', async () => {
  for (const [path, other] of [
    ['/digests?q=model', '?q=model&lang=de'],
    ['/digests/2026-11-20?topic=x&sort=upvotes', '?topic=x&sort=upvotes&lang=de'],
    [reader.preferences, '?lang=de'],
  ] as const) {
    const page = await (await web.get(path, { 'accept-language': 'en' })).text();
    expect(leads(page).filter((link) => link.includes('lang='))).toEqual([]);
    const [switched] = [...page.matchAll(/<a href="(\?[^"]*)" lang="de" hreflang="de"[^>]*>Deutsch<\/a>/g)];
    expect([path, open(switched?.[1] ?? '')]).toEqual([path, other]);
    expect(languageOf(await web.get(new URL(other, web.base + path).href.slice(web.base.length)))).toBe('de');
    expect(page).toContain('<span lang="en" aria-current="true">English</span>');
  }
});

test('when two visitors ask for one page by other addresses, then neither sees what the other’s says', async () => {
  const first = await (await web.get('/digests/2026-11-20?from=%22%3E%3Cscript%3E&lang=de')).text();
  expect(first).not.toContain('<script>');
  const second = await (await web.get('/digests/2026-11-20', { 'accept-language': 'de' })).text();
  expect(second).not.toContain('from=');
  expect(second).not.toContain('value="de"><');
  expect(leads(second).filter((link) => link.includes('lang='))).toEqual([]);
});

test('when a form is sent in a language, then the answer is in it and leads on in it', async () => {
  const answer = await web.post('/subscribe?lang=de', { email: 'edsger@example.org' }, { 'accept-language': 'en' });
  const page = await answer.text();
  expect([answer.status, languageOf(answer)]).toEqual([202, 'de']);
  for (const link of leads(page)) expect(link).toContain('lang=de');
  expect(page).not.toContain('class="languages"');
});

test('when the forms of an English reader are sent from their settings in German, then each answer is German as a whole', async () => {
  const grace = await confirmedReader(ctx, 'grace.hopper@example.org', { language: 'en' });
  const sent = async (form: Record<string, string>) => {
    const answer = await web.post(`${grace.preferences}?lang=de`, form, { 'accept-language': 'en' });
    const page = await answer.text();
    expect([languageOf(answer), /<html lang="([^"]*)"/.exec(page)?.[1]]).toEqual(['de', 'de']);
    return page;
  };
  expect(await sent({ action: 'save', interests: 'robots', language: 'en' })).toContain('<p>Gespeichert. ');
  expect(await sent({ action: 'save', interests: 'robots', language: 'en' })).toContain('<p>Es war nichts anders');
  expect(await sent({ pause: '1w' })).toContain('<p>Ausgesetzt. Vor Samstag, 28. November 2026 kommt nichts.');
  expect(await sent({ action: 'erase', sure: 'yes' })).toContain('<h1>Gelöscht</h1>');
});

test('when a German reader’s form cannot be used, then the page says so in German, whatever the browser prefers', async () => {
  const emmy = await confirmedReader(ctx, 'emmy@example.org', { language: 'de' });
  for (const form of [{ action: 'nonsense' }, { takeBack: 'paper nosuchpaper' }]) {
    const answer = await web.post(emmy.preferences, form, { 'accept-language': 'en' });
    expect([form, languageOf(answer)]).toEqual([form, 'de']);
  }
});

test('when links hold parameters, parts of a page or another language, then each stays', () => {
  const html =
    '<a href="/a?b&#x3D;c#d"><a href="/a?lang=en"><a href="/#x"><a href="//b.example/"><img src="/assets/x.css?v=1">';
  expect(keepLanguage(html, 'de')).toBe(
    '<a href="/a?b&#x3D;c&amp;lang=de#d"><a href="/a?lang=en"><a href="/?lang=de#x"><a href="//b.example/"><img src="/assets/x.css?v=1">',
  );
});

test('when the pages are in German, then who joins «trägt sich ein», and only operators and mail programs «anmelden»', async () => {
  for (const path of ['/', '/help', '/digests', '/preferences'])
    expect([path, await (await web.get(`${path}?lang=de`)).text()].join()).not.toMatch(
      /Anmelden|melden Sie sich|angemeldet/,
    );
  expect(await (await web.get('/?lang=de')).text()).toContain('Eintragen');
});
