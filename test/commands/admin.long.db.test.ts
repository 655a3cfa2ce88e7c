import { beforeEach, describe, expect, it } from 'vitest';
import { findOpenSession } from '../../src/http/session.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { signIn } from '../../src/operate/sign-in.ts';
import { SCRIPT, runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const FROM = { network: '203.0.113.0/24', browser: 'Firefox on Linux' };
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database);
  ctx.setNow(new Date()); // the command asks the real clock
  await ctx.db.$executeRaw`CALL empty_anew('admins, audit_log')`;
});

const offprint = (...args: string[]) => runCli(['admin', ...args], { url: database.url });
const linkOf = async (email: string) => (await makeSignInLink(ctx, email, 'cli')).split('/').at(-1) ?? '';
const tokenOf = async (email: string) => (await signIn(ctx, await linkOf(email), FROM))?.token ?? '';

describe('offprint admin', () => {
  it('when admins are listed, then each stands with when they came, last signed in, and their open sessions', async () => {
    expect((await offprint('list')).stdout).toBe('no admins; `offprint admin create EMAIL` makes one\n');
    await tokenOf('ada@example.org');
    await linkOf('bob@example.org');
    const { code, stderr, json } = await offprint('list', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const at = ctx.now().toISOString();
    expect(json()).toEqual([
      { email: 'ada@example.org', role: 'owner', createdAt: at, lastSignedInAt: at, sessions: 1 },
      { email: 'bob@example.org', role: 'editor', createdAt: at, lastSignedInAt: null, sessions: 0 },
    ]);
    expect((await offprint('list')).stdout).toMatch(
      /^email +role +created +last sign-in +sessions\nada@example\.org .* 1\n/,
    );
  }, 240_000);

  it('when one is removed, then their sessions and links are over at once; an unknown one is named', async () => {
    const [ada, bob] = [await tokenOf('ada@example.org'), await tokenOf('bob@example.org')];
    const open = await linkOf('bob@example.org');
    const asked = await offprint('remove', 'bob@example.org');
    expect([asked.code, asked.stdout]).toEqual([2, '']);
    expect(asked.stderr).toBe('offprint: Remove bob@example.org? Nobody is here to ask: --yes says so.\n');
    expect(await findOpenSession(ctx, bob)).not.toBeNull();

    const removed = await offprint('remove', 'Bob@Example.org', '--yes', '--json');
    expect([removed.code, removed.stderr]).toEqual([0, '']);
    expect(removed.json()).toEqual([{ outcome: 'removed', email: 'bob@example.org', sessions: 1, adminsLeft: 1 }]);
    expect(await findOpenSession(ctx, bob)).toBeNull();
    expect(await signIn(ctx, open, FROM)).toBeNull();
    expect(await findOpenSession(ctx, ada)).not.toBeNull();
    expect(await ctx.db.auditEntry.findFirst({ where: { action: 'admin.remove' } })).toMatchObject({
      actor: 'cli',
      detail: { admin: 'bob@example.org', sessions: 1 },
    });

    const again = await offprint('remove', 'bob@example.org', '--yes');
    expect([again.code, again.stderr]).toEqual([
      1,
      'offprint: bob@example.org: no such admin; `offprint admin list` lists those there are\n',
    ]);
  }, 240_000);

  it('when a role is asked for, then the admin gets it; the last owner stays one, and stays', async () => {
    const role = async (email: string) => (await ctx.db.admin.findUniqueOrThrow({ where: { email } })).role;
    expect((await offprint('create', 'ada@example.org', '--role', 'owner')).code).toBe(0);
    await offprint('create', 'bob@example.org', '--role', 'viewer');
    expect([await role('ada@example.org'), await role('bob@example.org')]).toEqual(['owner', 'viewer']);
    const wrong = await offprint('create', 'bob@example.org', '--role', 'king');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('viewer, editor, owner')]);
    const refusal = 'offprint: ada@example.org is the last owner and stays one: make another first';
    const refused = [
      await offprint('create', 'ada@example.org', '--role', 'editor'),
      await offprint('remove', 'ada@example.org', '--yes'),
    ];
    for (const { code, stderr } of refused) expect([code, stderr]).toEqual([1, expect.stringContaining(refusal)]);
    await offprint('create', 'bob@example.org', '--role', 'owner');
    expect((await offprint('remove', 'ada@example.org', '--yes')).code).toBe(0);
    expect(await ctx.db.admin.count()).toBe(1);
  }, 240_000);

  it.skipIf(!SCRIPT)(
    'when somebody sits there, then «n» keeps and «y» removes',
    async () => {
      await linkOf('ada@example.org');
      await linkOf('bob@example.org');
      const on = { url: database.url, terminal: true };
      const kept = await runCli(['admin', 'remove', 'bob@example.org'], { ...on, types: 'n\n' });
      expect(kept.stdout).toContain('Remove bob@example.org?');
      expect(kept.stdout).toContain('Nothing was done.');
      expect(await ctx.db.admin.count()).toBe(2);
      const gone = await runCli(['admin', 'remove', 'bob@example.org'], { ...on, types: 'y\n' });
      expect(gone.code).toBe(0);
      expect(await ctx.db.admin.count()).toBe(1);
    },
    240_000,
  );

  it('when sessions are listed and ended, then those named are over and no others', async () => {
    const [ada, phone, bob] = [
      await tokenOf('ada@example.org'),
      await tokenOf('ada@example.org'),
      await tokenOf('bob@example.org'),
    ];
    const live = async () =>
      (await Promise.all([ada, phone, bob].map((token) => findOpenSession(ctx, token)))).map(Boolean);
    const listed = await offprint('sessions', '--json');
    expect(listed.json()).toHaveLength(3);
    expect(listed.json()[0]).toMatchObject({ email: 'bob@example.org', ...FROM, createdAt: ctx.now().toISOString() });
    expect((await offprint('sessions', 'ada@example.org', '--json')).json()).toHaveLength(2);
    const id = Number((await offprint('sessions', 'ada@example.org', '--json')).json()[1]?.['id']);

    expect((await offprint('sessions', 'bob@example.org', '--end', String(id))).code).toBe(1); // not Bob's
    expect((await offprint('sessions', '--end', '99999999999')).stderr).toMatch(/99999999999: no such open session/);
    expect((await offprint('sessions', '--end', '1', '--end-all')).code).toBe(2);
    expect((await offprint('sessions', 'eve@example.org')).code).toBe(1);
    expect(await live()).toEqual([true, true, true]);
    expect((await offprint('sessions', '--end', String(id))).stdout).toBe('1 session(s) ended\n');
    expect(await live()).toEqual([false, true, true]);
    expect((await offprint('sessions', 'bob@example.org', '--end-all', '--json')).json()).toEqual([{ ended: 1 }]);
    expect(await live()).toEqual([false, true, false]);
  }, 240_000);
});
