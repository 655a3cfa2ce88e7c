import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { openPool, openPrisma, type Db } from '../../src/db/client.ts';
import { openReplica, type ReplicaStanding } from '../../src/db/replica.ts';
import { recordAct } from '../../src/db/operator/audit.ts';
import { adminServer, type AdminServer } from '../admin/admin-server.ts';
import { apiServer, tokenWith, type ApiServer } from '../api/api-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { databaseUrl, testDatabase } from '../support/database.ts';
import { startWire, type Wire } from '../support/wire.ts';
import { makeDigest } from '../world/digests.ts';
import { confirmedReader } from '../world/sign-ups.ts';

// A second database stands for the replica, with other things in it, so that it shows where something was read.

const own = testDatabase();
const beside = testDatabase();
const NOW = new Date('2026-01-05T12:00:00Z');
let ctx: TestContext;
let wire: Wire;
let replica: Db;
let admin: AdminServer;
let api: ApiServer;
const told: ReplicaStanding[] = [];

beforeAll(async () => {
  wire = await startWire(databaseUrl(inject('serverUrl'), new URL(beside.url).pathname.slice(1)));
  const pool = openPool(wire.url, 4, () => {}, { connectionTimeoutMillis: 2_000 });
  replica = openPrisma(pool);
  await makeDigest(own.db, '2026-01-05', ['Read from the database itself'], NOW);
  await makeDigest(beside.db, '2026-01-05', ['Read from the replica'], NOW);
  ctx = await testContext(own, {}, {});
  Object.assign(ctx, { readList: openReplica(own.db, replica, (standing) => told.push(standing)) });
  admin = await adminServer(ctx);
  api = await apiServer(ctx);
});
beforeEach(() => ctx.setNow(NOW));
afterAll(async () => {
  await admin.close();
  await api.close();
  await replica.$disconnect();
  await wire.close();
});

/** Which of the two a text was made of. */
function sourceOf(text: string): string {
  const found = ['the database itself', 'the replica'].filter((place) => text.includes(`Read from ${place}`));
  return found.join(' and ') || 'neither';
}

const page = async (path: string, cookie = '') => sourceOf(await (await admin.get(path, cookie)).text());

describe('a replica', () => {
  test('when somebody reads the archive, then it comes from the replica, and the pages of readers never do', async () => {
    expect(await page('/digests')).toBe('the replica');
    expect(await page('/digests/2026-01-05')).toBe('the replica');
    const { publicId } = await beside.db.paper.findFirstOrThrow();
    expect(await page(`/papers/${publicId}`)).toBe('the replica');
    const reader = await confirmedReader(ctx, 'ada@example.org'); // nobody of the replica's
    expect((await admin.get(reader.preferences)).status).toBe(200);
  });

  test('when an admin looks at a list, then it comes from the replica, unless they have just done something', async () => {
    const { cookie } = await admin.signIn();
    ctx.setNow(new Date(NOW.getTime() + 60_000));
    expect(await page('/admin/papers', cookie)).toBe('the replica');
    await own.db.$transaction((tx) =>
      recordAct(tx, { at: ctx.now(), actor: 'admin:ada@example.org', action: 'paper.withhold' }),
    );
    expect(await page('/admin/papers', cookie)).toBe('the database itself');
    ctx.setNow(new Date(NOW.getTime() + 120_000));
    expect(await page('/admin/papers', cookie)).toBe('the replica');
  });

  test('when a program asks for a list, then it comes from the replica, and one thing from the database itself', async () => {
    const token = await tokenWith(ctx, 'papers:read');
    expect(sourceOf((await api.ask('GET', '/papers', { token })).text)).toBe('the replica');
    const { publicId } = await own.db.paper.findFirstOrThrow();
    expect(sourceOf((await api.ask('GET', `/papers/${publicId}`, { token })).text)).toBe('the database itself');
  });

  test('when the replica goes away in the middle, then nobody sees it, and it is told once', async () => {
    expect(await page('/digests?q=Read')).toBe('the replica');
    wire.cut();
    try {
      expect(await page('/digests?q=from')).toBe('the database itself');
      expect(await page('/digests/2026-01-05?q=from')).toBe('the database itself');
    } finally {
      wire.mend();
    }
    expect(told.map(({ state }) => state)).toEqual(['away']);
  });
});
