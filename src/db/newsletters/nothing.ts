import type { Tx } from '../client.ts';
import { filled, int4 } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

const add = command(
  'count readers for whom there was nothing',
  (given: { keys: readonly string[]; counts: readonly number[] }) => sql`
    INSERT INTO edition_nothing AS e (edition_key, shard, n)
    SELECT key, pg_backend_pid() % 16, count FROM unnest(${given.keys}::text[], ${given.counts}::bigint[]) AS v (key, count)
    ON CONFLICT (edition_key, shard) DO UPDATE SET n = e.n + excluded.n`,
);

/** Counts readers who had a slot in an edition and for whom there was nothing new; in the planner's transaction. */
export async function countNothing(db: Tx, counts: ReadonlyMap<string, number>): Promise<void> {
  if (counts.size === 0) return;
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  await add(db, { keys: rows.map(([key]) => key), counts: rows.map(([, count]) => count) });
}

const total = query(
  'readers for whom there was nothing',
  { count: filled(int4) },
  (given: { key: string }) => sql`
    SELECT coalesce(sum(n), 0)::int AS count FROM edition_nothing WHERE edition_key = ${given.key}`,
);

/** Returns how many readers had a slot in an edition and got no mail, since nothing new fitted. */
export async function nothingIn(db: Tx, key: string): Promise<number> {
  const [row] = await total(db, { key });
  return row?.count ?? 0;
}
