import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { links } from '../../src/links/links.ts';
import { ensureAdmin } from '../../src/db/operator/admins.ts';
import { changeRole } from '../../src/operate/change-role.ts';
import { inviteAdmin } from '../../src/operate/invite-admin.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { removeAdmin } from '../../src/operate/remove-admin.ts';
import { offerFirstSignIn } from '../../src/operate/first-owner.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import type { Role } from '../../src/model/role.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const EVE = 'eve@example.org';
let ctx: TestContext;
let admin: AdminServer;
let ada: { cookie: string; csrf: string };

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  ctx.setNow('2026-01-05T12:00:00Z');
  await ctx.db.$executeRaw`CALL empty_anew('admins, admin_invitations, audit_log, deliveries, rate_limits')`;
  ada = await admin.signIn();
});

const act = async (fields: Record<string, string>, by = ada) => {
  const answer = await admin.post('/admin/admins', { ...fields, csrf: by.csrf }, by.cookie);
  return new URL(answer.headers.get('location') ?? '/', 'http://x').searchParams.get('message') ?? answer;
};
const invite = (email: string, role: Role) => act({ action: 'invite', email, role });
const roleOf = async (email: string) => (await ctx.db.admin.findUnique({ where: { email } }))?.role ?? null;

const newestRoleAct = async () =>
  (await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'admin.role' }, orderBy: { id: 'desc' } })).id;

/** The paths of the invitations mailed to an address, in order. */
async function invitedPaths(email: string): Promise<string[]> {
  const mails = await ctx.db.delivery.findMany({ where: { email, kind: 'invitation' }, orderBy: { id: 'asc' } });
  return mails.map(({ payload }) => links.invitation('', ctx.keys.link[0]!, (payload as { link: string }).link, 0));
}

describe('an invitation', () => {
  it('when it is taken, then whoever was invited is in with that role, once', async () => {
    expect(await invite('Eve@Example.org', 'viewer')).toContain('on its way to eve@example.org');
    expect(await roleOf(EVE)).toBeNull();
    const [path = ''] = await invitedPaths(EVE);
    const page = await admin.get(path);
    expect([page.status, page.headers.get('set-cookie')]).toEqual([200, null]);
    const taken = await admin.post(path, {});
    const cookie = (taken.headers.get('set-cookie') ?? '').split(';')[0];
    expect((await admin.get('/admin', cookie)).status).toBe(200);
    expect(await ctx.db.admin.findUnique({ where: { email: EVE } })).toMatchObject({ lastSignedInAt: ctx.now() });
    expect(await roleOf(EVE)).toBe('viewer');
    expect((await admin.post(path, {})).status).toBe(403);
    expect(await ctx.db.adminInvitation.count()).toBe(0);
  });

  it('when whom it is to, or who sent it, is removed, then it does not work; nor once its address is an admin another way', async () => {
    await invite(EVE, 'owner');
    await ensureAdmin(ctx.db, { email: EVE, role: 'owner', now: ctx.now() });
    expect(await ctx.db.adminInvitation.count()).toBe(0);
    await inviteAdmin(ctx, { email: 'mallory@example.org', role: 'owner', language: 'en' }, `admin:${EVE}`);
    const [path = ''] = await invitedPaths('mallory@example.org');
    expect(await removeAdmin(ctx, EVE, 'cli')).toMatchObject({ outcome: 'removed' });
    expect((await admin.post(path, {})).status).toBe(403);
    expect(await roleOf('mallory@example.org')).toBeNull();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the page gives them another role', () => act({ action: 'role', email: EVE, role: 'editor' })],
    ['a command gives them another role', () => makeSignInLink(ctx, EVE, 'cli', 'viewer')],
    ['it is taken back that they are an owner', async () => takeBack(ctx, await newestRoleAct(), 'cli')],
  ])(
    'when who sent it is an owner no more, since %s, then it does not work; those of others do',
    async (_how, lower) => {
      await ensureAdmin(ctx.db, { email: EVE, role: 'editor', now: ctx.now() });
      await changeRole(ctx, { email: EVE, role: 'owner' }, 'cli');
      await inviteAdmin(ctx, { email: 'mallory@example.org', role: 'owner', language: 'en' }, `admin:${EVE}`);
      await invite('bob@example.org', 'viewer');
      await lower();
      expect(await roleOf(EVE)).not.toBe('owner');
      const [[path = ''], [other = '']] = [
        await invitedPaths('mallory@example.org'),
        await invitedPaths('bob@example.org'),
      ];
      expect((await admin.post(path, {})).status).toBe(403);
      expect(await roleOf('mallory@example.org')).toBeNull();
      expect((await admin.get(other)).status).toBe(200);
    },
  );

  it('when it is revoked, older than three days, or another was sent, then it does not work', async () => {
    await invite(EVE, 'owner');
    await invite(EVE, 'viewer');
    const [older = '', newer = ''] = await invitedPaths(EVE);
    expect((await admin.post(older, {})).status).toBe(403);
    ctx.setNow('2026-01-08T12:00:00Z');
    expect((await admin.post(newer, {})).status).toBe(403);
    ctx.setNow('2026-01-05T12:00:00Z');
    expect((await admin.get(newer)).status).toBe(200);
    const { id } = await ctx.db.adminInvitation.findFirstOrThrow();
    expect(await act({ action: 'revoke', id: String(id) })).toContain('revoked');
    expect((await admin.post(newer, {})).status).toBe(403);
    expect(await roleOf(EVE)).toBeNull();
  });

  it('when somebody takes one and names a role in the form, then that changes nothing', async () => {
    await invite(EVE, 'viewer');
    const [path = ''] = await invitedPaths(EVE);
    await admin.post(path, { role: 'owner', email: 'mallory@example.org' });
    expect([await roleOf(EVE), await roleOf('mallory@example.org')]).toEqual(['viewer', null]);
  });

  it('when two take it at once, then one does', async () => {
    await invite(EVE, 'editor');
    const [path = ''] = await invitedPaths(EVE);
    const answers = await Promise.all([1, 2, 3].map(() => admin.post(path, {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 403, 403]);
    expect(await ctx.db.adminSession.count({ where: { admin: { email: EVE } } })).toBe(1);
  });

  it('when the address is an admin’s already, then nothing is sent', async () => {
    expect(await invite('ada@example.org', 'viewer')).toContain('already');
    expect([await roleOf('ada@example.org'), await invitedPaths('ada@example.org')]).toEqual(['owner', []]);
  });
});

describe('the first owner', () => {
  it('when nobody is an admin, then one link is offered, once, and whoever opens it is the owner, once', async () => {
    expect(await offerFirstSignIn(ctx)).toBeNull(); // Ada is here
    await ctx.db.$executeRaw`CALL empty_tables('admins, admin_challenges')`;
    const [path, again] = [(await offerFirstSignIn(ctx)) ?? '', await offerFirstSignIn(ctx)];
    expect([path, again]).toEqual([expect.stringMatching(/^\/admin\/first\/[\w-]{43}$/), null]);
    expect((await admin.get(path)).status).toBe(200);
    expect((await admin.post(path, { email: 'eve' })).status).toBe(422);
    const taken = await admin.post(path, { email: 'Eve@Example.org', role: 'viewer' });
    expect(taken.headers.get('location')).toBe('/admin');
    expect(await roleOf(EVE)).toBe('owner');
    expect((await admin.post(path, { email: 'mallory@example.org' })).status).toBe(403);
    expect(await ctx.db.admin.count()).toBe(1);
    expect(await offerFirstSignIn(ctx)).toBeNull();
  });

  it('when somebody became an admin meanwhile, or a day went by, then the link does not work', async () => {
    await ctx.db.$executeRaw`CALL empty_tables('admins, admin_challenges')`;
    const path = (await offerFirstSignIn(ctx)) ?? '';
    await admin.linkPath('bob@example.org', 'viewer');
    expect((await admin.get(path)).status).toBe(403);
    expect((await admin.post(path, { email: EVE })).status).toBe(403);
    await ctx.db.$executeRaw`CALL empty_tables('admins, admin_challenges')`;
    const late = (await offerFirstSignIn(ctx)) ?? '';
    ctx.setNow('2026-01-06T12:00:00Z');
    expect((await admin.post(late, { email: EVE })).status).toBe(403);
    expect(await offerFirstSignIn(ctx)).not.toBeNull();
  });
});

describe('the page of admins', () => {
  it('when an owner opens it, then it lists who there is and who is invited', async () => {
    await admin.linkPath('bob@example.org', 'viewer');
    await invite(EVE, 'editor');
    const page = await (await admin.get('/admin/admins', ada.cookie)).text();
    for (const part of ['ada@example.org', 'bob@example.org', EVE, 'Revoke']) expect(page).toContain(part);
  });

  it('when an owner gives a role, then it is given; the last owner keeps theirs', async () => {
    await admin.linkPath('bob@example.org', 'viewer');
    expect(await act({ action: 'role', email: 'bob@example.org', role: 'editor' })).toContain('is changed');
    expect(await act({ action: 'role', email: 'ada@example.org', role: 'viewer' })).toContain('last owner');
    expect(await act({ action: 'role', email: 'bob@example.org', role: 'king' })).toContain('No such role');
    expect([await roleOf('bob@example.org'), await roleOf('ada@example.org')]).toEqual(['editor', 'owner']);
  });

  it('when a role is taken back on the log, then only by an owner who signed in lately, and never from the last one', async () => {
    await admin.linkPath('bob@example.org', 'owner');
    await act({ action: 'role', email: 'bob@example.org', role: 'viewer' });
    const lowered = await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'admin.role' } });
    const editor = await admin.signIn('carl@example.org', {}, 'editor');
    const undo = (id: bigint, { cookie, csrf }: typeof ada, action = 'owner') =>
      admin.post(`/admin/audit/${id}`, { action, csrf }, cookie);
    for (const action of ['owner', '']) await undo(lowered.id, editor, action);
    await undo(lowered.id, ada, '');
    expect(await roleOf('bob@example.org')).toBe('viewer');
    expect(await (await admin.get(`/admin/audit/${lowered.id}`, editor.cookie)).text()).not.toContain('Take back');
    expect(await (await admin.get(`/admin/audit/${lowered.id}`, ada.cookie)).text()).toContain('bob@example.org');
    await undo(lowered.id, ada);
    expect(await roleOf('bob@example.org')).toBe('owner');

    await act({ action: 'role', email: 'bob@example.org', role: 'viewer' });
    await act({ action: 'role', email: 'bob@example.org', role: 'owner' });
    const raised = await ctx.db.auditEntry.findFirstOrThrow({
      where: { action: 'admin.role' },
      orderBy: { id: 'desc' },
    });
    await ctx.db.admin.updateMany({ where: { email: 'ada@example.org' }, data: { role: 'viewer' } });
    const outcome = await takeBack(ctx, raised.id, 'cli');
    expect(outcome).toMatchObject({ outcome: 'in-use', words: expect.stringContaining('last owner') as string });
    expect(await roleOf('bob@example.org')).toBe('owner');
  });

  it('when one is removed, then it is asked first, and the last owner stays', async () => {
    await admin.linkPath('bob@example.org', 'viewer');
    const asked = await act({ action: 'remove', email: 'bob@example.org' });
    expect(asked).toBeInstanceOf(Response);
    expect(await roleOf('bob@example.org')).toBe('viewer');
    expect(await act({ action: 'remove', email: 'bob@example.org', sure: 'yes' })).toContain('removed');
    expect(await roleOf('bob@example.org')).toBeNull();
    expect(await act({ action: 'remove', email: 'ada@example.org', sure: 'yes' })).toContain('last owner');
  });

  it('when the sign-in of an owner is ten minutes old, then nothing is changed before they sign in again', async () => {
    ctx.setNow('2026-01-05T12:10:00Z');
    const answer = await admin.post(
      '/admin/admins',
      { action: 'invite', email: EVE, role: 'owner', csrf: ada.csrf },
      ada.cookie,
    );
    expect(answer.headers.get('location')).toBe('/admin/sign-in-again');
    expect(await ctx.db.adminInvitation.count()).toBe(0);
  });

  it.each(['viewer', 'editor'] as const)(
    'when somebody is %s, then the page is not theirs, nor its acts',
    async (role) => {
      const other = await admin.signIn('bob@example.org', {}, role);
      expect((await admin.get('/admin/admins', other.cookie)).status).toBe(403);
      const fields = { action: 'role', email: 'bob@example.org', role: 'owner', csrf: other.csrf };
      expect((await admin.post('/admin/admins', fields, other.cookie)).status).toBe(403);
      expect(await roleOf('bob@example.org')).toBe(role);
      expect(await (await admin.get('/admin/more', other.cookie)).text()).not.toContain('/admin/admins');
    },
  );
});
