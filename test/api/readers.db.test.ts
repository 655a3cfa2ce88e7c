import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Subscriber } from '../../src/model/subscriber.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeReader } from '../world/readers.ts';
import { apiServer, tokenWith, type ApiServer } from './api-server.ts';

const database = testDatabase();
let ctx: TestContext;
let api: ApiServer;
let all: string;
let ada: Subscriber;
let co: Subscriber;
let eva: Subscriber;

beforeAll(async () => {
  ctx = await testContext(database);
  api = await apiServer(ctx);
  all = await tokenWith(ctx, '*:write', 'addresses:read');
  ada = await makeReader(ctx.db, ctx.now(), { email: 'ada@example.com' });
  co = await makeReader(ctx.db, ctx.now(), { email: 'ada@example.co', status: 'unsubscribed' });
  eva = await makeReader(ctx.db, ctx.now(), { email: 'eva@xn--bcher-kva.example' });
});
afterAll(() => api.close());

const list = (query: Record<string, string>, token = all) =>
  api.ask('GET', `/subscribers?${new URLSearchParams(query).toString()}`, { token });
const found = async (query: Record<string, string>, token = all) => {
  const { body } = await list(query, token);
  return (body['items'] as { id: string }[]).map(({ id }) => id);
};

test('when an address is asked for beside another filter, then nobody whose address only begins so is in the list', async () => {
  const blind = await tokenWith(ctx, 'subscribers:read');
  for (const token of [all, blind]) {
    expect(await found({ email: 'ada@example.co' }, token)).toEqual([co.publicId]);
    expect(await found({ email: 'ada@example.co', state: 'confirmed' }, token)).toEqual([]);
    expect(await found({ email: 'Ada@Example.com', state: 'confirmed' }, token)).toEqual([ada.publicId]);
  }
});

test('when an id or the beginning of an address is searched for beside another filter, then who fits is found', async () => {
  expect(await found({ search: ada.publicId, state: 'confirmed' })).toEqual([ada.publicId]);
  expect(await found({ search: ada.publicId, state: 'unsubscribed' })).toEqual([]);
  expect(await found({ search: 'Ada@', state: 'unsubscribed' })).toEqual([co.publicId]);
  expect(await found({ search: 'eva@bücher.example', cadence: 'daily' })).toEqual([eva.publicId]);
});

test.each([
  ['status', { status: 'confirmed', state: 'unsubscribed' }],
  ['email', { email: 'ada@example.com', search: 'ada' }],
])('when of two parameters one would be lost, then «%s» is named', async (parameter, query) => {
  const told = await list(query);
  expect([told.status, told.body['errors']]).toEqual([
    422,
    [{ parameter, detail: expect.stringContaining('not both') as string }],
  ]);
});

test('when a program signed readers up, then they are found as those who came by the API', async () => {
  const consent = { at: '2025-12-01T10:00:00Z', source: 'paper form' };
  const made = await api.ask('POST', '/subscribers', { token: all, body: { email: 'bob@example.net', consent } });
  expect(made.status).toBe(201);
  expect(await found({ source: 'api' })).toEqual([made.body['id']]);
  expect(await found({ source: 'import' })).toEqual([]);
});
