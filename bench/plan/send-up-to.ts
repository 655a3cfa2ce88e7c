import type pg from 'pg';

const CHUNK = 20_000;
/** Mails of one claim of a worker that is kept busy. */
const CLAIM = 500;

/** Where mails are taken, and what wakes a worker. */
interface Place {
  pool: pg.Pool;
  wake: () => Promise<void>;
}

/**
 * Takes every delivery up to an id through its whole life as the worker's statements do: claimed, handed over, sent; as
 * often as a worker claims, another one is waked.
 */
export async function sendUpTo({ pool, wake }: Place, id: number): Promise<void> {
  const { from } = await one<{ from: string | null }>(
    pool,
    "SELECT min(id) - 1 AS from FROM deliveries WHERE state IN ('planned', 'retrying')",
  );
  for (let after = Number(from ?? id); after < id; after += CHUNK) {
    const range = [after, Math.min(id, after + CHUNK)];
    for (let claims = 0; claims < CHUNK / CLAIM; claims++) await wake();
    await pool.query(
      `UPDATE deliveries SET state = 'sending', attempt = attempt + 1, claimed_by = 'sender', lease_until = clock_timestamp() + interval '60 s'
       WHERE id > $1 AND id <= $2 AND state = 'planned'`,
      range,
    );
    await pool.query(
      `UPDATE deliveries SET handed_at = clock_timestamp(), message_id = public_id || '@papers.example.org' WHERE id > $1 AND id <= $2 AND state = 'sending'`,
      range,
    );
    await pool.query(
      `WITH done AS (
         UPDATE deliveries SET state = 'sent', last_reply = '250 2.0.0 Ok: queued as 4F1A2B3C4D', claimed_by = NULL, lease_until = NULL,
           sent_at = clock_timestamp(), finished_at = clock_timestamp()
         WHERE id > $1 AND id <= $2 AND state = 'sending' RETURNING id, attempt)
       INSERT INTO attempts (delivery_id, attempt, worker, outcome, stage, reply, at)
       SELECT id, attempt, 'sender', 'sent', 'reply', '250 2.0.0 Ok: queued as 4F1A2B3C4D', clock_timestamp() FROM done`,
      range,
    );
  }
}

/** Reads the one row of a query. */
export async function one<T extends pg.QueryResultRow>(pool: pg.Pool, sql: string): Promise<T> {
  const { rows } = await pool.query<T>(sql);
  if (!rows[0]) throw new Error(`no row: ${sql}`);
  return rows[0];
}
