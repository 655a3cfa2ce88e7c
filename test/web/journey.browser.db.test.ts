import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { often } from '../support/thorough.ts';
import { expectAccessible } from './axe.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { statusOf } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let browser: Browser;

beforeAll(async () => {
  const port = await freePort();
  ctx = await testContext(database, { PUBLIC_URL: `http://localhost:${port}` });
  ctx.setNow('2026-11-20T12:00:00Z');
  await syncTopics(ctx.db, readTopics());
  await ingestInputs(ctx, [join(PACKAGE_ROOT, 'seeds/digests')], { source: 'samples' });
  web = await startWeb(ctx, port);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await web.close();
});

/** A reader at the browser: pages that complain, ask other hosts or load too much are failures. */
interface Visit {
  page: Page;
  context: BrowserContext;
  /** What the browser complained about. */
  complaints: string[];
  check: () => Promise<void>;
}

async function visit(width: number, javaScriptEnabled: boolean): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    javaScriptEnabled,
    locale: 'en-GB',
    timezoneId: 'Europe/Lisbon',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A 422 is the answer the form's mistakes are meant to get.
    const expected = /status of 422/.test(message.text());
    if (message.type() === 'error' && !expected) complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== 'localhost') complaints.push(`asks ${request.url()}`);
  });
  const checked = new Set<string>();
  const check = async () => {
    const key = `${new URL(page.url()).pathname.split('/')[1]} ${await page.locator('h1').first().textContent()}`;
    if (javaScriptEnabled && !checked.has(key)) await audit(page, width);
    checked.add(key);
  };
  return { page, context, complaints, check };
}

/** A newsletter's page lets no script run, axe neither: it is audited in a window that ignores the policy. */
async function audit(page: Page, width: number): Promise<void> {
  if (!new URL(page.url()).pathname.startsWith('/newsletters/')) return expectAccessible(page);
  const context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true });
  const other = await context.newPage();
  await other.goto(page.url());
  await expectAccessible(other);
  await context.close();
}

/** Runs the jobs that a worker would, one after the other. */
async function work(...names: ('match' | 'plan' | 'deliver')[]): Promise<void> {
  for (const name of names) await runJob(ctx, jobNamed(name)!);
}

const later = (seconds: number) => ctx.setNow(new Date(ctx.now().getTime() + seconds * 1_000));

/** Opens the newest mail of the outbox and follows one of its links, as shown in the rendered part. */
async function followInNewestMail({ page, check }: Visit, link: RegExp): Promise<void> {
  await page.goto(`${ctx.config.PUBLIC_URL}/outbox`);
  await check();
  await page.locator('.mails a').first().click();
  await check();
  await page.frameLocator('iframe').getByRole('link', { name: link }).first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/outbox'));
}

async function signUp({ page, check }: Visit, email: string, javaScript: boolean): Promise<void> {
  await page.goto(`${ctx.config.PUBLIC_URL}/`);
  await check();
  later(5);
  await page.getByLabel('E-mail address').fill(email);
  await page.locator('summary', { hasText: /^Language/ }).click();
  await page.getByLabel('Large language models').check();
  await page.getByLabel('Subjects').fill('robot learning');
  await page.getByLabel('Weekdays').check();
  if (javaScript) {
    expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/Lisbon');
    await page.locator('.volume', { hasText: 'About' }).waitFor();
    const bar = page.getByRole('button', { name: 'See today’s' });
    const onPhone = await bar.isVisible();
    if (onPhone) await bar.click();
    const newsletter = page.frameLocator(onPhone ? 'dialog iframe' : 'iframe');
    await newsletter.getByText('From your topic Large language models').first().waitFor();
    await check();
    if (onPhone) await page.getByRole('button', { name: 'Close' }).click();
  }
  await page.getByRole('button', { name: 'Send me papers' }).last().click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  await page.getByText(`a mail is on its way: ${email}`).waitFor();
  await check();
  await work('deliver');
}

async function confirm(visit: Visit): Promise<void> {
  const { page, check } = visit;
  await followInNewestMail(visit, /confirm|subscribe/i);
  await check();
  await page.getByRole('button', { name: 'Yes, send me papers' }).click();
  await page.getByRole('heading', { name: 'You are in' }).waitFor();
  await check();
  await work('match', 'plan', 'deliver');
}

async function steer({ page, check }: Visit): Promise<void> {
  await page.getByRole('link', { name: 'Change what you get' }).click();
  await check();
  expect(await page.getByLabel('Large language models').isChecked()).toBe(true);
  await page.getByLabel('Papers at most').fill('99');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('Write a number from 1 to 50').waitFor();
  await check();
  await page.getByLabel('Papers at most').fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  await page.getByRole('button', { name: '2 weeks' }).click();
  await page.getByRole('status').filter({ hasText: 'Paused' }).waitFor();
  await check();
  await page.getByRole('button', { name: 'Resume now' }).click();
  await page.getByRole('status').filter({ hasText: 'comes again' }).waitFor();
}

async function readAndReact(visit: Visit, width: number, javaScript: boolean): Promise<void> {
  const { page, check } = visit;
  // In a window of its own: this driver cannot look into a sandboxed page that follows a page with a sandboxed frame.
  const sent = page.getByRole('heading', { name: /Sent to me/ }).locator('..');
  const path = await sent.getByRole('link').first().getAttribute('href');
  const newsletter = await visit.context.newPage();
  await newsletter.goto(`${ctx.config.PUBLIC_URL}${path}`);
  await newsletter.locator('h1').first().waitFor();
  if (javaScript) await audit(newsletter, width);
  await newsletter.close();
  await followInNewestMail(visit, /^More papers like/);
  await check();
  await page.getByRole('button', { name: 'More like this' }).click();
  await page.getByText('Noted: more like this one').waitFor();
  await check();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('Taken back. Everything').waitFor();
  await followInNewestMail(visit, /mute/i);
  await check();
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Mute it' }).click();
  await page.getByText('are left out from now on').waitFor();
  await check();
}

async function leave(visit: Visit, email: string): Promise<void> {
  const { page, check } = visit;
  await followInNewestMail(visit, /unsubscribe/i);
  await check();
  expect(await statusOf(ctx, email)).toBe('confirmed');
  await page.getByRole('button', { name: 'Unsubscribe' }).click();
  await page.getByRole('heading', { name: 'You are out' }).waitFor();
  await check();
  expect(await statusOf(ctx, email)).toBe('unsubscribed');
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await check();
  const oneClick = await web.post(new URL(await unsubscribeUrl(email)).pathname, 'List-Unsubscribe=One-Click', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(oneClick.status).toBe(200);
  expect(await statusOf(ctx, email)).toBe('unsubscribed');
}

async function unsubscribeUrl(email: string): Promise<string> {
  const { links } = await import('../../src/links/links.ts');
  const reader = await ctx.db.subscriber.findUniqueOrThrow({ where: { email } });
  return links.unsubscribe(ctx.config.PUBLIC_URL, ctx.keys.link[0]!, reader.publicId, reader.generation);
}

async function comeBackAndBeForgotten(visit: Visit, email: string, javaScript: boolean): Promise<void> {
  const { page, check } = visit;
  later(86_400);
  await signUp(visit, email, javaScript);
  await confirm(visit);
  expect(await statusOf(ctx, email)).toBe('confirmed');
  await page.getByRole('link', { name: 'Change what you get' }).click();
  await page.getByRole('button', { name: 'Erase me' }).click();
  await page.getByRole('alert').waitFor();
  expect(await statusOf(ctx, email)).toBe('confirmed');
  await page.getByLabel('Yes, delete everything about me').check();
  await page.getByRole('button', { name: 'Erase me' }).click();
  await page.getByRole('heading', { name: 'Erased' }).waitFor();
  await check();
  expect(await statusOf(ctx, email)).toBe('gone');
}

const JOURNEYS = [
  { width: 320, javaScript: true },
  { width: 320, javaScript: false },
  { width: 1280, javaScript: true },
  { width: 1280, javaScript: false },
];

test.each(JOURNEYS.slice(0, often(4, 2)))(
  'when a reader signs up, confirms, steers, reads, reacts, leaves, returns and is erased at $width px, JavaScript $javaScript, then every page works',
  async ({ width, javaScript }) => {
    const reader = await visit(width, javaScript);
    const email = `reader.${width}.${javaScript}@example.org`;
    await signUp(reader, email, javaScript);
    await confirm(reader);
    await steer(reader);
    await readAndReact(reader, width, javaScript);
    await leave(reader, email);
    await comeBackAndBeForgotten(reader, email, javaScript);
    expect(reader.complaints).toEqual([]);
    await reader.context.close();
  },
  120_000,
);

test.each([
  '/digests',
  '/digests/2026-11-20',
  '/digests?q=nothing-at-all',
  '/help',
  '/preferences',
  '/no-such-page',
  '/preview/newsletter?interests=xqzv',
])('when %s is opened on a desktop and a phone, then it is accessible in light and dark', async (path) => {
  for (const width of [1280, 320]) {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    await page.goto(ctx.config.PUBLIC_URL + path);
    await expectAccessible(page);
    await context.close();
  }
});

test('when a mail is opened as a page in the dark, then nothing around it stays light', async () => {
  const context = await browser.newContext({ colorScheme: 'dark', viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  await page.goto(`${ctx.config.PUBLIC_URL}/preview/newsletter?topics=language-models`);
  const boxes = `document.querySelectorAll('body, body > main, body > main > div')`;
  const around = await page.evaluate<string[]>(`[...${boxes}].map((box) => getComputedStyle(box).backgroundColor)`);
  expect(around).toEqual(['rgb(21, 23, 26)', 'rgb(21, 23, 26)', 'rgb(21, 23, 26)']);
  await context.close();
});

test('when a page is loaded, then all of it is at most 100 kB', async () => {
  const page = await browser.newPage();
  for (const path of ['/', '/digests', '/digests/2026-11-20']) {
    let bytes = 0;
    const count = async (response: { body(): Promise<Buffer>; url(): string }) => {
      if (!response.url().includes('/preview/')) bytes += (await response.body()).length;
    };
    const pending: Promise<void>[] = [];
    page.removeAllListeners('response');
    page.on('response', (response) => pending.push(count(response)));
    await page.goto(ctx.config.PUBLIC_URL + path, { waitUntil: 'networkidle' });
    await Promise.all(pending);
    expect(bytes, path).toBeLessThanOrEqual(100_000);
  }
  await page.close();
});

test('when it is dark and the preview has not come yet, then its place is dark too', async () => {
  const { page, context } = await visit(1280, true);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.route('**/preview/newsletter*', (route) => route.abort());
  await page.goto(`${ctx.config.PUBLIC_URL}/`);
  const colours: unknown[] = await page.evaluate(
    `[...document.querySelectorAll('.paper-frame, .panel')].map((box) => getComputedStyle(box).backgroundColor)`,
  );
  expect(colours.length).toBeGreaterThan(1);
  expect(new Set(colours).size).toBe(1);
  await context.close();
});

test('when a paper is looked at on a phone, then the days it was listed fit on the screen', async () => {
  const { page, context } = await visit(375, true);
  const paper = await ctx.db.paper.findFirstOrThrow();
  await page.goto(`${ctx.config.PUBLIC_URL}/papers/${paper.publicId}`);
  expect(
    await page.evaluate(
      `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.scroll'))`,
    ),
  ).toBe(0);
  await context.close();
});
