import fc from 'fast-check';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { foldSums, sumEnds, sumsOf } from '../../src/db/ledger/edition-sums.ts';
import { foldReaderSums, readerDaysSince, sumReaders, topTopics } from '../../src/db/subscribers/reader-sums.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const JOINED = new Date('2026-01-05T12:00:00Z');

beforeEach(async () => {
  await database.db.$executeRaw`TRUNCATE deliveries, editions, subscribers, interests CASCADE`;
  await database.db
    .$executeRaw`INSERT INTO editions (id, key, created_at) VALUES (1, 'daily:2026-01-05', now()), (2, 'daily:2026-01-06', now())`;
});

/** What is done to the ledger: so many rows are written, moved, or go. */
const ACTS = fc.record({
  act: fc.constantFrom('insert', 'move', 'end', 'delete', 'leave edition'),
  edition: fc.constantFrom(1, 2),
  from: fc.nat(30),
  many: fc.integer({ min: 0, max: 12 }),
  state: fc.constantFrom('planned', 'sending', 'retrying', 'sent', 'bounced'),
});

it('when deliveries are written, moved, ended and deleted in any order, then the sums are those of the rows', async () => {
  const run = (sql: string, values: unknown[]) => asFixture(database.db, sql, values);
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(ACTS, { maxLength: 12 }), async (acts) => {
      for (const { act, edition, from, many, state } of acts) {
        const some = 'id IN (SELECT id FROM deliveries ORDER BY id OFFSET $1 LIMIT $2)';
        if (act === 'insert') {
          await run(
            `INSERT INTO deliveries (kind, key, language, key_id, generation, edition_id, next_attempt_at, created_at)
             SELECT 'newsletter', $1::text || '-' || n, 'en', 1, 1, $2, now(), now() FROM generate_series(1, $3::int) n`,
            [`made ${++made}`, edition, many],
          );
        } else if (act === 'move')
          await run(
            `UPDATE deliveries SET state = $3::delivery_state, end_reason = CASE WHEN $3 IN ('bounced') THEN 'refused'::end_reason END WHERE ${some}`,
            [from, many, state],
          );
        else if (act === 'end')
          await run(`UPDATE deliveries SET state = 'failed', end_reason = 'late' WHERE ${some}`, [from, many]);
        else if (act === 'delete') await run(`DELETE FROM deliveries WHERE ${some}`, [from, many]);
        else await run(`UPDATE deliveries SET edition_id = NULL WHERE ${some}`, [from, many]);
      }
      const rows = await database.db.delivery.groupBy({
        by: ['editionId', 'state', 'endReason'],
        where: { editionId: { not: null } },
        _count: true,
      });
      const counted = rows.map(({ editionId, state, endReason, _count }) => ({
        editionId,
        state,
        endReason,
        count: _count,
      }));
      const inOrder = (list: typeof counted) => list.map((row) => JSON.stringify(row)).sort();
      expect(inOrder(await sumsOf(database.db, [1, 2]))).toEqual(inOrder(counted));
      // What is over is folded, and tells the same; what goes on stays as its sessions left it.
      await database.db.$executeRaw`UPDATE editions SET finished_at = '2026-01-06' WHERE id = 1`;
      await foldSums(database.db, new Date('2026-01-07'));
      expect(inOrder(await sumsOf(database.db, [1, 2]))).toEqual(inOrder(counted));
      const all = (await sumEnds(database.db)).reduce((sum, { count }) => sum + count, 0);
      expect(all).toBe(counted.reduce((sum, { count }) => sum + count, 0));
      expect(await database.db.editionSum.count({ where: { editionId: 1, shard: { not: 0 } } })).toBe(0);
    }),
    { numRuns: 25 },
  );
}, 60_000);

it('when readers ask, confirm, leave, come back and are erased, then sums and days say so', async () => {
  const { db } = database;
  await makeReader(db, JOINED); // pending first, confirmed in the next statement
  const second = await makeReader(db, JOINED);
  const left = new Date('2026-01-07T23:59:00Z');
  await db.subscriber.update({
    where: { id: second.id },
    data: { status: 'unsubscribed', unsubscribedAt: left, nextDueAt: null },
  });
  await db.subscriber.updateMany({ data: { hour: 9 } });
  expect(await sumReaders(db)).toEqual({ pending: 0, confirmed: 1, unsubscribed: 1 });
  expect(await readerDaysSince(db, '2026-01-01')).toEqual([
    { day: '2026-01-05', asked: 2, confirmed: 2, left: 0 },
    { day: '2026-01-07', asked: 0, confirmed: 0, left: 1 },
  ]);
  const back = new Date('2026-01-09T01:00:00Z');
  await db.subscriber.update({ where: { id: second.id }, data: { status: 'confirmed', confirmedAt: back } });
  await db.subscriber.deleteMany({ where: { id: second.id } });
  expect(await sumReaders(db)).toEqual({ pending: 0, confirmed: 1, unsubscribed: 0 });
  const since = await readerDaysSince(db, '2026-01-08');
  expect(since.map(({ confirmed, left: gone }) => confirmed - gone).reduce((a, b) => a + b)).toBe(0);
  await db.$executeRaw`TRUNCATE subscribers CASCADE`;
  expect(await sumReaders(db)).toEqual({ pending: 0, confirmed: 0, unsubscribed: 0 });
});

it('when a leaving is taken back, then no day differs from before; of who was taken in as gone the return alone counts', async () => {
  const { db } = database;
  const { id } = await makeReader(db, JOINED);
  const before = await readerDaysSince(db, '2026-01-01');
  const unsubscribedAt = new Date('2026-01-07T12:00:00Z');
  const leave = () =>
    db.subscriber.update({ where: { id }, data: { status: 'unsubscribed', unsubscribedAt, nextDueAt: null } });
  const undo = () => db.subscriber.update({ where: { id }, data: { status: 'confirmed', unsubscribedAt: null } });
  await leave();
  await undo();
  const happened = (days: typeof before) => days.filter((day) => day.asked + day.confirmed + day.left !== 0);
  expect(happened(await readerDaysSince(db, '2026-01-01'))).toEqual(before);
  await leave();
  expect(await readerDaysSince(db, '2026-01-06')).toEqual([{ day: '2026-01-07', asked: 0, confirmed: 0, left: 1 }]);

  const gone = await db.subscriber.findUniqueOrThrow({ where: { id } });
  await db.$executeRaw`TRUNCATE subscribers CASCADE`;
  await db.subscriber.create({ data: { ...gone, createdAt: unsubscribedAt } });
  await db.subscriber.updateMany({ data: { status: 'confirmed', unsubscribedAt: null } });
  expect(await readerDaysSince(db, '2026-01-01')).toEqual([{ day: '2026-01-05', asked: 1, confirmed: 1, left: 0 }]);
});

it('when readers pick topics, mute them and change their minds, then each topic knows its readers', async () => {
  const { db } = database;
  const [one, other] = ['graphs', 'robots'] as const;
  await db.$executeRaw`DELETE FROM topics`;
  await db.topic.createMany({
    data: [one, other].map((slug) => ({ slug, name: slug, field: 'all', description: '', arxivCategories: [] })),
  });
  const wish = (slug: string, muted = false) => ({ kind: 'topic' as const, text: slug, muted });
  await makeReader(db, JOINED, { wishes: [wish(one), wish(other), 'own words'] });
  const reader = await makeReader(db, JOINED, { wishes: [wish(one), wish(other, true)] });
  const told = async () => (await topTopics(db, 5)).map(({ slug, readers }) => [slug, readers]);
  expect(await told()).toEqual([
    [one, 2],
    [other, 1],
  ]);
  await db.subscriber.delete({ where: { id: reader.id } });
  expect((await told()).map(([, readers]) => readers)).toEqual([1, 1]);
});

describe('what sessions counted', () => {
  const SESSIONS = 6;
  const TABLES = ['reader_sums', 'topic_sums', 'edition_sums'];
  const fold = async () => {
    await foldReaderSums(database.db);
    await foldSums(database.db, new Date('2026-01-07'));
  };

  /** What the rows of a table add up to, by what they count; and whose rows they are. */
  async function told(table: string) {
    const { rows } = await database.pool.query<{ what: string; n: number; shards: number[] }>(
      `SELECT (to_jsonb(s) - 'n' - 'shard')::text AS what, sum(n)::int AS n, array_agg(shard ORDER BY shard) AS shards FROM ${table} s
       GROUP BY 1 HAVING sum(n) <> 0 OR count(*) > 1 ORDER BY 1`,
    );
    return rows;
  }

  /** Each statement makes its own reader with a topic and a welcome that waits. */
  const one = (email: string) => `
    WITH reader AS (
      INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, source, created_at)
      VALUES ('${email}', '${email}', '', 'pending', 'daily', 1, 8, 'UTC', 10, 'en', 'test', now()) RETURNING id
    ), wish AS (
      INSERT INTO subscriber_interests (subscriber_id, interest_id, muted, wording) SELECT id, 7, false, '' FROM reader
    )
    INSERT INTO deliveries (kind, key, subscriber_id, language, key_id, generation, edition_id, next_attempt_at, created_at)
    SELECT 'newsletter', '${email}', id, 'en', 1, 1, 3, now(), now() FROM reader`;

  beforeEach(async () => {
    await database.db.$executeRaw`INSERT INTO editions (id, key, created_at) VALUES (3, 'welcome:1', now())`;
    await database.db
      .$executeRaw`INSERT INTO interests (id, kind, key, created_at) VALUES (7, 'topic', 'graphs', now())`;
  });

  async function inSessions(work: (client: pg.Client, session: number) => Promise<void>): Promise<void> {
    const clients = Array.from({ length: SESSIONS }, () => new pg.Client({ connectionString: database.url }));
    try {
      await Promise.all(clients.map((client) => client.connect()));
      await Promise.all(clients.map(work));
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  }

  it('when it is folded, then one row of each stands, and says the same', async () => {
    await inSessions(async (client, session) => void (await client.query(one(`a${session}@example.org`))));
    for (const table of TABLES) {
      const before = await told(table);
      expect([table, before.map(({ n, shards }) => [n, shards.length])]).toEqual([table, [[SESSIONS, SESSIONS]]]);
    }
    const before = await Promise.all(TABLES.map(told));
    await fold();
    const after = await Promise.all(TABLES.map(told));
    expect(after).toEqual(before.map((rows) => rows.map((row) => ({ ...row, shards: [0] }))));
  });

  it('when sessions count on while several fold, then nobody waits for a session and no count is lost', async () => {
    const open = new pg.Client({ connectionString: database.url });
    await open.connect();
    await open.query(one('open@example.org'));
    await open.query(`BEGIN; ${one('open2@example.org')}`);
    let counting = true;
    const folding = [1, 2, 3].map(async () => {
      while (counting) await fold();
    });
    try {
      await inSessions(async (client, session) => {
        for (let n = 0; n < 30; n++) await client.query(one(`b${session}-${n}@example.org`));
      });
    } finally {
      counting = false;
    }
    await Promise.all(folding);
    await open.query('COMMIT');
    await open.end();
    await fold();
    for (const table of TABLES)
      expect([table, (await told(table)).map(({ n, shards }) => [n, shards])]).toEqual([
        table,
        [[SESSIONS * 30 + 2, [0]]],
      ]);
  });
});
