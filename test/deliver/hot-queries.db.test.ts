import { beforeAll, describe, expect, it } from 'vitest';
import { CLAIM } from '../../src/db/ledger/claim.ts';
import { EXPIRED } from '../../src/db/ledger/lease.ts';
import { RECONCILE } from '../../src/db/ledger/reconcile.ts';
import { RECORD } from '../../src/db/ledger/record.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { clearLedger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const now = '2026-01-05T12:00:00Z';
const MANY = 50_000;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Plan[];
}

type Value = string | number | (string | number | boolean | null)[];

/**
 * Explains a statement as the workers run it, planned for its values or once for all values; really run, and taken
 * back.
 */
async function explain(sql: string, values: Value[], planned: 'custom' | 'generic'): Promise<Plan> {
  const client = await database.pool.connect();
  const literal = (value: Value) =>
    Array.isArray(value) ? `'{${value.map((one) => String(one ?? 'NULL')).join(',')}}'` : `'${value}'`;
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL plan_cache_mode = force_${planned}_plan`);
    await client.query(`PREPARE hot AS ${sql}`);
    const call = values.length > 0 ? `hot(${values.map(literal).join(', ')})` : 'hot';
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE ${call}`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (!plan) throw new Error('no plan');
    return plan;
  } finally {
    await client.query('ROLLBACK');
    await client.query('DEALLOCATE ALL');
    client.release();
  }
}

function scansOf(plan: Plan): string[] {
  const own = plan['Relation Name'] ? [`${plan['Node Type']} on ${plan['Relation Name']}`] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}

function indexesOf(plan: Plan): string[] {
  return [plan['Index Name'] ?? '', ...(plan.Plans ?? []).flatMap(indexesOf)];
}

const blocks = (plan: Plan) => (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
// Not prepared: a plan for any number of rows would read the table.
const claim = () => explain(CLAIM.text, [now, 100, 'w', 60], 'custom');

const sweep = () => explain(EXPIRED.text, [now, 'hold', 4], 'generic');
const addUp = () => explain(RECONCILE.text, ['2026-01-15T00:00:00Z'], 'custom');
const bigScans = (plan: Plan) =>
  scansOf(plan).filter((scan) =>
    /^Seq Scan on (deliveries|subscribers|newsletters|attempts|confirmation_requests)/.test(scan),
  );

/**
 * Spreads the mails over the editions of a year, each with its newsletter and an attempt, of readers who were all asked
 * once, as in a ledger that is in use.
 */
async function growOld(): Promise<void> {
  await database.pool.query(`
    SET LOCAL session_replication_role = replica; -- no foreign keys to check, row by row
    INSERT INTO editions (key, created_at) SELECT 'edition ' || n, '2025-01-01' FROM generate_series(1, 400) n;
    UPDATE deliveries SET edition_id = (SELECT max(id) FROM editions) - id % 400;
    INSERT INTO newsletters (subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count,
      trending_ids, language, template_version, key_id, generation, slot_at, issued_on, created_at)
    SELECT subscriber_id, edition_id, '{1}', '{1}', '{0}', '{1}', '{1}', 1, 0, '{}', 'en', 1, 1, 1, '2025-01-01', '2025-01-01', '2025-01-01' FROM deliveries;
    INSERT INTO confirmation_requests (public_id, subscriber_id, created_at, expires_at, used_at)
    SELECT 'request' || id, id, '2025-01-01', '2025-01-03', '2025-01-02' FROM subscribers;
    INSERT INTO attempts (delivery_id, attempt, worker, outcome, at) SELECT id, 0, 'w', 'deferred', '2025-01-01' FROM deliveries`);
}

beforeAll(async () => {
  await clearLedger(database.db);
  await planMany(database.db, MANY);
  await growOld();
  await database.pool.query('ANALYZE');
}, 300_000);

describe('the hot queries of a big ledger', () => {
  it('when 100 of 50,000 are claimed, then an index finds them and the table is never read from end to end', async () => {
    const plan = await claim();
    expect(indexesOf(plan)).toContain('deliveries_claimable');
    expect(bigScans(plan)).toEqual([]);
  });

  it('when a batch is recorded amid many mails being sent, then it touches its own rows only', async () => {
    const { rows } = await database.pool.query<{ id: string }>(
      `UPDATE deliveries SET state = 'sending', claimed_by = 'w', attempt = 1 WHERE email LIKE '%7@example.org' RETURNING id`,
    );
    expect(rows.length).toBeGreaterThan(1_000);
    const [one = '', two = ''] = rows.map(({ id }) => id);
    const values: Value[] = [
      'w',
      now,
      [one],
      [1],
      ['sent'],
      ['sent'],
      ['reply'],
      ['250'],
      [null],
      [null],
      [two],
      [1],
      ['<x@y>'],
      [false],
      [now],
      [true],
      [null],
      [null],
      [null],
    ];
    const plan = await explain(RECORD.text, values, 'generic');
    await asFixture(
      database.pool,
      "UPDATE deliveries SET state = 'planned', claimed_by = NULL, attempt = 0 WHERE state = 'sending'",
    );
    await database.pool.query('VACUUM ANALYZE deliveries');
    expect(indexesOf(plan)).not.toContain('deliveries_leased');
    expect(bigScans(plan)).toEqual([]);
    expect(blocks(plan)).toBeLessThan(200);
  });

  it('when expired claims are looked for, then only what is being sent is read', async () => {
    const plan = await sweep();
    expect(indexesOf(plan)).toContain('deliveries_leased');
    expect(bigScans(plan)).toEqual([]);
    expect(blocks(plan)).toBeLessThan(500);
  });

  it('when the ledger of a week is added up, then an old one is not read', async () => {
    await database.pool.query("INSERT INTO editions (key, created_at) VALUES ('daily:2026-01-20', '2026-01-20')");
    const plan = await addUp();
    expect(indexesOf(plan)).toContain('deliveries_edition_id_state_id_idx');
    expect(bigScans(plan)).toEqual([]);
    expect(blocks(plan)).toBeLessThan(500); // nothing is in the week
  });

  it('when nearly all waits for the future, is paused or is done, then a claim reads as little as before', async () => {
    // Few editions wait at a time.
    await database.pool.query('UPDATE deliveries SET edition_id = (SELECT max(id) FROM editions)');
    await database.pool.query('VACUUM ANALYZE deliveries');
    const before = blocks(await claim());
    await asFixture(
      database.pool,
      `
      UPDATE deliveries SET state = CASE WHEN id % 2 = 0 THEN 'sent'::delivery_state ELSE 'retrying' END,
        parked = id % 4 = 1, next_attempt_at = CASE WHEN id % 4 = 1 THEN next_attempt_at ELSE '2026-01-06'::timestamptz END
      WHERE email NOT LIKE '%77@example.org'`,
    );
    await database.pool.query('VACUUM ANALYZE deliveries');
    expect(blocks(await claim())).toBeLessThan(before * 2);
    await asFixture(database.pool, "UPDATE deliveries SET state = 'sent' WHERE email LIKE '%77@example.org'");
    await database.pool.query('VACUUM ANALYZE deliveries');
    expect(blocks(await claim())).toBeLessThan(100); // nothing is due, and that is found out at once
  });
});
