import { beforeAll, describe, expect, it } from 'vitest';
import { arrayText, listsText, timePrefix } from '../../src/db/sql.ts';
import { INSERT } from '../../src/db/newsletters/newsletters.ts';
import { SHOWN, WAITING } from '../../src/db/newsletters/shown.ts';
import { DUE } from '../../src/db/subscribers/due.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { explain, type Explained } from '../support/explain.ts';

const database = testDatabase();
const MANY = 50_000;
const BATCH = 500;
const NOW = new Date('2026-01-05T08:00:05Z');
const NEVER = new Date(0);

/** The readers of a batch from the middle of the table. */
const batch = Array.from({ length: BATCH }, (_, n) => 20_001 + n);
const ids = arrayText(batch);
const lists = (members: number[]) => listsText(batch, () => members);
const written = [
  ids,
  ...[lists([1, 2]), lists([1, 2]), lists([0, 0]), lists([-1, 5]), lists([-1, 5])],
  ...[arrayText(batch.map(() => 50)), arrayText(batch.map(() => 48)), lists([]), lists([]), lists([]), lists([])],
  ...[lists([3]), lists([4]), arrayText(batch.map(() => 0))],
  ...[2, 1, NOW, '2026-01-05', NOW, NOW, timePrefix(NOW), 'daily:2026-01-05', '[{"kind":"quiet","params":{}}]'],
  ...[lists([2]), null],
];
const since = new Date('2025-12-20T00:00:00Z');

const statements: [string, string, Parameters<typeof explain>[2]][] = [
  ['due slots', DUE.slot.locked.text, [NOW, NEVER, 0, BATCH]],
  ['due slots from the middle on', DUE.slot.locked.text, [NOW, new Date('2026-01-05T08:00:00Z'), 20_000, BATCH]],
  ['due welcomes', DUE.welcome.locked.text, [NOW, NEVER, 0, BATCH]],
  ['newsletters that still wait', WAITING.text, [ids, since]],
  ['papers shown before', SHOWN.text, [ids, since, '{}']],
  ['newsletters written', INSERT.text, written],
];

/** As Prisma sends it: what has no type of its own in the statement takes the type of its place. */
const run = (sql: string, values: Parameters<typeof explain>[2]): Promise<Explained> =>
  explain(database.pool, sql, values);

beforeAll(async () => {
  await database.pool.query(`
    INSERT INTO editions (key, created_at) VALUES ('daily:2026-01-04', '2026-01-04'), ('daily:2026-01-05', '2026-01-05')`);
  await database.pool.query(
    `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at,
       next_due_at, welcome_due_at)
     SELECT 'reader' || n, 'reader' || n || '@example.org', sha256(('reader' || n)::bytea), 'confirmed', 'daily', 1, 8, 'UTC', 10, 'en',
       '2026-01-01', '2026-01-05 08:00Z', CASE WHEN n % 100 = 0 THEN '2026-01-05 07:00Z'::timestamptz END
     FROM generate_series(1, $1::int) n`,
    [MANY],
  );
  await database.pool.query(`
    INSERT INTO newsletters (subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count,
      trending_ids, language, template_version, key_id, generation, slot_at, issued_on, created_at)
    SELECT id, 1, '{7,8}', '{7,8}', '{0,0}', '{1,1}', '{1,1}', 50, 40, '{9}', 'en', 1, 1, 1, '2026-01-04 08:00Z', '2026-01-04', '2026-01-04 08:00Z'
    FROM subscribers ORDER BY id`);
  await asFixture(
    database.pool,
    `
    INSERT INTO deliveries (kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, language, key_id, generation, state,
      next_attempt_at, created_at)
    SELECT 'newsletter', 'daily:2026-01-04', s.id, 1, n.id, s.email, s.address_hash, 'en', 1, 1,
      CASE WHEN s.id % 50 = 0 THEN 'retrying'::delivery_state ELSE 'sent' END, '2026-01-04 08:00Z', '2026-01-04 08:00Z'
    FROM newsletters n JOIN subscribers s ON s.id = n.subscriber_id`,
  );
  await database.pool.query(`
    INSERT INTO attempts (delivery_id, attempt, worker, outcome, at) SELECT id, 1, 'w', 'sent', created_at FROM deliveries`);
});

describe.each([
  [
    'before anything is known of the tables',
    "DELETE FROM pg_statistic WHERE starelid = ANY('{subscribers,newsletters,deliveries,attempts}'::regclass[])",
  ],
  ['after ANALYZE', 'ANALYZE'],
])('the hot queries of planning 50,000 readers, %s', (_, prepare) => {
  beforeAll(() => database.pool.query(prepare));

  it.each(statements)('when a batch asks for %s, then it looks at its own rows alone', async (_name, sql, values) => {
    const { rowsRead } = await run(sql, values);
    expect(rowsRead.size).toBeGreaterThan(0);
    // Writing looks at each reader once for the newsletter and once for the delivery.
    for (const [table, rows] of rowsRead) expect(`${table} ${rows <= 2 * BATCH}`).toBe(`${table} true`);
  });
});

it('when batches follow each other, then the last reads as little as the first', async () => {
  const due = (after: { dueAt: Date; id: number }) => run(DUE.slot.locked.text, [NOW, after.dueAt, after.id, BATCH]);
  const first = await due({ dueAt: NEVER, id: 0 });
  const last = await due({ dueAt: new Date('2026-01-05T08:00:00Z'), id: MANY - BATCH });
  expect(last.blocks).toBeLessThan(first.blocks * 1.5);
});
