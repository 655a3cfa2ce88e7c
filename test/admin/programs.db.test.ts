import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;
let owner: { cookie: string; csrf: string };

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
});
afterAll(() => admin.close());
beforeEach(async () => {
  await ctx.db.$executeRaw`CALL empty_tables('admins, api_tokens, hook_endpoints')`;
  owner = await admin.signIn('owner@example.org');
});

const post = (path: string, fields: Record<string, string>) =>
  admin.post(`/admin${path}`, { ...fields, csrf: owner.csrf }, owner.cookie);
const page = async (path: string) => (await admin.get(`/admin${path}`, owner.cookie)).text();

describe('the page of tokens', () => {
  test('when a token is made, then it is shown this once, works, and can be ended', async () => {
    const made = await (await post('/tokens', { name: 'crm', scope: 'papers:read', days: '30' })).text();
    const [secret = ''] = /opt_[\w-]{43}/.exec(made) ?? [];
    expect(secret).not.toBe('');
    expect(await page('/tokens')).not.toContain(secret);
    const asked = () => fetch(`${admin.base}/api/v1/topics`, { headers: { authorization: `Bearer ${secret}` } });
    expect((await asked()).status).toBe(200);
    const question = await (await post('/tokens/revoke', { name: 'crm' })).text();
    expect(question).toContain('locked out at once');
    expect((await asked()).status).toBe(200);
    await post('/tokens/revoke', { name: 'crm', sure: 'yes' });
    expect((await asked()).status).toBe(401);
  });

  test('when the form cannot be used, then it says so and makes nothing', async () => {
    const answer = await post('/tokens', { name: 'CRM', scope: 'papers:read' });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('small letters') as string]);
    expect(await ctx.db.apiToken.count()).toBe(0);
  });
});

describe('the page of webhooks', () => {
  test('when one is added, then its secret is shown this once; it can be tried, switched and deleted', async () => {
    const made = await (await post('/webhooks', { url: 'https://crm.example.org/x', event: 'digest.held' })).text();
    const [secret = ''] = /whsec_[\w+/]{43}=/.exec(made.replaceAll('&#x3D;', '=')) ?? [];
    expect(secret).not.toBe('');
    const { publicId } = await ctx.db.hookEndpoint.findFirstOrThrow();
    expect(await page(`/webhooks/${publicId}`)).not.toContain(secret);
    await post(`/webhooks/${publicId}`, { action: 'test' });
    expect(await page(`/webhooks/${publicId}`)).toContain('waits');
    const again = await post(`/webhooks/${publicId}`, { action: 'replay' });
    expect(decodeURIComponent(again.headers.get('location') ?? '')).toContain('nothing failed within 7 days');
    await post(`/webhooks/${publicId}`, { action: 'off' });
    expect(await page('/webhooks')).toContain('Off: switched off by hand');
    const german = await fetch(`${admin.base}/admin/webhooks`, {
      headers: { cookie: owner.cookie, 'accept-language': 'de' },
    });
    expect(await german.text()).toContain('Aus: von Hand ausgeschaltet');
    await post(`/webhooks/${publicId}`, { action: 'on' });
    await post(`/webhooks/${publicId}`, { action: 'remove' });
    expect(await ctx.db.hookEndpoint.count()).toBe(1);
    await post(`/webhooks/${publicId}`, { action: 'remove', sure: 'yes' });
    expect(await ctx.db.hookEndpoint.count()).toBe(0);
    expect((await admin.get(`/admin/webhooks/${publicId}`, owner.cookie)).status).toBe(404);
  });

  test('when the address is inside, then it is refused', async () => {
    const answer = await post('/webhooks', { url: 'http://127.0.0.1/x' });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('is not public') as string]);
  });
});
