import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { PATIENCE_MS } from '../support/until.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

/** On a machine that is busy with other things. */
const SLOWLY = { timeout: PATIENCE_MS };

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let browser: Browser;

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, readTopics());
  ctx.setNow('2026-11-21T12:00:00Z');
  await ingestInputs(ctx, [join(PACKAGE_ROOT, 'seeds/digests')], { source: 'samples' });
  web = await startWeb(ctx);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await web.close();
});

test('when the form is sent at once and every field filled in, then two presses bring the mail, wishes and all, without https', async () => {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(`Object.defineProperty(crypto, 'subtle', { value: undefined })`); // as over plain http
  await page.goto(web.base);
  await page.evaluate(`document.querySelector('#website').value = 'https://ada.example'`);
  await page.fill('#email', 'ada@example.org');
  await page.fill('#interests', 'sparse attention\nstate space models');
  await page.locator('#email').press('Enter');
  const go = page.locator('form[data-challenge] button');
  await page.waitForSelector('form[data-challenge] [data-working]');
  await expect.poll(() => go.isEnabled(), SLOWLY).toBe(true);
  expect(await page.inputValue('form[data-challenge] [name=solution]')).toMatch(/^\d+$/);
  await go.click();
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  expect(await ctx.db.delivery.count({ where: { email: 'ada@example.org' } })).toBe(1);
  const asked = await ctx.db.confirmationRequest.findFirstOrThrow();
  expect(JSON.stringify(asked.signUp)).toContain('state space models');
  expect(errors).toEqual([]);
  await page.close();
});

test('when topics are searched for, then the group and topic meant stand first, and all stand as before when the box is empty', async () => {
  const page = await browser.newPage();
  await page.goto(web.base);
  const shown = () =>
    page.evaluate<{ open: boolean; topics: string[] }[]>(`
      [...document.querySelectorAll('[data-field]:not([hidden])')].map((field) => ({
        open: field.open,
        topics: [...field.querySelectorAll('.chip:not([hidden])')].map((chip) => chip.textContent.trim()),
      }))`);
  const before = await shown();
  for (const [text, topic] of [
    ['RAG', 'Retrieval-augmented generation'],
    ['VLA', 'Embodied AI and robot foundation models'],
    ['RLHF', 'Alignment and preference learning'],
    ['SSM', 'Neural architectures'],
    ['moe', 'Neural architectures'],
    ['speech rec', 'Speech recognition'],
  ] as const) {
    await page.fill('[data-topic-search]', text);
    await expect.poll(async () => (await shown())[0], SLOWLY).toMatchObject({ open: true });
    await expect.poll(async () => (await shown())[0]?.topics[0], SLOWLY).toBe(topic);
  }
  await page.fill('[data-topic-search]', '');
  await expect.poll(shown, SLOWLY).toEqual(before);
  await page.close();
});

test('when a day is opened on a phone, then its first paper and its neighbours are on the first screen, filters folded', async () => {
  const page = await browser.newPage({ viewport: { width: 375, height: 812 } });
  await page.goto(`${web.base}/digests/2026-11-19`);
  const first = await page.locator('.paper').first().boundingBox();
  expect(first?.y ?? 812).toBeLessThan(450);
  for (const name of ['prev', 'next']) {
    const link = await page.locator(`a[rel=${name}]`).first().boundingBox();
    expect([name, (link?.y ?? 812) < 250]).toEqual([name, true]);
  }
  expect(await page.locator('.filter').isVisible()).toBe(false);
  await page.click('.fold summary');
  expect(await page.locator('.filter').isVisible()).toBe(true);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
  await page.setViewportSize({ width: 1280, height: 900 });
  const measure = await page.locator('.paper .says').first().boundingBox();
  expect(measure?.width ?? 0).toBeLessThan(700); // 68 characters
  await page.close();
});
