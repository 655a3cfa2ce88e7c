import type { Router } from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { adminRights, createAdminPages, openRoutes } from '../../src/admin/app.ts';
import { changeRole } from '../../src/operate/change-role.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { removeAdmin } from '../../src/operate/remove-admin.ts';
import type { Role } from '../../src/model/role.ts';
import { makeReader } from '../world/readers.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

/** A layer of an Express router, as far as it tells where its routes lie. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T12:00:00Z');
  await ctx.db.$executeRaw`CALL empty_anew('subscribers, admins, audit_log, suppressions')`;
});

/** Signs in the only admin but for an owner, with a role. */
async function signInAs(role: Role, email = `${role}@example.org`) {
  await makeSignInLink(ctx, 'first@example.org', 'cli');
  return admin.signIn(email, {}, role);
}

function routesIn(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => [
    ...(route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : []),
    ...routesIn(handle.stack ?? []),
  ]);
}

describe('the rights of the admin pages', () => {
  test('when the mounted routes are walked, then each says what it asks, and nothing is said of one that is not there', () => {
    const router: Router = createAdminPages(ctx);
    const mounted = new Set(routesIn(router.stack as unknown as Layer[]));
    const said = new Set([...adminRights.keys(), ...openRoutes]);
    mounted.delete('POST /digests/files'); // mounted once more, to read the file
    said.delete('POST /digests/files');
    expect([...mounted].sort()).toEqual([...said].sort());
    expect(mounted.size).toBeGreaterThan(15);
  });

  it('when somebody only looks, then every page is open to them and no form acts', async () => {
    const reader = await makeReader(ctx.db, ctx.now(), { email: 'reader@example.org' });
    const { cookie, csrf } = await signInAs('viewer');
    for (const page of ['', '/subscribers', `/subscribers/${reader.publicId}`, '/deliveries', '/sessions', '/audit'])
      expect([page, (await admin.get(`/admin${page}`, cookie)).status]).toEqual([page, 200]);
    for (const action of ['unsubscribe', 'suppress', 'erase']) {
      const answer = await admin.post(`/admin/subscribers/${reader.publicId}`, { action, csrf }, cookie);
      expect([action, answer.status]).toEqual([action, 403]);
      expect(await answer.text()).toContain('takes the role editor');
    }
    expect(await ctx.db.subscriber.findFirst()).toMatchObject({ status: 'confirmed' });
    expect(await ctx.db.suppression.count()).toBe(0);
  });

  it('when somebody only looks, then they see no address, no link that acts for a reader, and get no file', async () => {
    const reader = await makeReader(ctx.db, ctx.now(), { email: 'reader@example.org' });
    const viewer = await signInAs('viewer');
    const editor = await signInAs('editor');
    for (const page of ['/subscribers', `/subscribers/${reader.publicId}`]) {
      const seen = await (await admin.get(`/admin${page}`, viewer.cookie)).text();
      expect(seen).toContain('r…@example.org');
      expect(seen).not.toMatch(/reader@example|\/unsubscribe\/|\/preferences\//);
      expect(await (await admin.get(`/admin${page}`, editor.cookie)).text()).toContain('reader@example.org');
    }
    const spelled = await (await admin.get('/admin/subscribers?q=read', viewer.cookie)).text();
    const guessed = await (await admin.get('/admin/subscribers?q=nobody', viewer.cookie)).text();
    expect(spelled.includes(reader.publicId)).toBe(guessed.includes(reader.publicId));
    expect((await admin.get('/admin/deliveries?format=csv', viewer.cookie)).status).toBe(403);
    expect((await admin.get('/admin/deliveries?format=csv', editor.cookie)).status).toBe(200);
  });

  it('when a role is lowered, then it holds from the next request of an open session on', async () => {
    const reader = await makeReader(ctx.db, ctx.now());
    const { cookie, csrf } = await signInAs('editor');
    await changeRole(ctx, { email: 'editor@example.org', role: 'viewer' }, 'cli');
    const answer = await admin.post(`/admin/subscribers/${reader.publicId}`, { action: 'suppress', csrf }, cookie);
    expect(answer.status).toBe(403);
  });

  it('when a session of somebody else is to be ended by who is no owner, then nothing happens and none is shown', async () => {
    const owner = await signInAs('owner');
    const editor = await signInAs('editor');
    const { id } = await ctx.db.adminSession.findFirstOrThrow({ where: { admin: { email: 'owner@example.org' } } });
    for (const end of [String(id), 'all', 'mine'])
      await admin.post('/admin/sessions', { end, csrf: editor.csrf }, editor.cookie);
    expect((await admin.get('/admin', owner.cookie)).status).toBe(200);
    expect(await (await admin.get('/admin/sessions', editor.cookie)).text()).not.toContain('owner@example.org');
  });
});

describe('a fresh sign-in', () => {
  const erase = (publicId: string, { cookie, csrf }: { cookie: string; csrf: string }, from = '', typed = '') => {
    const fields = { action: 'erase', sure: 'yes', typed, csrf };
    return admin.post(`/admin/subscribers/${publicId}`, fields, cookie, from ? { referer: from } : {});
  };

  it('when a sign-in is ten minutes old, then erasing leads to signing in again, and back to the page', async () => {
    const { publicId } = await makeReader(ctx.db, ctx.now());
    const old = await signInAs('editor');
    ctx.setNow('2026-01-05T12:10:00Z');
    const page = `/admin/subscribers/${publicId}`;
    const sent = await erase(publicId, old, `http://localhost:3000${page}`);
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/admin/sign-in-again']);
    expect(await ctx.db.subscriber.count()).toBe(1);
    expect((await admin.get('/admin/sign-in-again', old.cookie)).status).toBe(200);

    const kept = (sent.headers.get('set-cookie') ?? '').split(';')[0];
    const back = await admin.post(await admin.linkPath('editor@example.org', 'editor'), {}, `${old.cookie}; ${kept}`);
    expect(back.headers.get('location')).toBe(page);
    expect((await admin.get('/admin', old.cookie)).status).toBe(303); // the new session took its place
  });

  it.each([
    ['/admin/tokens/revoke', { name: 'crm' }, '/admin/tokens'],
    ['/admin/subscribers/many?domain=example.org', { action: 'unsubscribe' }, '/admin/subscribers?domain=example.org'],
  ])(
    'when the question of %s is answered too late, then the way leads back to where it was asked',
    async (path, given, page) => {
      await makeReader(ctx.db, ctx.now(), { email: 'reader@example.org' });
      const { cookie, csrf } = await signInAs('owner');
      const body = new URLSearchParams({ ...given, csrf });
      const asked = await fetch(admin.base + path, { method: 'POST', body, redirect: 'manual', headers: { cookie } });
      expect(asked.headers.get('location')).toContain('ask=');
      ctx.setNow('2026-01-05T12:10:00Z');
      const referer = `http://localhost:3000${asked.headers.get('location')}`;
      const sent = await admin.post(path, { ...given, csrf, sure: 'yes' }, cookie, { referer });
      expect(sent.headers.get('location')).toBe('/admin/sign-in-again');
      expect(sent.headers.get('set-cookie')).toContain(`offprint_go_on=${encodeURIComponent(page)};`);
      expect((await admin.get(page, cookie)).status).toBe(200);
    },
  );

  it('when a value was refused at the address of its setting, then that leads to the settings', async () => {
    const { cookie } = await signInAs('owner');
    const answer = await admin.get('/admin/settings/MAX_PAPERS', cookie);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/settings#MAX_PAPERS']);
  });

  it('when a sign-in is younger, then erasing erases', async () => {
    const { publicId, email } = await makeReader(ctx.db, ctx.now());
    const young = await signInAs('editor');
    ctx.setNow('2026-01-05T12:09:59Z');
    await erase(publicId, young, '', email);
    expect(await ctx.db.subscriber.count()).toBe(0);
  });

  it.each([
    'https://evil.example/admin',
    '//evil.example/admin',
    '/\\evil.example',
    '/admin\\@evil.example',
    '/adminevil',
    'javascript:alert(1)',
    '/admin/x\r\nSet-Cookie: a=b',
    '',
  ])('when the page to go on with is «%s», then the way leads to the first of ours', async (page) => {
    const path = await admin.linkPath();
    const answer = await admin.post(path, {}, `offprint_go_on=${encodeURIComponent(page)}`);
    expect(answer.headers.get('location')).toBe('/admin');
  });

  it('when the form stood on another site, then the way back leads to none of its pages', async () => {
    const { publicId } = await makeReader(ctx.db, ctx.now());
    const old = await signInAs('editor');
    ctx.setNow('2026-01-05T12:10:00Z');
    const sent = await erase(publicId, old, 'https://evil.example/admin/x');
    expect(sent.headers.get('set-cookie')).toContain('offprint_go_on=%2Fadmin;');
  });
});

describe('the last owner', () => {
  const owner = (email: string) => makeSignInLink(ctx, email, 'cli', 'owner');
  const owners = () => ctx.db.admin.count({ where: { role: 'owner' } });

  it('when there is one owner, then they can neither go nor be lowered; with two, one can', async () => {
    await owner('ada@example.org');
    await makeSignInLink(ctx, 'eve@example.org', 'cli');
    expect(await ctx.db.admin.findMany({ select: { role: true }, orderBy: { id: 'asc' } })).toEqual([
      { role: 'owner' },
      { role: 'editor' },
    ]);
    const lower = () => changeRole(ctx, { email: 'ada@example.org', role: 'viewer' }, 'cli');
    expect([await removeAdmin(ctx, 'ada@example.org', 'cli'), await lower()]).toEqual([
      { outcome: 'last-owner' },
      { outcome: 'last-owner' },
    ]);
    await expect(makeSignInLink(ctx, 'ada@example.org', 'cli', 'editor')).rejects.toThrow(/last owner/);
    await owner('bob@example.org');
    expect(await lower()).toEqual({ outcome: 'changed' });
    expect(await owners()).toBe(1);
  });

  it.each(['both go', 'one goes and one is lowered', 'both are lowered'])(
    'when of two owners at once %s, then one stays',
    async (what) => {
      for (let round = 0; round < 5; round += 1) {
        await ctx.db.admin.deleteMany();
        await Promise.all([owner('ada@example.org'), owner('bob@example.org')]);
        const go = (email: string) => removeAdmin(ctx, email, 'cli');
        const lower = (email: string) => changeRole(ctx, { email, role: 'viewer' }, 'cli');
        const [first, second] = what === 'both go' ? [go, go] : what.startsWith('one') ? [go, lower] : [lower, lower];
        const told = await Promise.all([first('ada@example.org'), second('bob@example.org')]);
        expect(told.filter(({ outcome }) => outcome === 'last-owner')).toHaveLength(1);
        expect(await owners()).toBe(1);
      }
    },
  );
});
