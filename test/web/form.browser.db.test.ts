import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmedReader, reload } from '../world/sign-ups.ts';
import { PATIENCE_MS } from '../support/until.ts';
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

/** Opens the form in a browser that says it is in this zone. */
async function formIn(reported: string) {
  const context = await browser.newContext({ timezoneId: 'Etc/GMT+12', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.addInitScript((zone) => {
    const told = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'resolvedOptions');
    const real = told?.value as () => Intl.ResolvedDateTimeFormatOptions;
    Intl.DateTimeFormat.prototype.resolvedOptions = function (this: Intl.DateTimeFormat) {
      const said = real.call(this);
      return said.timeZone === 'Etc/GMT+12' ? { ...said, timeZone: zone } : said;
    };
  }, reported);
  await page.goto(web.base);
  const chosen = await page.inputValue('#timeZone');
  const said = await page.locator('[data-no-zone]').isVisible();
  await context.close();
  return { chosen, said };
}

test.each([
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['Europe/Kiev', 'Europe/Kyiv'],
  ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['Asia/Katmandu', 'Asia/Kathmandu'],
  ['US/Pacific', 'America/Los_Angeles'],
  ['Etc/UTC', 'UTC'],
  ['Etc/GMT-3', 'Etc/GMT-3'],
])('when a browser says it is in %s, then %s is chosen in the form', async (reported, chosen) => {
  expect(await formIn(reported)).toEqual({ chosen, said: false });
});

test('when a browser does not say where it is, then the form says so', async () => {
  expect(await formIn('Etc/Unknown')).toEqual({ chosen: 'UTC', said: true });
});

test('when a reader was kept under an older name, then the settings show today’s, and saved as they stand nothing changes', async () => {
  const reader = await confirmedReader(ctx, 'old@example.org', { timeZone: 'Asia/Kolkata', hour: 7 });
  await ctx.db.subscriber.update({ where: { email: 'old@example.org' }, data: { timeZone: 'Asia/Calcutta' } });
  const before = await reload(ctx, 'old@example.org');
  const page = await browser.newPage();
  await page.goto(`${web.base}${reader.preferences}`);
  expect(await page.inputValue('#timeZone')).toBe('Asia/Kolkata');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  expect(await page.textContent('.done')).toContain('Nothing was different');
  expect(await reload(ctx, 'old@example.org')).toEqual(before);
  await page.close();
});

test('when what is perhaps right is ticked and unticked in the settings, then the preview follows', async () => {
  const reader = await confirmedReader(ctx, 'perhaps@example.org');
  const page = await browser.newPage();
  await page.goto(`${web.base}${reader.preferences}`);
  const asked = () =>
    page.frames().map((frame) => new URL(frame.url(), web.base).searchParams.getAll('perhaps').join());
  await page.check('#perhaps');
  await expect.poll(asked, { timeout: PATIENCE_MS }).toContain('no,yes');
  await page.uncheck('#perhaps');
  await expect.poll(asked, { timeout: PATIENCE_MS }).toContain('no');
  await page.close();
});

test('when somebody types several subjects with commas, then a line for each is offered, and one press makes them', async () => {
  const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
  await page.goto(web.base);
  const offer = page.locator('[data-lines=interests]');
  await page.fill('#interests', 'state space models');
  await page.locator('#interests').blur();
  expect(await offer.isVisible()).toBe(false);
  await page.fill('#interests', 'protein folding, RAG；graph networks\n"linear, attention" models');
  await page.locator('#interests').blur();
  expect(await offer.isVisible()).toBe(true);
  await expectAccessible(page);
  await offer.getByRole('button').click();
  expect(await page.inputValue('#interests')).toBe('protein folding\nRAG\ngraph networks\n"linear, attention" models');
  expect(await offer.isVisible()).toBe(false);
  await page.close();
});
