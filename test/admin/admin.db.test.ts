import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { links } from '../../src/links/links.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { makeDigest } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
let ctx: TestContext;
let server: Server;
let base: string;

beforeAll(async () => {
  ctx = await testContext(database);
  server = createHttpApp(ctx).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T12:00:00Z');
  await ctx.db.$executeRaw`CALL empty_anew('subscribers, admins, audit_log, captures, papers, suppressions')`;
});

const get = (path: string, cookie = '') => fetch(base + path, { redirect: 'manual', headers: { cookie } });
const post = (path: string, fields: Record<string, string>, cookie = '') =>
  fetch(base + path, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams(fields) });

async function linkPath(): Promise<string> {
  return new URL(await makeSignInLink(ctx, 'ada@example.org', 'cli')).pathname;
}

async function signIn(): Promise<{ cookie: string; csrf: string }> {
  const answer = await post(await linkPath(), {});
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const page = await (await get('/admin', cookie)).text();
  return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '' };
}

describe('signing in', () => {
  it('when the link is only opened, then nothing happens; the button signs in, once', async () => {
    const path = await linkPath();
    const page = await get(path);
    expect([page.status, page.headers.get('set-cookie')]).toEqual([200, null]);
    expect(await page.text()).toContain('ada@example.org');
    const pressed = await post(path, {});
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/admin']);
    expect(pressed.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await post(path, {})).status).toBe(404);
  });

  it('when the link is older than 15 minutes, then it does not work', async () => {
    const path = await linkPath();
    ctx.setNow('2026-01-05T12:15:00Z');
    expect((await get(path)).status).toBe(404);
    expect((await post(path, {})).headers.get('set-cookie')).toBeNull();
  });

  it('when nobody is signed in, then every room leads to signing in and no form acts', async () => {
    const reader = await makeReader(ctx.db, ctx.now());
    for (const room of [
      '',
      '/subscribers',
      `/subscribers/${reader.publicId}`,
      '/digests',
      '/editions',
      '/deliveries',
      '/suppressions',
      '/topics',
      '/sessions',
      '/audit',
    ]) {
      const answer = await get(`/admin${room}`);
      expect([room, answer.status, answer.headers.get('location')]).toEqual([room, 303, '/admin/sign-in']);
    }
    await post(`/admin/subscribers/${reader.publicId}`, { action: 'erase' });
    expect(await ctx.db.subscriber.count()).toBe(1);
  });

  it('when a session is signed out or older than 12 hours, then it is over', async () => {
    const { cookie, csrf } = await signIn();
    expect((await get('/admin', cookie)).status).toBe(200);
    ctx.setNow('2026-01-06T00:00:01Z');
    expect((await get('/admin', cookie)).status).toBe(303);
    ctx.setNow('2026-01-05T12:00:01Z');
    await post('/admin/sign-out', { csrf }, cookie);
    expect((await get('/admin', cookie)).status).toBe(303);
  });

  it('when the database is looked at, then it holds no token that works', async () => {
    const { cookie } = await signIn();
    const stored = await ctx.db.adminSession.findFirstOrThrow();
    expect(Buffer.from(stored.tokenHash).toString('base64url')).not.toBe(cookie.split('=')[1]);
  });
});

describe('the rooms', () => {
  it('when the admin looks around, then every room answers', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['<b>Bold</b>'], ctx.now());
    const reader = await makeReader(ctx.db, ctx.now(), { wishes: ['graphs', '-cats'] });
    const { cookie } = await signIn();
    for (const room of [
      '',
      '/subscribers',
      `/subscribers/${reader.publicId}`,
      '/digests',
      '/editions',
      '/deliveries',
      '/suppressions',
      '/topics',
      '/sessions',
      '/audit',
    ]) {
      const answer = await get(`/admin${room}`, cookie);
      expect([room, answer.status]).toEqual([room, 200]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect((await get('/admin/subscribers/nobody', cookie)).status).toBe(404);
  });

  it('when a file was no digest, then the admin sees which and why, as text', async () => {
    await ctx.db.capture.create({
      data: {
        ...{ source: 'own', name: 'holiday.txt', sha256: 'x', bytes: new Uint8Array(1), state: 'rejected' },
        ...{ problem: 'expected «Daily Papers», found <script>', receivedAt: ctx.now() },
      },
    });
    const { cookie } = await signIn();
    const page = await (await get('/admin/digests', cookie)).text();
    expect(page).toContain('holiday.txt');
    expect(page).toContain('found &lt;script&gt;');
  });

  it("when a form comes without the session's own token, then it does nothing", async () => {
    const reader = await makeReader(ctx.db, ctx.now());
    const { cookie } = await signIn();
    const answer = await post(
      `/admin/subscribers/${reader.publicId}`,
      { action: 'unsubscribe', csrf: 'guessed' },
      cookie,
    );
    expect(answer.status).toBe(403);
    expect((await ctx.db.subscriber.findFirstOrThrow()).status).toBe('confirmed');
  });

  it('when the admin unsubscribes a reader, then the audit names the admin and the reader is out', async () => {
    const reader = await makeReader(ctx.db, ctx.now());
    const { cookie, csrf } = await signIn();
    await post(`/admin/subscribers/${reader.publicId}`, { action: 'unsubscribe', csrf }, cookie);
    expect((await ctx.db.subscriber.findFirstOrThrow()).status).toBe('unsubscribed');
    const act = await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'unsubscribe' } });
    expect(act).toMatchObject({ actor: 'admin:ada@example.org', subject: reader.publicId });
  });

  it("when the admin opens a reader's own link from the list and presses, then the audit names the admin too", async () => {
    const reader = await makeReader(ctx.db, ctx.now());
    const { cookie } = await signIn();
    const list = await (await get('/admin/subscribers', cookie)).text();
    const path = /href="(\/unsubscribe\/[^"]+)"/.exec(list)?.[1] ?? '';
    expect(path).toBe(links.unsubscribe('', ctx.keys.link[0]!, reader.publicId, reader.generation));
    expect((await get(path, cookie)).status).toBe(200);
    expect((await ctx.db.subscriber.findFirstOrThrow()).status).toBe('confirmed');
    await post(path, { action: 'unsubscribe' }, cookie);
    const act = await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'unsubscribe' } });
    expect(act).toMatchObject({ actor: 'admin:ada@example.org', subject: reader.publicId });
  });

  it('when the admin presses «run now», then the job is woken', async () => {
    const { cookie, csrf } = await signIn();
    await post('/admin/run', { csrf, job: 'ingest' }, cookie);
    expect(ctx.woken).toContain('ingest');
  });

  it('when a held digest is released, then its papers arrive', async () => {
    const [paper] = await makeDigest(ctx.db, '2026-01-05', ['Held'], ctx.now());
    await ctx.db.digest.updateMany({ data: { state: 'held' } });
    await ctx.db.paper.updateMany({ data: { arrivedAt: null } });
    const digest = await ctx.db.digest.findFirstOrThrow();
    const { cookie, csrf } = await signIn();
    await post(`/admin/digests/${digest.id}`, { csrf, action: 'release' }, cookie);
    expect((await ctx.db.digest.findFirstOrThrow()).state).toBe('released');
    expect((await ctx.db.paper.findUniqueOrThrow({ where: { id: paper?.paperId ?? 0 } })).arrivedAt).toEqual(ctx.now());
  });

  it('when an address holds markup, then it is shown as text', async () => {
    const { cookie } = await signIn();
    const page = await (await get('/admin/subscribers?q=%3Cscript%3Ealert(1)%3C/script%3E', cookie)).text();
    expect(page).not.toContain('<script>alert');
  });
});
