import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { expectAccessible } from '../web/axe.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
let ctx: TestContext;
let admin: AdminServer;
let browser: Browser;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  ctx.setNow(new Date()); // the browser's clock judges cookies
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  browser = await launchBrowser();
});
afterEach(() => browser.close());

async function signedIn(width: number): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage();
  await page.goto(admin.base + (await admin.linkPath()));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  return page;
}

test.each([1280, 320])(
  'when an admin looks at the sessions at %i px, then the page is accessible in light and dark, and its buttons end what they say',
  async (width) => {
    await ctx.db.admin.deleteMany();
    const headers = { 'user-agent': PHONE, 'x-forwarded-for': '2001:db8:0:1::77' };
    await admin.signIn('bob@example.org', headers);
    for (let n = 0; n < 2; n++) await admin.signIn('ada@example.org', headers);
    const page = await signedIn(width);
    await page.goto(`${admin.base}/admin/sessions`);
    await expectAccessible(page);
    if (process.env['SHOTS'])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${process.env['SHOTS']}/sessions-${width}-${colorScheme}.png`, fullPage: true });
      }
    const rows = page.getByRole('row').filter({ hasText: 'Safari on iPhone' });
    expect(await rows.count()).toBe(3);
    await page.getByRole('button', { name: 'End: bob@example.org, Safari on iPhone' }).click();
    await page.getByRole('status').filter({ hasText: 'One session was ended.' }).waitFor();
    await page.getByText('Nobody else is signed in.').waitFor();
    expect(await rows.count()).toBe(2);
    await page.getByRole('button', { name: 'End all others of mine' }).click();
    await page.getByRole('status').filter({ hasText: '2 sessions were ended.' }).waitFor();
    expect(await rows.count()).toBe(0);
    await page.getByText('this one').waitFor();
    await expectAccessible(page);
  },
  180_000,
);
