import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { networkName, browserName } from '../../src/admin/visitor.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
let ctx: TestContext;
let admin: AdminServer;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T12:00:00Z');
  await ctx.db.$executeRaw`CALL empty_anew('admins, audit_log, rate_limits')`;
});

const acts = (action: string) => ctx.db.auditEntry.findMany({ where: { action }, orderBy: { id: 'asc' } });
const from = (ip: string, userAgent = FIREFOX) => ({ 'x-forwarded-for': ip, 'user-agent': userAgent });
const isIn = async (cookie: string) => (await admin.get('/admin', cookie)).status === 200;

describe('sign-in links', () => {
  it('when a newer link is made, then the older one is void, even in the same millisecond', async () => {
    const [older, others] = [await admin.linkPath(), await admin.linkPath('bob@example.org')];
    const newer = await admin.linkPath();
    expect((await admin.get(older)).status).toBe(404);
    expect((await admin.post(older, {})).headers.get('set-cookie')).toBeNull();
    expect((await admin.post(newer, {})).status).toBe(303);
    expect((await admin.post(others, {})).status).toBe(303);
  });

  it('when several are made at once, then exactly one works', async () => {
    const paths = await Promise.all([1, 2, 3, 4, 5].map(() => admin.linkPath()));
    const answers = await Promise.all(paths.map(async (path) => (await admin.get(path)).status));
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
  });

  it('when somebody signs in, then links that a former release left open are void', async () => {
    const path = await admin.linkPath();
    const { adminId } = await ctx.db.adminLink.findFirstOrThrow();
    await ctx.db.adminLink.create({
      data: { adminId, tokenHash: new Uint8Array(32), expiresAt: new Date('2026-01-05T12:14:00Z') },
    });
    await admin.post(path, {});
    expect(await ctx.db.adminLink.count({ where: { usedAt: null, expiresAt: { gt: ctx.now() } } })).toBe(0);
  });
});

describe('the audit log', () => {
  it('when an admin signs in and out, then both are written down', async () => {
    const { cookie, csrf } = await admin.signIn();
    await admin.post('/admin/sign-out', { csrf }, cookie);
    expect(await isIn(cookie)).toBe(false);
    for (const action of ['admin.sign-in', 'admin.sign-out'])
      expect(await acts(action)).toMatchObject([{ actor: 'admin:ada@example.org', at: ctx.now() }]);
  });

  it('when a sign-in is refused, then it says why, whose link and from which network, and holds no token', async () => {
    const used = await admin.linkPath();
    await admin.post(used, {}, '', from('198.51.100.7'));
    await admin.post(used, {}, '', from('203.0.113.9'));
    const expired = await admin.linkPath();
    ctx.setNow('2026-01-05T12:15:00Z');
    await admin.get(expired);
    await admin.post('/admin/sign-in/guessed-token-of-a-stranger', {}, '', from('2001:db8:1:2:3::4'));
    expect((await acts('admin.refused')).map(({ actor, detail }) => ({ actor, detail }))).toEqual([
      { actor: 'visitor', detail: { reason: 'used', admin: 'ada@example.org', network: '203.0.113.0/24' } },
      { actor: 'visitor', detail: { reason: 'expired', admin: 'ada@example.org', network: 'this machine' } },
      { actor: 'visitor', detail: { reason: 'unknown', network: '2001:db8:1:2::/64' } },
    ]);
    const written = JSON.stringify(await ctx.db.auditEntry.findMany({ omit: { id: true } }));
    for (const path of [used, expired, '/guessed-token-of-a-stranger'])
      expect(written).not.toContain(path.split('/').at(-1));
  });

  it('when bad links pour in from one network and from many, then they are refused and the log stays short', async () => {
    const flood = (n: number, ip: (i: number) => string) =>
      Promise.all(Array.from({ length: n }, (_, i) => admin.post(`/admin/sign-in/guess-${i}`, {}, '', from(ip(i)))));
    const statuses = new Set((await flood(60, () => '198.51.100.7')).map(({ status }) => status));
    expect([...statuses]).toEqual([404, 429]);
    expect(await acts('admin.refused')).toHaveLength(5);
    await flood(60, (i) => `10.0.${i}.1`);
    expect(await acts('admin.refused')).toHaveLength(30);
    const { cookie } = await admin.signIn();
    expect(await isIn(cookie)).toBe(true);
  });
});

describe('the page of sessions', () => {
  it("when it is opened, then it shows one's own and others', in words, and nothing that opens one", async () => {
    await admin.signIn('bob@example.org', from('198.51.100.7', 'curl/8.5.0 <script>'));
    const { cookie } = await admin.signIn('ada@example.org', from('203.0.113.9'));
    ctx.setNow('2026-01-05T12:03:00Z');
    const page = await (await admin.get('/admin/sessions', cookie)).text();
    for (const part of ['Firefox on Linux', '203.0.113.0/24', 'bob@example.org', '198.51.100.0/24', 'this one'])
      expect(page).toContain(part);
    expect(page).toContain('datetime="2026-01-05T12:00:00.000Z"');
    expect(page).toContain('datetime="2026-01-05T12:03:00.000Z"'); // last used
    expect(page).not.toContain('<script>');
    expect(page).not.toContain(cookie.split('=')[1]);
  });

  it('when a session is ended, then it is over at once, the others live on, and the audit says who ended whose', async () => {
    const bob = await admin.signIn('bob@example.org');
    const phone = await admin.signIn();
    const { cookie, csrf } = await admin.signIn();
    const { id } = await ctx.db.adminSession.findFirstOrThrow({ where: { admin: { email: 'bob@example.org' } } });
    expect((await admin.post('/admin/sessions', { end: String(id), csrf: 'guessed' }, cookie)).status).toBe(403);
    expect(await isIn(bob.cookie)).toBe(true);
    await admin.post('/admin/sessions', { end: String(id), csrf }, cookie);
    expect(await Promise.all([bob, phone, { cookie }].map((one) => isIn(one.cookie)))).toEqual([false, true, true]);
    expect(await acts('admin.end-sessions')).toMatchObject([
      { actor: 'admin:ada@example.org', detail: { admin: 'bob@example.org', sessions: 1 } },
    ]);
  });

  it.each([
    ['mine', [true, false, true]],
    ['all', [false, false, true]],
    ['999', [true, true, true]],
    ['99999999999', [true, true, true]],
    ['constructor', [true, true, true]],
  ])('when «%s» is to be ended, then the one in use is kept', async (end, expected) => {
    const bob = await admin.signIn('bob@example.org');
    const phone = await admin.signIn();
    const { cookie, csrf } = await admin.signIn();
    const answer = await admin.post('/admin/sessions', { end, csrf }, cookie);
    expect(answer.status).toBe(303);
    expect(await Promise.all([bob, phone, { cookie }].map((one) => isIn(one.cookie)))).toEqual(expected);
  });
});

describe('cookies', () => {
  it('when the service is reached over https, then they are __Host-, and the old name signs nobody in', async () => {
    for (const url of ['https://papers.example.org', 'HTTPS://papers.example.org/']) {
      const overTls = await adminServer(await testContext(database, { PUBLIC_URL: url }));
      const pressed = await overTls.post(await overTls.linkPath(), {});
      const set = pressed.headers.get('set-cookie') ?? '';
      expect(set).toMatch(
        /^__Host-offprint_admin=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
      );
      const [cookie = ''] = set.split(';');
      const page = await overTls.get('/admin', cookie);
      expect(page.status).toBe(200);
      expect((await overTls.get('/admin', cookie.replace('__Host-', ''))).status).toBe(303);
      const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
      const out = (await overTls.post('/admin/sign-out', { csrf }, cookie)).headers.get('set-cookie') ?? '';
      expect(out).toMatch(
        /^__Host-offprint_admin=; Path=\/; Expires=Thu, 01 Jan 1970[^;]+; HttpOnly; Secure; SameSite=Strict$/,
      );
      await overTls.close();
    }
  });

  it('when it is reached over http, then the name is plain', async () => {
    const set = (await admin.post(await admin.linkPath(), {})).headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^offprint_admin=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  });
});

describe('who a visitor is, in words', () => {
  it.each([
    [FIREFOX, 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      'Chrome on Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
      'Safari on macOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['Something for Linux', 'a program on Linux'],
    ['curl/8.5.0', 'another program'],
    ['', 'another program'],
  ])('when it says «%s», then it is %s', (userAgent, name) => expect(browserName(userAgent)).toBe(name));

  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:0:1::77', '2001:db8:0:1::/64'],
    ['127.0.0.1', 'this machine'],
    ['::ffff:127.0.0.1', 'this machine'],
    ['::1', 'this machine'],
  ])('when it comes from %s, then from %s', (ip, name) => expect(networkName(ip)).toBe(name));
});
