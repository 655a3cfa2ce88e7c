import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes.ts';
import { SCOPES } from '../../src/model/scope.ts';
import { createToken } from '../../src/operate/create-token.ts';
import { revokeToken } from '../../src/operate/revoke-token.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { apiServer, tokenWith, type ApiServer } from './api-server.ts';

const database = testDatabase();
let ctx: TestContext;
let api: ApiServer;

beforeAll(async () => {
  ctx = await testContext(database);
  api = await apiServer(ctx);
});
afterAll(() => api.close());

/** Which scopes let a program in, for each route; written by hand, so that a route that is not here fails. */
const READ_SUBSCRIBERS = ['subscribers:read', 'subscribers:write', '*:read', '*:write'];
const WRITE_SUBSCRIBERS = ['subscribers:write', '*:write'];
const READ_PAPERS = ['papers:read', 'papers:write', '*:read', '*:write'];
const WRITE_PAPERS = ['papers:write', '*:write'];
const READ_EDITIONS = ['editions:read', 'editions:write', '*:read', '*:write'];
const WRITE_EDITIONS = ['editions:write', '*:write'];
const READ_JOBS = ['jobs:read', 'jobs:write', '*:read', '*:write'];
const MAY: Record<string, readonly string[]> = {
  'get /subscribers': READ_SUBSCRIBERS,
  'post /subscribers': WRITE_SUBSCRIBERS,
  'get /subscribers/{id}': READ_SUBSCRIBERS,
  'patch /subscribers/{id}': WRITE_SUBSCRIBERS,
  'delete /subscribers/{id}': ['subscribers:erase'],
  'post /subscribers/{id}/pause': WRITE_SUBSCRIBERS,
  'post /subscribers/{id}/resume': WRITE_SUBSCRIBERS,
  'post /subscribers/{id}/unsubscribe': WRITE_SUBSCRIBERS,
  'post /subscribers/{id}/undo-unsubscribe': WRITE_SUBSCRIBERS,
  'get /interests': READ_SUBSCRIBERS,
  'get /papers': READ_PAPERS,
  'get /papers/{id}': READ_PAPERS,
  'get /topics': READ_PAPERS,
  'get /topics/{slug}': READ_PAPERS,
  'post /preview': READ_PAPERS,
  'get /digests': READ_PAPERS,
  'post /digests': WRITE_PAPERS,
  'post /digests/backfill': WRITE_PAPERS,
  'get /digests/{id}': READ_PAPERS,
  'post /digests/{id}/release': WRITE_PAPERS,
  'post /digests/{id}/discard': WRITE_PAPERS,
  'get /editions': READ_EDITIONS,
  'get /editions/{key}': READ_EDITIONS,
  'get /editions/{key}/note': READ_EDITIONS,
  'post /editions/{key}/note': WRITE_EDITIONS,
  'post /editions/{key}/pause': WRITE_EDITIONS,
  'post /editions/{key}/resume': WRITE_EDITIONS,
  'post /editions/{key}/cancel': WRITE_EDITIONS,
  'post /editions/{key}/resend': WRITE_EDITIONS,
  'get /deliveries': READ_EDITIONS,
  'get /without': READ_EDITIONS,
  'get /deliveries/{id}': READ_EDITIONS,
  'get /feedback': READ_EDITIONS,
  'get /why': READ_EDITIONS,
  'get /suppressions': ['suppressions:read', 'suppressions:write', '*:read', '*:write'],
  'post /suppressions': ['suppressions:write', '*:write'],
  'post /suppressions/lift': ['suppressions:write', '*:write'],
  'get /acts': ['acts:read', 'acts:write', '*:read', '*:write'],
  'post /acts/{id}/undo': ['acts:write', '*:write'],
  'get /jobs': READ_JOBS,
  'get /jobs/{name}': READ_JOBS,
  'post /jobs/{name}/wake': ['jobs:write', '*:write'],
  'get /runs': READ_JOBS,
  'get /runs/{id}': READ_JOBS,
  'get /errands': READ_JOBS,
  'get /errands/{id}': READ_JOBS,
};

const ask = (name: string, token: string) => {
  const [method = '', path = ''] = name.split(' ');
  return api.ask(method.toUpperCase(), path.replace(/\{\w+\}/g, 'nobody'), { token });
};

test('when there is a route, then it says here who may ask it', () => {
  expect(ROUTES.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(MAY).sort());
});

test('when a token has one scope, then it gets where that leads and nowhere else', async () => {
  const wrong: string[] = [];
  for (const scope of Object.keys(SCOPES)) {
    const token = await tokenWith(ctx, scope);
    for (const [name, allowed] of Object.entries(MAY)) {
      const { status, headers } = await ask(name, token);
      const passed = status !== 403;
      if (status === 401 || status >= 500 || passed !== allowed.includes(scope))
        wrong.push(`${scope} ${name}: ${status}`);
      if (!passed && !headers.get('www-authenticate')?.includes('insufficient_scope'))
        wrong.push(`${name}: no word of it`);
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);

test('when there is no token, or one that is made up, expired or revoked, then nothing is told and nothing done', async () => {
  const scopes = ['*:write', 'subscribers:erase', 'addresses:read'];
  const { secret: old } = await createToken(ctx, { name: 'old', scopes, days: 1 }, 'cli');
  const { secret: gone } = await createToken(ctx, { name: 'gone', scopes }, 'cli');
  await revokeToken(ctx, 'gone', 'cli');
  ctx.setNow(new Date(ctx.now().getTime() + 86_400_000));
  const acts = await database.db.auditEntry.count();
  for (const [name] of Object.entries(MAY))
    for (const [token, words] of [
      ['', 'expected a token'],
      ['opt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'not known'],
      [old.slice(0, -1), 'not known'],
      [old, 'expired'],
      [gone, 'revoked'],
    ] as const) {
      const told = await ask(name, token);
      expect([name, token, told.status, told.headers.get('www-authenticate')?.startsWith('Bearer')]).toEqual([
        name,
        token,
        401,
        true,
      ]);
      expect(told.body['detail']).toContain(words);
    }
  expect(await database.db.auditEntry.count()).toBe(acts);
}, 120_000);

test('when an admin is signed in, then the API does not take their cookie for a token', async () => {
  const told = await api.ask('GET', '/subscribers', { headers: { cookie: 'offprint_admin=x' } });
  expect(told.status).toBe(401);
});

test('when a token is made, then only its hash is kept, and it is used to the minute', async () => {
  const { secret, token } = await createToken(ctx, { name: 'hashed', scopes: ['papers:read'] }, 'cli');
  expect(secret).toMatch(/^opt_[\w-]{43}$/);
  await api.ask('GET', '/topics', { token: secret });
  const rows = await database.pool.query<{ row: string }>('SELECT to_jsonb(t)::text AS row FROM api_tokens t');
  expect(rows.rows.map(({ row }) => row).join()).not.toContain(secret.slice(4));
  const used = await database.db.apiToken.findUniqueOrThrow({ where: { id: token.id } });
  expect(used.lastUsedAt).toEqual(ctx.now());
  expect(token.expiresAt.getTime() - token.createdAt.getTime()).toBe(90 * 86_400_000);
  for (const wrong of [{ name: 'hashed' }, { name: 'No' }, { scopes: ['all'] }, { scopes: [] }, { days: 0 }])
    await expect(createToken(ctx, { name: 'another', scopes: ['papers:read'], ...wrong }, 'cli')).rejects.toThrow(
      /expected/,
    );
});
