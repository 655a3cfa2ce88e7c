import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inviteAdmin } from '../../src/operate/invite-admin.ts';
import { offerFirstSignIn } from '../../src/operate/first-owner.ts';
import { addDays } from '../../src/lib/time.ts';
import { links } from '../../src/links/links.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { often } from '../support/thorough.ts';
import { expectAccessible, expectReachable } from '../web/axe.ts';
import { fillAdmin } from '../world/busy-admin.ts';
import { adminServer, type AdminServer } from './admin-server.ts';
import { getRoutes, pathOf } from './every-path.ts';

const database = testDatabase();
/** Routes that are no page of the admin's: a piece of one, a stream, a mail as it reads, and files. */
const NO_PAGE = [
  '/now',
  '/events',
  '/editions/:key/read/:id',
  '/subscribers/:publicId/data.json',
  '/errands/:id/report.csv',
  '/feedback/:id/report.eml',
  '/replies/:id/letter.eml',
];
const ROUTES = getRoutes(NO_PAGE);
/** Pages that look the same whatever has happened. */
const THE_SAME = ['/sign-in-again', '/settings', '/my-sign-in', '/more', '/sessions', '/admins'];
const LONG_MS = 240_000;

let ctx: TestContext;
let admin: AdminServer;
let browser: Browser;
let inside: Page;
let outside: Page;

beforeAll(async () => {
  ctx = await testContext(database, {
    OIDC_ISSUER: 'https://login.example.org',
    OIDC_CLIENT_ID: 'offprint',
    OIDC_CLIENT_SECRET: 's',
  });
  ctx.setNow(new Date()); // the browser's clock judges cookies
  admin = await adminServer(ctx);
  browser = await launchBrowser();
  [inside, outside] = await Promise.all([newPage(), newPage()]);
}, LONG_MS);
afterAll(async () => {
  await browser.close();
  await admin.close();
});

async function newPage(): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 320, height: 900 } })).newPage();
  return page;
}

/** Opens a page and looks at it; its first heading must say something. */
async function look(page: Page, path: string, status = 200): Promise<void> {
  const answer = await page.goto(admin.base + path);
  expect([path, answer?.status()]).toEqual([path, status]);
  expect((await page.locator('h1').first().textContent())?.trim(), path).not.toBe('');
  await expectAccessible(page);
  await expectReachable(page);
}

test(
  'when nobody is an admin yet, and when somebody signs in, then each page on the way is accessible on a phone',
  async () => {
    await look(outside, (await offerFirstSignIn(ctx)) ?? '');
    await look(outside, '/admin/sign-in');
    await look(outside, '/admin/sign-in/nonsense', 404);
    await look(outside, '/api/docs');
    await inside.goto(admin.base + (await admin.linkPath()));
    await expectAccessible(inside);
    await inside.getByRole('button', { name: 'Sign in' }).click();
    await inside.getByRole('heading', { name: 'Today' }).waitFor();
    await inviteAdmin(ctx, { email: 'eve@example.org', role: 'viewer', language: 'en' }, 'admin:ada@example.org');
    const { payload } = await ctx.db.delivery.findFirstOrThrow({ where: { kind: 'invitation' } });
    await look(outside, links.invitation('', ctx.keys.link[0]!, (payload as { link: string }).link, 0));
  },
  LONG_MS,
);

test(
  'when nothing has happened yet, then every page of the menu is accessible on a phone',
  async () => {
    const pages = ROUTES.filter((path) => !path.includes(':') && !THE_SAME.includes(path));
    for (const route of pages.filter((_, nth) => nth % often(1, 6) === 0)) await look(inside, pathOf(route, {}));
  },
  LONG_MS,
);

test(
  'when there is something to show, then every page is accessible on a phone',
  async () => {
    const places = await fillAdmin(ctx);
    const isToCome = (route: string) => route.endsWith('/dry-run');
    const toCome = { ...places, editions: `daily:${addDays(ctx.now().toISOString().slice(0, 10), 1)}` };
    for (const route of ROUTES) await look(inside, pathOf(route, isToCome(route) ? toCome : places));
    const { email = '', editions = '' } = places;
    await look(inside, `/admin/why?${new URLSearchParams({ email, edition: editions })}`);
    await look(inside, '/admin/search?q=robots');
  },
  LONG_MS,
);

test(
  'when the words are German, then no page is wider than a phone',
  async () => {
    await inside.setExtraHTTPHeaders({ 'accept-language': 'de' });
    const wide: string[] = [];
    for (const route of ROUTES.filter((path) => !path.includes(':'))) {
      await inside.goto(admin.base + pathOf(route, {}));
      const beyond = await inside.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (beyond > 0) wide.push(`${route}: ${beyond}`);
    }
    await inside.setExtraHTTPHeaders({ 'accept-language': 'en' });
    expect(wide).toEqual([]);
  },
  LONG_MS,
);

test(
  'when something is asked first, and when somebody may not, then that page is accessible too',
  async () => {
    await inside.goto(`${admin.base}/admin/tokens`);
    await inside.getByRole('button', { name: 'End crm' }).click();
    await inside.getByRole('heading', { name: 'End the token crm?' }).waitFor();
    await expectAccessible(inside);
    await ctx.db.admin.updateMany({ data: { role: 'viewer' } });
    await look(inside, '/admin/tokens', 403);
  },
  LONG_MS,
);

test(
  'when Tab is pressed on the first page, then it leads from the search over the menu to what is to do',
  async () => {
    await inside.goto(`${admin.base}/admin`);
    const stops: string[] = [];
    for (let n = 0; n < 12; n++) {
      await inside.keyboard.press('Tab');
      stops.push(
        await inside.evaluate<string>('document.activeElement.textContent.trim() || document.activeElement.id'),
      );
    }
    const wanted = ['find', 'Today', 'Readers', 'Editions', 'Sources', 'More'];
    expect(stops.filter((stop) => wanted.includes(stop))).toEqual(wanted);
  },
  LONG_MS,
);
