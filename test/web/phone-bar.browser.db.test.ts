import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { expectAccessible } from './axe.ts';

const HEIGHT = 740;
const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let browser: Browser;

beforeAll(async () => {
  const port = await freePort();
  ctx = await testContext(database, { PUBLIC_URL: `http://localhost:${port}`, SOURCES: 'samples=seeds/digests' });
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

async function onPhone(javaScriptEnabled = true): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 375, height: HEIGHT }, javaScriptEnabled });
  const page = await context.newPage();
  await page.goto(`${ctx.config.PUBLIC_URL}/?lang=en`);
  return page;
}

const answer = (page: Page) => page.locator('[data-answer]');

describe('the bar at the foot of the form on a phone', () => {
  test('when topics are ticked and unticked, then it follows each, and stands at the foot of the window', async () => {
    const page = await onPhone();
    expect(await answer(page).textContent()).toBe('What everybody is reading');
    await page.locator('summary', { hasText: /^Language/ }).click();
    await page.getByLabel('Large language models').check();
    await answer(page)
      .getByText(/^About \d+(–\d+)? papers? (a day|in \d+ days)$/)
      .waitFor();
    const box = (await page.locator('[data-answer-bar]').boundingBox())!;
    expect([box.x, box.width, Math.round(box.y + box.height)]).toEqual([0, 375, HEIGHT]);
    expect(Math.round(box.height)).toBe(56);
    expect(await answer(page).getAttribute('aria-live')).toBe('polite');
    await page.getByLabel('Large language models').uncheck();
    await page.getByLabel('Subjects').fill('xqzv');
    await answer(page).getByText('Nothing fits yet').waitFor();
    await page.getByLabel('Subjects').fill('');
    await answer(page).getByText('What everybody is reading').waitFor();
    await page.context().close();
  });

  test('when many things are typed at once, then few questions are asked', async () => {
    const page = await onPhone();
    let asked = 0;
    page.on('request', (request) => (asked += /\/preview\?/.test(request.url()) ? 1 : 0));
    await page.getByLabel('Subjects').pressSequentially('language models', { delay: 20 });
    await answer(page)
      .getByText(/^About/)
      .waitFor();
    expect(asked).toBeLessThanOrEqual(3);
    await page.context().close();
  });

  test('when it is opened by keyboard, then focus stays in the sheet, and Esc, Close and Back shut it', async () => {
    const page = await onPhone();
    await page.getByLabel('Subjects').fill('language models');
    await answer(page)
      .getByText(/^About/)
      .waitFor();
    const open = page.getByRole('button', { name: 'See today’s' });
    const sheet = page.getByRole('dialog');
    const url = page.url();
    for (const shut of [
      () => page.keyboard.press('Escape'),
      () => page.getByRole('button', { name: 'Close' }).click(),
      () => page.goBack(),
    ]) {
      await open.focus();
      await page.keyboard.press('Enter');
      await sheet.waitFor();
      await page
        .frameLocator('dialog iframe')
        .getByText(/samples/)
        .first()
        .waitFor();
      for (let presses = 0; presses < 4; presses++) {
        await page.keyboard.press('Tab');
        const outside = await page.evaluate<boolean>(
          `document.activeElement !== document.body && !document.querySelector('dialog').contains(document.activeElement)`,
        );
        expect(outside).toBe(false);
      }
      await page.getByRole('button', { name: 'Close' }).focus(); // within the newsletter's frame Esc is the frame's
      await shut();
      await sheet.waitFor({ state: 'hidden' });
      expect(page.url()).toBe(url);
      expect(await page.getByLabel('Subjects').inputValue()).toBe('language models');
    }
    await page.context().close();
  });

  test('when the sheet is open, then it is accessible in light and dark', async () => {
    const page = await onPhone();
    await page.getByRole('button', { name: 'See today’s' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await page.context().close();
  });

  test('when no script runs, then there is no bar, and a press under each part shows what it would bring', async () => {
    const page = await onPhone(false);
    expect(await page.locator('[data-answer-bar]').isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: 'See what this brings' }).count()).toBe(4);
    await page.getByLabel('E-mail address').fill('mine@example.org');
    await page.getByLabel('Subjects').fill('language models');
    await page.getByRole('button', { name: 'See what this brings' }).nth(1).click();
    await page.locator('.volume', { hasText: /^About/ }).waitFor();
    expect(new URL(page.url()).hash).toBe('#preview');
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('mine@example.org');
    expect(await page.getByLabel('Subjects').inputValue()).toBe('language models');
    await page.context().close();
  });
});

describe('the address', () => {
  test('when it is written above, then below it is said, not asked again; written below, it stands above too', async () => {
    const page = await onPhone();
    const [above, below] = [page.getByLabel('E-mail address'), page.getByLabel('And where shall we send it?')];
    expect(await below.isVisible()).toBe(true);
    await below.fill('low@example.org');
    expect(await above.inputValue()).toBe('low@example.org');
    await above.fill('high@example.org');
    expect(await below.isVisible()).toBe(false);
    expect(await page.locator('[data-echo]').textContent()).toContain('high@example.org');
    await above.fill('');
    expect(await below.isVisible()).toBe(true);
    await page.context().close();
  });
});
