import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmedReader } from '../world/sign-ups.ts';
import { expectAccessible } from './axe.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let browser: Browser;

beforeAll(async () => {
  const port = await freePort();
  ctx = await testContext(database, { PUBLIC_URL: `http://localhost:${port}` });
  web = await startWeb(ctx, port);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await web.close();
});

test('with the keyboard and a file: papers are added, a subject is left out, and no rule of access is broken', async () => {
  const like = ['Tactile Sensing for Hands that Fold Laundry', 'Robotic Grasping with Tactile Sensing', '2501.01234'];
  const reader = await confirmedReader(ctx, 'ada@example.org', { like, language: 'de' });
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  await page.goto(`${web.base}${reader.preferences}`);
  await page.setInputFiles('#like-file', {
    name: 'mine.bib',
    mimeType: 'text/plain',
    buffer: Buffer.from('@misc{a, title={Kites}}'),
  });
  await page.locator('[data-like-said]:not(:empty)').waitFor();
  expect(await page.textContent('[data-like-said]')).toContain('mine.bib');
  expect(await page.inputValue('#like')).toBe('@misc{a, title={Kites}}');
  await page.locator('#field-like summary').focus();
  await page.keyboard.press('Enter');
  await page.locator('input[name=likeRemove][value="arxiv:2501.01234"]').focus();
  await page.keyboard.press('Space');
  await page.locator('input[name=notLike]').first().focus();
  await page.keyboard.press('Space');
  await expectAccessible(page);
  await page.locator('form.sign-up button[type=submit]').first().press('Enter');
  await page.waitForSelector('.done');
  expect(await page.locator('#field-like .hint').first().textContent()).toContain('diese 3');
  expect(await page.locator('input[name=notLike]:checked').count()).toBe(1);
  await expectAccessible(page);
  await page.close();
});
