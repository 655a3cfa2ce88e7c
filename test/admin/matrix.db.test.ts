import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { adminRights, openRoutes } from '../../src/admin/app.ts';
import { randomToken, tokenHash } from '../../src/lib/random-token.ts';
import { ROLES, atLeast, type Right, type Role } from '../../src/model/role.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const MINUTE_MS = 60_000;
let ctx: TestContext;
let admin: AdminServer;

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(() => ctx.db.$executeRaw`CALL empty_anew('admins, audit_log, rate_limits')`);

/** Who calls. */
type Caller = 'anonymous' | 'expired' | Role;
const CALLERS: readonly Caller[] = ['anonymous', 'expired', ...ROLES];

/** Opens a session as signing in does, so many minutes ago. */
async function session(caller: Caller, minutesAgo = 0): Promise<{ cookie: string; csrf: string }> {
  if (caller === 'anonymous') return { cookie: '', csrf: '' };
  const role = caller === 'expired' ? 'owner' : caller;
  const [token, csrfToken, email] = [randomToken(), randomToken(), `${caller}@example.org`];
  const createdAt = new Date(ctx.now().getTime() - minutesAgo * MINUTE_MS);
  const expiresAt = new Date(ctx.now().getTime() + (caller === 'expired' ? 0 : MINUTE_MS));
  const { id: adminId } = await ctx.db.admin.upsert({
    where: { email },
    create: { email, role, createdAt },
    update: {},
  });
  await ctx.db.adminSession.create({
    data: { tokenHash: Uint8Array.from(tokenHash(token)), adminId, csrfToken, createdAt, expiresAt },
  });
  return { cookie: `offprint_admin=${token}`, csrf: csrfToken };
}

/** Each route, and each act that its field `action` names, with what it asks. */
const ASKED = [...adminRights].flatMap(([route, right]): [string, string, Right][] => {
  if (typeof right === 'string') return [[route, '', { role: right }]];
  const acts = Object.entries(right.acts ?? {}).map(([act, own]): [string, string, Right] => [route, act, own]);
  return [[route, '', right], ...acts];
});

async function call(route: string, act: string, caller: Caller, { minutesAgo = 0, csrf = true } = {}) {
  const [method = '', pattern = ''] = route.split(' ');
  const path = `/admin${pattern.replace(/\/$/, '').replace(/:\w+/g, '1')}`;
  const own = await session(caller, minutesAgo);
  if (method === 'GET') return admin.get(path, own.cookie);
  if (path.endsWith('/files')) return sendFile(path, csrf ? own.csrf : 'forged', own.cookie);
  return admin.post(path, { ...(act ? { action: act } : {}), csrf: csrf ? own.csrf : 'forged' }, own.cookie);
}

/** Hands in a file, as the form of a page does. */
function sendFile(path: string, csrf: string, cookie: string): Promise<Response> {
  const body = new FormData();
  body.set('csrf', csrf);
  body.set('file', new Blob(['email\n']), 'readers.csv');
  return fetch(admin.base + path, { method: 'POST', body, redirect: 'manual', headers: { cookie } });
}

const ways = (answer: Response) => [answer.status, answer.headers.get('location')];

describe.each(ASKED)('%s %s', (route, act, { role, fresh }) => {
  it.each(CALLERS)('when it is called by who is %s, then only those get in who may', async (caller) => {
    const answer = await call(route, act, caller);
    if (caller === 'anonymous' || caller === 'expired') expect(ways(answer)).toEqual([303, '/admin/sign-in']);
    else if (!atLeast(caller, role)) expect(answer.status).toBe(403);
    else expect([403, 500]).not.toContain(answer.status);
  });

  it('when the sign-in is ten minutes old, then what asks for a fresh one waits for that', async () => {
    const answer = await call(route, act, 'owner', { minutesAgo: 10 });
    expect(answer.headers.get('location') === '/admin/sign-in-again').toBe(fresh === true);
  });

  it.runIf(route.startsWith('POST'))("when the form lacks the session's own token, then nobody gets in", async () => {
    const answer = await call(route, act, 'owner', { csrf: false });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('not from a page')]);
  });
});

test('when the routes are counted, then the matrix has them all, and those that are open are known by name', () => {
  expect(ASKED.length).toBeGreaterThan(25);
  expect([...openRoutes].filter((route) => !/ \/(sign-in|invitation|first)(\/|$)/.test(route))).toEqual([]);
});
