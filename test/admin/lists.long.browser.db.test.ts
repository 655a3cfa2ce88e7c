import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { expectAccessible } from '../web/axe.ts';
import { adminServer, type AdminServer } from './admin-server.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;
let browser: Browser;
let page: Page;
let readerPath: string;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow(new Date()); // the browser's clock judges cookies
  admin = await adminServer(ctx);
  const reader = await makeReader(ctx.db, ctx.now());
  readerPath = `/admin/subscribers/${reader.publicId}`;
  await fillLists(reader);
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 320, height: 900 } })).newPage();
  await page.goto(admin.base + (await admin.linkPath()));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today' }).waitFor();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await admin.close();
});

/** More rows in each list than fit on one page. */
async function fillLists({ id, publicId }: { id: number; publicId: string }): Promise<void> {
  await ctx.db.$executeRaw`
    INSERT INTO deliveries (kind, key, subscriber_id, email, language, key_id, generation, next_attempt_at, created_at)
    SELECT 'link', 'mail ' || n, ${id}, 'ada@example.org', 'en', 1, 1, now(), now() FROM generate_series(1, 101) n`;
  await ctx.db.$executeRaw`
    INSERT INTO audit_log (at, actor, action, subject, detail)
    SELECT now(), 'cli', 'act ' || n, ${publicId}, '{"a long detail": "that has to fit on a small screen somehow"}' FROM generate_series(1, 101) n`;
  await ctx.db.$executeRaw`
    INSERT INTO suppressions (address_hash, reason, at) SELECT sha256(n::text::bytea), 'manual', now() FROM generate_series(1, 101) n`;
  await ctx.db
    .$executeRaw`INSERT INTO editions (key, created_at) SELECT 'welcome:' || n, now() FROM generate_series(1, 101) n`;
}

test.each(['deliveries', 'audit', 'suppressions', 'editions'])(
  'when the list of %s is longer than a page, then it is accessible on a small screen, and the pager leads on and back',
  async (list) => {
    await page.goto(`${admin.base}/admin/${list}`);
    const rows = page.locator('tbody tr, .editions li');
    expect(await rows.count()).toBe(100);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Further on' }).click();
    await page.getByRole('link', { name: 'Back to the start' }).waitFor();
    expect(await rows.count()).toBeLessThan(100);
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Back to the start' }).click();
    await page.getByRole('link', { name: 'Further on' }).waitFor();
    expect(await rows.count()).toBe(100);
  },
  120_000,
);

test('when a reader has long lists, then their page is accessible, and each list is led on by a pager that names it', async () => {
  await page.goto(admin.base + readerPath);
  await expectAccessible(page);
  const pagers = page.getByRole('navigation', { name: 'Pages of mails' });
  await pagers.getByRole('link', { name: 'Further on' }).click();
  await pagers.getByRole('link', { name: 'Back to the start' }).waitFor();
  expect(await page.getByRole('navigation', { name: 'Pages of acts' }).getByRole('link').count()).toBe(1);
  await expectAccessible(page);
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/reader-320.png`, fullPage: true });
}, 120_000);

/** Where an element stands on the page. */
const boxOf = async (selector: string) => (await page.locator(selector).first().boundingBox())!;

test('when a table does not fit on a small screen, then it scrolls, and no instant is broken over two lines', async () => {
  await page.goto(`${admin.base}/admin/audit`);
  const scrolls = await page.evaluate<boolean>(
    `(box => box.scrollWidth > box.clientWidth)(document.querySelector('main .scroll'))`,
  );
  expect(scrolls).toBe(true);
  expect((await boxOf('td time')).height).toBeLessThan(30);
}, 120_000);

test('when a form stands above a list, then there is room between its buttons and the list', async () => {
  await page.goto(`${admin.base}/admin/suppressions`);
  const [button, table] = [await boxOf('button:has-text("Lift")'), await boxOf('main .scroll')];
  expect(table.y - button.y - button.height).toBeGreaterThan(16);
}, 120_000);

test('when a reader is looked at on a wide screen, then what can be done stands in one row', async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(admin.base + readerPath);
  const [first, second] = [await boxOf('button:has-text("Unsubscribe")'), await boxOf('button:has-text("Suppress")')];
  expect(second.y).toBe(first.y);
  expect(first.width).toBeLessThan(300);
}, 120_000);
