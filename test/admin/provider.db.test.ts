import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAdmins } from '../../src/db/operator/admins.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const BACK = 'http://localhost:3000/admin/sign-in/provider/back';
let ctx: TestContext;
let admin: AdminServer;
let provider: Server;
let issuer: string;
/** What the provider says of whoever signs in there. */
let person: { email?: string; email_verified?: boolean };

beforeAll(async () => {
  provider = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const oidc = new Provider(issuer, {
    clients: [{ client_id: 'offprint', client_secret: 'a-secret-of-the-tests', redirect_uris: [BACK] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['a key of the tests'] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => Promise.resolve({ sub, ...person }) }),
  });
  const answer = oidc.callback();
  provider.on('request', (req, res) => void answer(req, res));
  ctx = await testContext(database, {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'offprint',
    OIDC_CLIENT_SECRET: 'a-secret-of-the-tests',
  });
  ctx.setNow(new Date()); // the provider asks the real clock
  admin = await adminServer(ctx);
});
afterAll(async () => {
  await admin.close();
  provider.closeAllConnections();
  provider.close();
});
beforeEach(async () => {
  await ctx.db.$executeRaw`CALL empty_anew('admins, audit_log, rate_limits')`;
  await makeSignInLink(ctx, 'ada@example.org', 'cli');
  person = { email: 'Ada@Example.org', email_verified: true };
});

const cookiesIn = (answer: Response) => answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
const unescaped = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');

/** Presses the button; returns where it leads, and the cookie that waits. */
async function start(): Promise<{ url: URL; cookie: string }> {
  const answer = await admin.post('/admin/sign-in/provider', {});
  expect(answer.status).toBe(200);
  const link = /href="(http:\/\/127[^"]+)"/.exec(await answer.text())?.[1] ?? '';
  expect(answer.headers.get('set-cookie')).toMatch(/^offprint_asked=.*HttpOnly; SameSite=Lax$/);
  return { url: new URL(unescaped(link)), cookie: cookiesIn(answer)[0] ?? '' };
}

/** Signs in at the provider as its own pages ask; returns the address that it leads back to. */
async function throughProvider(from: URL): Promise<URL> {
  const jar = new Map<string, string>();
  let next = from;
  let init: RequestInit = {};
  for (let step = 0; step < 12; step += 1) {
    if (next.href.startsWith(BACK)) return next;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(next, { redirect: 'manual', ...init, headers: { cookie } });
    for (const pair of cookiesIn(answer)) jar.set(pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1));
    init = {};
    const location = answer.headers.get('location');
    if (location) {
      next = new URL(location, next);
      continue;
    }
    const page = await answer.text();
    const action = /action="([^"]+)"/.exec(page)?.[1];
    if (!action) throw new Error(`the provider says ${answer.status}: ${page.slice(0, 300)}`);
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login';
    next = new URL(unescaped(action), next);
    init = { method: 'POST', body: new URLSearchParams({ prompt, login: 'somebody', password: 'x' }) };
  }
  throw new Error('the provider leads nowhere');
}

async function signIn(change: (url: URL) => void = () => {}) {
  const { url, cookie } = await start();
  const back = await throughProvider(url);
  change(back);
  const path = back.pathname + back.search;
  const answer = await admin.get(path, cookie);
  return { answer, path, cookie, session: cookiesIn(answer).find((one) => one.startsWith('offprint_admin=')) };
}

describe('signing in by an identity provider', () => {
  it('when it vouches for an address that is an admin’s, then they are in, and go on over a page of ours', async () => {
    const { answer, session, path, cookie } = await signIn();
    expect([answer.status, answer.headers.get('refresh')]).toEqual([200, '0;url=/admin']);
    expect((await admin.get('/admin', session)).status).toBe(200);
    expect(await ctx.db.auditEntry.count({ where: { actor: 'admin:ada@example.org', action: 'admin.sign-in' } })).toBe(
      1,
    );
    expect(await listAdmins(ctx.db, ctx.now())).toMatchObject([{ lastSignedInAt: ctx.now(), sessions: 1 }]);
    expect((await admin.get(path, cookie)).status).toBe(403); // a second time
  });

  it('when the way is asked for, then it has PKCE, state and nonce, each new', async () => {
    const [first, second] = [await start(), await start()];
    for (const name of ['code_challenge', 'state', 'nonce']) {
      expect(first.url.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first.url.searchParams.get(name)).not.toBe(second.url.searchParams.get(name));
    }
    expect(first.url.searchParams.get('code_challenge_method')).toBe('S256');
  });

  it.each([
    ['is not verified', { email: 'ada@example.org', email_verified: false }, 'does not vouch'],
    ['is said without a word on that', { email: 'ada@example.org' }, 'does not vouch'],
    ['is missing', {}, 'does not vouch'],
    ['is nobody’s here', { email: 'eve@example.org', email_verified: true }, 'no admin'],
  ])('when the address %s, then nobody gets in', async (_what, said, told) => {
    person = said;
    const { answer, session } = await signIn();
    expect([answer.status, session]).toEqual([403, undefined]);
    expect(await answer.text()).toContain(told);
    expect(await ctx.db.admin.count()).toBe(1);
  });

  it('when the state is another, or the answer comes in another browser, then nobody gets in', async () => {
    const forged = await signIn((back) => back.searchParams.set('state', 'forged'));
    expect([forged.answer.status, forged.session]).toEqual([403, undefined]);
    const { url } = await start();
    const back = await throughProvider(url);
    const elsewhere = await start(); // the browser of somebody who was sent the link
    for (const cookie of ['', elsewhere.cookie]) {
      const answer = await admin.get(back.pathname + back.search, cookie);
      expect([answer.status, cookiesIn(answer).some((one) => one.startsWith('offprint_admin='))]).toEqual([403, false]);
    }
  });

  it('when no provider is set, then there is no button and no such page', async () => {
    const without = await adminServer(await testContext(database));
    expect(await (await without.get('/admin/sign-in')).text()).not.toContain('/admin/sign-in/provider');
    expect((await without.post('/admin/sign-in/provider', {})).status).not.toBe(200);
    await without.close();
  });

  it('when the provider is away, then the page says so and offers the mail', async () => {
    const away = { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'offprint', OIDC_CLIENT_SECRET: 'x' };
    const without = await adminServer(await testContext(database, away));
    const answer = await without.post('/admin/sign-in/provider', {});
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('does not answer');
    await without.close();
  });
});
