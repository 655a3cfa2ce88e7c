import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordAct } from '../../src/db/operator/audit.ts';
import { createErrand } from '../../src/db/operator/errands.ts';
import { internInterests } from '../../src/db/interests/interests.ts';
import { transaction } from '../../src/db/client.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { makeEdition } from '../world/mails.ts';
import { makeReader } from '../world/readers.ts';
import { planMail } from '../world/mails.ts';
import { apiServer, tokenWith, type ApiServer } from './api-server.ts';

const database = testDatabase();
let ctx: TestContext;
let api: ApiServer;
let token: string;
let made = 0;

beforeAll(async () => {
  ctx = await testContext(database);
  api = await apiServer(ctx);
  token = await tokenWith(ctx, '*:read', 'addresses:read');
});
afterAll(() => api.close());

/** What puts one more row into each list: somewhere in it, not always at its end. */
const ADD: Record<string, () => Promise<unknown>> = {
  subscribers: () => makeReader(database.db, ctx.now()),
  deliveries: async () => {
    const { id, email } = await makeReader(database.db, ctx.now());
    return planMail(database.db, { subscriberId: id, email, key: `key-${++made}` });
  },
  without: async () => {
    const readers = [await makeReader(database.db, ctx.now()), await makeReader(database.db, ctx.now())];
    const readerIds = readers.map(({ id }) => id);
    const data = { editionKey: 'daily:2026-01-05', reason: 'no-news', n: 2, readerIds, plannedAt: ctx.now() };
    return database.db.editionNothingReaders.create({ data });
  },
  editions: () =>
    makeEdition(
      database.db,
      `daily:2026-${String(1 + (++made % 12)).padStart(2, '0')}-${String(1 + (made % 28)).padStart(2, '0')}`,
    ),
  digests: () => makeDigest(database.db, dayOf(++made), [`Paper ${made}`], ctx.now(), { source: `source-${made}` }),
  papers: () => makeDigest(database.db, dayOf(++made), [`Paper ${made}`], ctx.now(), { source: `source-${made}` }),
  suppressions: () =>
    database.db.suppression.create({
      data: {
        addressHash: Uint8Array.from([++made >> 8, made & 255, 7]),
        reason: 'manual',
        at: new Date(ctx.now().getTime() + (made % 5) * 1_000),
      },
    }),
  acts: () => recordAct(database.db, { at: ctx.now(), actor: 'cli', action: 'alarm.tell', subject: `${++made}` }),
  runs: () => database.db.run.create({ data: { job: 'plan', startedAt: ctx.now(), outcome: 'done' } }),
  errands: () => createErrand(database.db, { kind: 'readers.pause', wish: {}, actor: 'cli', now: ctx.now() }),
  interests: () =>
    transaction(ctx.db, (tx) => internInterests(tx, [{ kind: 'words', text: `wish ${++made}` }], ctx.now())),
};

const dayOf = (number: number) => new Date(Date.UTC(2025, 0, 1 + ((number * 37) % 300))).toISOString().slice(0, 10);

/** Walks a list by the address of its Link header. */
async function walk(path: string, between: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  for (let next: string | null = `/api/v1${path}`; next !== null;) {
    const adding = seen.length < 200 ? between() : Promise.resolve();
    const answer: Response = await fetch(`${api.base}${next}`, { headers: { authorization: `Bearer ${token}` } });
    const { items, next: cursor } = (await answer.json()) as { items: Record<string, unknown>[]; next: string | null };
    seen.push(...items.map(nameOf));
    const [, url = ''] = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '') ?? [];
    expect(url === '').toBe(cursor === null);
    next = url === '' ? null : new URL(url).pathname + new URL(url).search;
    await adding;
  }
  return seen;
}

const nameOf = (item: Record<string, unknown>) => {
  const name = item['id'] ?? item['subscriber'] ?? item['edition'] ?? item['hash'] ?? item['paper'];
  return String(name);
};

test.each(Object.keys(ADD))(
  'when %s are walked while rows come in, then none is skipped and none told twice',
  async (list) => {
    const add = ADD[list] ?? (() => Promise.resolve());
    for (let count = 0; count < 12; count++) await add();
    const before = await walk(`/${list}?limit=200`, () => Promise.resolve());
    expect(before.length).toBeGreaterThanOrEqual(10);
    const seen = await walk(`/${list}?limit=3`, async () => {
      await add();
      await add();
    });
    expect(seen.length).toBe(new Set(seen).size);
    expect(before.filter((name) => !seen.includes(name))).toEqual([]);
  },
  120_000,
);

test('when a cursor is of another list or made up, then it is refused', async () => {
  const page = await api.ask('GET', '/subscribers?limit=1', { token });
  const cursor = String(page.body['next']);
  for (const path of [`/deliveries?cursor=${cursor}`, `/subscribers?cursor=${cursor}A`, '/subscribers?cursor=%00'])
    expect([path, (await api.ask('GET', path, { token })).status]).toEqual([path, 422]);
});
