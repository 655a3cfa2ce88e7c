import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '../../src/operate/create-token.ts';
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
  browser = await launchBrowser();
  page = await (await browser.newContext()).newPage();
  await page.goto(admin.base + (await admin.linkPath()));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today' }).waitFor();
}, LONG_MS);
afterAll(async () => {
  await browser.close();
  await admin.close();
});

const heading = (name: string) => page.getByRole('heading', { name }).waitFor();

test(
  'when something was asked and done, then Back and loading again show the question, which does nothing by itself',
  async () => {
    await createToken(ctx, { name: 'crm', scopes: ['papers:read'], days: 30 }, 'cli');
    await page.goto(`${admin.base}/admin/tokens`);
    await page.getByRole('button', { name: 'End crm' }).click();
    await heading('End the token crm?');
    await page.reload();
    await heading('End the token crm?');
    expect(await ctx.db.apiToken.count({ where: { revokedAt: null } })).toBe(1);
    await page.getByRole('button', { name: 'End it' }).click();
    await page.waitForURL(/\/admin\/tokens\?message=/);
    expect(await ctx.db.apiToken.count({ where: { revokedAt: null } })).toBe(0);
    await page.goBack();
    await heading('End the token crm?');
    await page.goBack();
    await heading('API tokens');
  },
  LONG_MS,
);

test(
  'when an address must be typed, then neither it nor what was typed stands in an address, and Back works',
  async () => {
    const reader = await makeReader(ctx.db, ctx.now(), { email: 'grace@example.org' });
    await page.goto(`${admin.base}/admin/subscribers/${reader.publicId}`);
    await page.getByRole('button', { name: 'Erase' }).click();
    await page.locator('#typed').fill('other@example.org');
    await page.locator('form.panel button.danger').click();
    await page.locator('.problems').waitFor();
    for (const word of ['grace', 'other', 'erase']) expect(page.url()).not.toContain(word);
    await page.goBack();
    await page.locator('#typed').waitFor();
    expect(await page.locator('.problems').count()).toBe(0);
    await page.locator('#typed').fill('grace@example.org');
    await page.locator('form.panel button.danger').click();
    await page.waitForURL(/\/admin\/subscribers\?message=/);
    expect(await ctx.db.subscriber.count()).toBe(0);
    await page.goBack();
    await page.locator('#typed').waitFor();
  },
  LONG_MS,
);

test(
  'when an import was tried and begun, then Back leads to what became of it, and another session opens no question',
  async () => {
    await page.goto(`${admin.base}/admin/imports`);
    const file = { name: 'readers.csv', mimeType: 'text/csv', buffer: Buffer.from('email\nivy@example.org\n') };
    await page.locator('#file').setInputFiles(file);
    await page.getByRole('button', { name: 'Hand it in' }).click();
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('button', { name: 'Import' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Import' }).click();
    await page.waitForURL(/\/admin\/errands\/\d+$/);
    await page.goBack();
    await page.waitForURL(/\/admin\/errands\/\d+$/);
    const eve = await admin.signIn('eve@example.org');
    const asked = await admin.post('/admin/tokens/revoke', { name: 'crm', csrf: eve.csrf }, eve.cookie);
    const ada = await admin.signIn('ada@example.org');
    const strange = await admin.get(asked.url.replace(admin.base, ''), ada.cookie);
    expect([asked.status, strange.status]).toEqual([200, 404]);
  },
  LONG_MS,
);
