import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const ADA = 'ada@example.org';
let ctx: TestContext;
let admin: AdminServer;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T12:00:00Z');
  await ctx.db.$executeRaw`CALL empty_anew('admins, audit_log, rate_limits, deliveries')`;
  await makeSignInLink(ctx, ADA, 'cli');
});

const ask = (email: string, ip = '203.0.113.9') =>
  admin.post('/admin/sign-in', { email }, '', { 'x-forwarded-for': ip });
const mails = (kind: 'sign_in' | 'new_sign_in' = 'sign_in') =>
  ctx.db.delivery.findMany({ where: { kind }, orderBy: { id: 'asc' } });
const cookieOf = (answer: Response) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

describe('asking for a link', () => {
  it('when an admin asks and presses the button behind the link, then they are in, once', async () => {
    expect((await ask('Ada@Example.org')).status).toBe(200);
    expect(ctx.woken).toContain('deliver');
    const [path = ''] = await admin.mailedPaths(ADA);
    const page = await admin.get(path);
    expect([page.status, page.headers.get('set-cookie')]).toEqual([200, null]);
    const pressed = await admin.post(path, {});
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/admin']);
    expect((await admin.get('/admin', cookieOf(pressed))).status).toBe(200);
    const again = await admin.post(path, {});
    expect([again.status, again.headers.get('set-cookie')]).toEqual([404, null]);
  });

  it('when the mail is 15 minutes old, then its link is not good any more', async () => {
    await ask(ADA);
    const [path = ''] = await admin.mailedPaths(ADA);
    ctx.setNow('2026-01-05T12:15:00Z');
    expect([(await admin.get(path)).status, (await admin.post(path, {})).status]).toEqual([404, 404]);
  });

  it('when the address is nobody’s, then the answer is the same to the letter, takes as long, and nothing is mailed', async () => {
    const timed = async (email: string) => {
      const startedMs = performance.now();
      const answer = await ask(email);
      const headers = [...answer.headers].filter(([name]) => !['date', 'etag'].includes(name));
      const text = (await answer.text()).replaceAll(email, 'X');
      return { ms: performance.now() - startedMs, told: { status: answer.status, text, headers } };
    };
    await timed('warm@example.org');
    const [known, unknown] = [await timed('ada@example.org'), await timed('eve@example.org')];
    expect(unknown.told).toEqual(known.told);
    for (const { ms } of [known, unknown]) expect(ms).toBeGreaterThan(290);
    expect(await mails()).toHaveLength(1);
    expect(await ctx.db.admin.count()).toBe(1);
  });

  it('when somebody asks again and again for one address, then five mails an hour go there, and the answer stays', async () => {
    for (let round = 0; round < 8; round += 1) expect((await ask(ADA, `198.51.${round}.1`)).status).toBe(200);
    expect(await mails()).toHaveLength(5);
    const [first = ''] = await admin.mailedPaths(ADA);
    expect((await admin.get(first)).status).toBe(200); // a stranger's asking voids no link of theirs
  });

  it('when one network asks and asks, then it is told when to come back', async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, (_, at) => ask(`nobody${at}@example.org`)));
    const over = answers.filter(({ status }) => status === 429);
    expect(over).toHaveLength(4);
    expect(Number(over[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('when what is typed is no address, then the page says what was expected', async () => {
    const answer = await ask('ada');
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('ada@example.org');
  });

  it('when the database is looked at, then it holds no link that works', async () => {
    await ask(ADA);
    const [path = ''] = await admin.mailedPaths(ADA);
    const mac = path.split('.').at(-1) ?? '';
    const all = await database.pool.query(
      "SELECT string_agg(t::text, '') AS all FROM (SELECT d::text AS t FROM deliveries d UNION ALL SELECT l::text FROM admin_links l UNION ALL SELECT a::text FROM audit_log a) x",
    );
    expect(mac).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(all.rows)).not.toContain(mac);
  });
});

describe('who tries too often', () => {
  const guess = (ip: string) => admin.post('/admin/sign-in/guess', {}, '', { 'x-forwarded-for': ip });

  it('when six tries of a network were refused, then it waits a minute, calmly told, and no other does', async () => {
    for (let round = 0; round < 6; round += 1) expect((await guess('203.0.113.9')).status).toBe(404);
    const locked = await guess('203.0.113.77');
    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(Number(locked.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(await locked.text()).toContain('A short break');
    expect((await ask(ADA, '203.0.113.5')).status).toBe(429);
    expect((await guess('198.51.100.1')).status).toBe(404);
    const [path, from] = [await admin.linkPath(), { 'x-forwarded-for': '203.0.113.9' }];
    expect((await admin.post(path, {}, '', from)).status).toBe(429); // not even with a good link
    expect((await admin.post(path, {}, '', { 'x-forwarded-for': '198.51.100.2' })).status).toBe(303);
  });

  it('when the break is over and a try is refused again, then the next one is twice as long', async () => {
    for (let round = 0; round < 6; round += 1) await guess('203.0.113.9');
    const over = () => ctx.db.$executeRaw`UPDATE rate_limits SET expire = 1 WHERE key LIKE 'sign-in-network-lock%'`;
    const waits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      waits.push(Number((await guess('203.0.113.9')).headers.get('retry-after')));
      await over();
      expect((await guess('203.0.113.9')).status).toBe(404);
    }
    expect(waits.map((seconds) => Math.round(seconds / 60))).toEqual([1, 2, 4]);
  });

  it('when links of one admin are tried from everywhere, then no link is mailed for a while', async () => {
    const used = await admin.linkPath();
    await admin.post(used, {});
    for (let round = 0; round < 6; round += 1)
      await admin.post(used, {}, '', { 'x-forwarded-for': `198.51.${round}.1` });
    expect((await ask(ADA)).status).toBe(200);
    expect(await mails()).toHaveLength(0);
  });
});

describe('a sign-in from elsewhere', () => {
  const from = (ip: string, userAgent: string) => ({ 'x-forwarded-for': ip, 'user-agent': userAgent });
  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

  it('when browser and network are known, then nothing is mailed; when one is new, then they are told once', async () => {
    await admin.signIn(ADA, from('203.0.113.9', FIREFOX));
    await admin.signIn(ADA, from('203.0.113.80', FIREFOX));
    expect(await mails('new_sign_in')).toEqual([]);
    await admin.signIn(ADA, from('203.0.113.9', 'curl/8'));
    await admin.signIn(ADA, from('203.0.113.9', 'curl/8'));
    await admin.signIn(ADA, from('198.51.100.1', FIREFOX));
    expect((await mails('new_sign_in')).map(({ email, payload }) => ({ email, payload }))).toEqual([
      { email: ADA, payload: { browser: 'another program', network: '203.0.113.0/24' } },
      { email: ADA, payload: { browser: 'Firefox on Linux', network: '198.51.100.0/24' } },
    ]);
  });

  it('when it is somebody else’s browser, then it is new all the same', async () => {
    await admin.signIn(ADA, from('203.0.113.9', FIREFOX));
    await admin.signIn('bob@example.org', from('198.51.100.1', 'curl/8'));
    await admin.signIn(ADA, from('198.51.100.1', 'curl/8'));
    expect((await mails('new_sign_in')).map(({ email }) => email)).toEqual([ADA]);
  });
});

describe('another site', () => {
  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 303],
    [{ origin: 'http://localhost:3000' }, 303],
  ])('when a form says it stands at %j, then signing in by it answers %i', async (headers, status) => {
    const answer = await admin.post(await admin.linkPath(), {}, '', headers);
    expect(answer.status).toBe(status);
    expect(cookieOf(answer) !== '').toBe(status === 303);
  });

  it('when a browser brings a session of somebody’s making along, then signing in gives it another', async () => {
    const fixed = 'offprint_admin=chosen-by-a-stranger';
    const answer = await admin.post(await admin.linkPath(), {}, fixed);
    expect(cookieOf(answer)).toMatch(/^offprint_admin=[\w-]{43}$/);
    expect((await admin.get('/admin', fixed)).status).toBe(303);
  });
});
