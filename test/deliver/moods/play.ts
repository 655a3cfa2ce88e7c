import { planAll, seed } from '../../../bench/send/seed.ts';
import type { Composer } from '../../../src/model/newsletter.ts';
import { runDeliver } from '../../../src/deliver/run-deliver.ts';
import type { TestDatabase } from '../../support/database.ts';
import { testContext, type TestContext } from '../../support/context.ts';
import { openMoody } from './receiver.ts';
import type { NamedMood } from './moods.ts';

/** What became of an edition in a mood. */
export interface Outcome {
  name: string;
  sent: number;
  retrying: number;
  failed: number;
  bounced: number;
  uncertain: number;
  suppressed: number;
  /** Times that sending stopped. */
  pauses: number;
  alarms: number;
  /** What the alarms say. */
  words: string;
  /** Mails that came twice. */
  repeated: number;
  /** Minutes after its slot at which the last mail left. */
  lastMinute: number;
  connections: number;
  /** Refusals heard. */
  refusals: number;
}

const SLOT = Date.parse('2026-01-05T08:00:00Z');
const LATE_MS = 12 * 3_600_000;
const OPERATOR = 'operator@example.org';

/**
 * Sends one edition to everybody through a receiver in this mood, moving all clocks along until every mail has its end
 * or is too late.
 */
export async function playMood(
  database: TestDatabase,
  { name, mood, readers = 300, domains = 53 }: NamedMood,
  settings: Record<string, string> = {},
  composer?: Composer,
): Promise<Outcome> {
  await plan(database, readers, domains);
  let nowMs = SLOT;
  const receiver = await openMoody(mood(), () => nowMs);
  const ctx = await testContext(
    database,
    { SMTP_URL: receiver.url, SEND_CONNECTIONS: '5', ADMIN_EMAIL: OPERATOR, ...settings },
    composer ? { composer: () => Promise.resolve(composer) } : {},
  );
  let pauses = 0;
  let paused = false;
  while (nowMs < SLOT + LATE_MS + 120_000) {
    ctx.setNow(new Date(nowMs));
    await runDeliver(ctx);
    const open = await isPaused(database);
    pauses += Number(open && !paused);
    paused = open;
    const waitMs = await untilNext(database, ctx);
    if (waitMs === null) break;
    nowMs += waitMs;
    await moveClocks(database, waitMs);
  }
  const outcome = await reckon(database, name);
  const to = receiver.taken.filter((address) => address !== OPERATOR);
  await receiver.close();
  const { connections, refused: refusals } = receiver;
  return { ...outcome, pauses, repeated: to.length - new Set(to).size, connections, refusals };
}

async function plan({ pool }: TestDatabase, readers: number, domains: number): Promise<void> {
  await pool.query('TRUNCATE sending_paces, sending_circuits, sending_days, sending_shares');
  await seed(pool, readers);
  await pool.query(`UPDATE subscribers SET email = 'reader' || id || '@d' || id % ${domains} || '.example'`);
  await planAll(pool);
  await pool.query('UPDATE deliveries SET late_at = $1', [new Date(SLOT + LATE_MS)]);
}

/** Milliseconds until a mail is due or a probe may go; null where nothing waits any more. */
async function untilNext({ pool }: TestDatabase, ctx: TestContext): Promise<number | null> {
  const { rows } = await pool.query<{ due: Date | null; probe: number | null }>(
    `SELECT (SELECT min(next_attempt_at) FROM deliveries WHERE state IN ('planned', 'retrying') AND kind = 'newsletter') AS due,
      (SELECT max(extract(epoch FROM probe_at - clock_timestamp()))::float8 * 1000 FROM sending_circuits WHERE opened_at IS NOT NULL) AS probe`,
  );
  const { due = null, probe = null } = rows[0] ?? {};
  if (due === null) return null;
  return Math.max(1_000, due.getTime() - ctx.now().getTime(), (probe ?? 0) + 10);
}

async function isPaused({ pool }: TestDatabase): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT 1 FROM sending_circuits WHERE opened_at IS NOT NULL');
  return (rowCount ?? 0) > 0;
}

/** What runs by the database's clock sees the same time pass. */
async function moveClocks({ pool }: TestDatabase, ms: number): Promise<void> {
  await pool.query(
    `UPDATE sending_circuits SET opened_at = opened_at - $1 * interval '1 ms', probe_at = probe_at - $1 * interval '1 ms', closed_at = closed_at - $1 * interval '1 ms'`,
    [ms],
  );
  await pool.query(
    `UPDATE sending_paces SET free_at = free_at - $1 * interval '1 ms', struck_at = struck_at - $1 * interval '1 ms', raised_at = raised_at - $1 * interval '1 ms'`,
    [ms],
  );
  await pool.query(
    `UPDATE deliveries SET lease_until = lease_until - $1 * interval '1 ms' WHERE lease_until IS NOT NULL`,
    [ms],
  );
}

async function reckon({ pool }: TestDatabase, name: string) {
  const { rows } = await pool.query<{ state: string; n: number; last: Date | null }>(
    "SELECT state, count(*)::int AS n, max(sent_at) AS last FROM deliveries WHERE kind = 'newsletter' GROUP BY state",
  );
  const of = (state: string) => rows.find((row) => row.state === state)?.n ?? 0;
  const { rows: alarms } = await pool.query<{ words: string }>(
    "SELECT payload->>'lines' AS words FROM deliveries WHERE kind = 'alarm' ORDER BY id",
  );
  const { rows: suppressed } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM suppressions');
  const last = Math.max(SLOT, ...rows.map((row) => row.last?.getTime() ?? 0));
  return {
    name,
    sent: of('sent'),
    retrying: of('retrying') + of('planned') + of('sending'),
    failed: of('failed'),
    bounced: of('bounced'),
    uncertain: of('uncertain'),
    suppressed: suppressed[0]?.n ?? 0,
    alarms: alarms.length,
    words: alarms.map(({ words }) => words).join(' | '),
    lastMinute: Math.round((last - SLOT) / 60_000),
  };
}
