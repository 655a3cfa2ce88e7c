import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { removePasskey } from '../../src/operate/passkeys/add.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { expectAccessible } from '../web/axe.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let base: string;
let browser: Browser;
let page: Page;
let cdp: CDPSession;
let authenticatorId: string;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  base = `http://localhost:${port}`;
  ctx = await testContext(database, { PUBLIC_URL: base, TRUST_PROXY: '1' });
  ctx.setNow(new Date()); // the browser's clock judges cookies
  web = await startWeb(ctx, port);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await web.close();
});
beforeEach(async () => {
  ctx.setNow(new Date());
  await ctx.db.$executeRaw`CALL empty_anew('admins, audit_log, rate_limits')`;
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  ({ authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...({ protocol: 'ctap2', transport: 'internal' } as const),
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  }));
});

const admins = (action: string) => ctx.db.auditEntry.count({ where: { action } });
const shot = async (name: string) => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${name}.png`, fullPage: true });
};

async function signedInByLink(): Promise<void> {
  await page.goto(await makeSignInLink(ctx, 'ada@example.org', 'cli'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${base}/admin`);
}

async function addPasskey(): Promise<void> {
  await page.goto(`${base}/admin/my-sign-in`);
  await page.getByLabel('Name').fill('Ada’s laptop');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('The passkey is added').waitFor();
}

async function signOut(): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

const usePasskey = () => page.getByRole('button', { name: 'Sign in with a passkey' }).click();

test('when a passkey is added, then it signs in without an address, is counted, and signs nobody in once removed', async () => {
  await signedInByLink();
  await page.goto(`${base}/admin/my-sign-in`);
  await expectAccessible(page);
  await shot('my-sign-in-none');
  await addPasskey();
  await expectAccessible(page);
  await shot('my-sign-in');
  await signOut();
  await expectAccessible(page);
  await shot('sign-in');
  await usePasskey();
  await page.waitForURL(`${base}/admin`);
  const stored = await ctx.db.adminPasskey.findFirstOrThrow();
  expect(stored).toMatchObject({ name: 'Ada’s laptop', lastUsedAt: ctx.now() });
  expect(stored.counter).toBeGreaterThan(0n);
  expect([await admins('admin.add-passkey'), await admins('admin.sign-in')]).toEqual([1, 2]);
  expect(await ctx.db.adminChallenge.count()).toBe(0); // each was taken

  await signOut();
  const { id: adminId, email } = await ctx.db.admin.findFirstOrThrow();
  expect(await removePasskey(ctx, { adminId: adminId + 1, email: 'eve@example.org' }, stored.id)).toEqual({
    outcome: 'unknown',
  });
  await removePasskey(ctx, { adminId, email }, stored.id);
  await usePasskey();
  await page.getByText('This passkey did not sign you in').waitFor();
  expect(await admins('admin.refused')).toBe(1);
});

test('when a device counts back, as a copy of it would, then it is refused', async () => {
  await signedInByLink();
  await addPasskey();
  await signOut();
  await ctx.db.adminPasskey.updateMany({ data: { counter: 1_000n } });
  await usePasskey();
  await page.getByText('This passkey did not sign you in').waitFor();
  expect(await ctx.db.adminSession.count()).toBe(0);
});

test('when an answer is sent again, too late, or from another browser, then it is refused', async () => {
  await signedInByLink();
  await addPasskey();
  await signOut();
  const answers: { body: string; cookie: string }[] = [];
  await page.route('**/admin/sign-in/passkey', async (route) => {
    const headers = await route.request().allHeaders();
    answers.push({ body: route.request().postData() ?? '', cookie: headers['cookie'] ?? '' });
    await route.fulfill({ status: 204 });
  });
  await usePasskey();
  await expect.poll(() => answers.length).toBe(1);
  const [{ body, cookie } = { body: '', cookie: '' }] = answers;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const send = async (own = cookie) => {
    const answer = await web.post('/admin/sign-in/passkey', body, { ...headers, cookie: own });
    return [answer.status, /offprint_admin=/.test(answer.headers.get('set-cookie') ?? '')];
  };
  expect(await send('')).toEqual([403, false]); // another browser
  const now = ctx.now().getTime();
  ctx.setNow(new Date(now + 5 * 60_000));
  expect(await send()).toEqual([403, false]); // too late, and taken by that
  ctx.setNow(new Date(now));
  expect(await send()).toEqual([403, false]);

  await usePasskey();
  await expect.poll(() => answers.length).toBe(2);
  const { body: again = '', cookie: itsOwn = '' } = answers[1] ?? {};
  const sendAgain = () => web.post('/admin/sign-in/passkey', again, { ...headers, cookie: itsOwn });
  expect((await sendAgain()).status).toBe(303);
  expect((await sendAgain()).status).toBe(403);
});

test('when a passkey comes for another site, or without its holder being asked, then it is refused', async () => {
  await signedInByLink();
  await page.goto(`${base}/admin/my-sign-in`);
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('No passkey was made').waitFor();
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await addPasskey();
  await signOut();
  Object.assign(ctx, { config: { ...ctx.config, PUBLIC_URL: 'http://elsewhere.example' } });
  try {
    await usePasskey(); // the browser itself refuses to sign for elsewhere
    await page.getByText('No passkey was used').waitFor();
  } finally {
    Object.assign(ctx, { config: { ...ctx.config, PUBLIC_URL: base } });
  }
});

test('when the sign-in is older than ten minutes, then adding a passkey leads to signing in again, and back', async () => {
  await signedInByLink();
  await page.goto(`${base}/admin/my-sign-in`);
  ctx.setNow(new Date(ctx.now().getTime() + 11 * 60_000));
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('heading', { name: 'Sign in again to go on' }).waitFor();
  expect(await ctx.db.adminPasskey.count()).toBe(0);
});

test('when its network is locked out while the page stands open, then the button leads to the page that says so', async () => {
  const from = { 'x-forwarded-for': '203.0.113.9' };
  await page.setExtraHTTPHeaders(from);
  await page.goto(`${base}/admin/sign-in`);
  for (let round = 0; round < 6; round += 1) await web.post('/admin/sign-in/guess', {}, from);
  await usePasskey();
  await page.getByRole('heading', { name: 'A short break' }).waitFor();
});

test('when no question can be had for a passkey, then the page says that none was used', async () => {
  await page.goto(`${base}/admin/sign-in`);
  await page.route('**/admin/sign-in/passkey/options', (route) => route.fulfill({ status: 503 }));
  await usePasskey();
  await page.getByText('No passkey was used').waitFor();
});

test('when scripts are off, then the page of sign-in still mails a link, and passkeys are not offered', async () => {
  await makeSignInLink(ctx, 'ada@example.org', 'cli');
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await plain.goto(`${base}/admin/sign-in`);
  expect(await plain.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false);
  await plain.getByLabel('Your address').fill('ada@example.org');
  await plain.getByRole('button', { name: 'Mail me a link' }).click();
  await plain.getByRole('heading', { name: 'Look at your mail' }).waitFor();
});
