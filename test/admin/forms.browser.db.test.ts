import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays } from '../../src/lib/time.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const LONG_MS = 120_000;
let ctx: TestContext;
let admin: AdminServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow(new Date()); // the browser's clock judges cookies
  admin = await adminServer(ctx);
  await makeReader(ctx.db, ctx.now());
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 320, height: 500 } })).newPage();
  await page.goto(admin.base + (await admin.linkPath()));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today' }).waitFor();
}, LONG_MS);
afterAll(async () => {
  await browser.close();
  await admin.close();
});

/** Whether an element can be seen without scrolling. */
const isInView = (selector: string) =>
  page.evaluate<boolean>(
    `(box => box.top >= 0 && box.bottom <= innerHeight)(document.querySelector('${selector}').getBoundingClientRect())`,
  );

test(
  'when a note is saved on a phone, then that it is done is in view; when it cannot be, then why not is',
  async () => {
    await page.goto(`${admin.base}/admin/editions/daily:${addDays(ctx.now().toISOString().slice(0, 10), 1)}`);
    const [note, save] = [page.getByLabel('English').first(), page.getByRole('button', { name: 'Save' })];
    await note.fill('See [this](ftp://x.example).');
    await save.click();
    await page.getByRole('alert').waitFor();
    expect(await isInView('.problems')).toBe(true);
    await note.fill('See [this](https://x.example).');
    await save.click();
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
    expect(await isInView('.done')).toBe(true);
  },
  LONG_MS,
);

test(
  'when one of many forms on a page is wrong, then what was expected is in view, and the keyboard goes on from there',
  async () => {
    await page.goto(`${admin.base}/admin/settings`);
    await page.locator('form[action$="/CONTENT_DAYS"] [name=value]').fill('91');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await isInView('.problems')).toBe(true);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.value')).toBe('91');
  },
  LONG_MS,
);
