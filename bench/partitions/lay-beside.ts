import type pg from 'pg';

/** Partitions of the copy. */
export const PARTITIONS = 12;
/** Mails of the newest edition among which every fifth waits. */
const NEWEST = 1_000_000;

/**
 * Lays a copy of a ledger beside it, once, in the schema `parted`: in partitions by id, as months would be, since ids
 * rise with time. What is unique over all of them stands in a table of its own. Returns rows in a partition.
 */
export async function layBeside(client: pg.Client, say: (step: string) => void): Promise<number> {
  const rows = async <T>(sql: string) => (await client.query(sql)).rows as T[];
  const [most] = await rows<{ id: string }>('SELECT max(id) AS id FROM public.deliveries');
  const size = Math.ceil((Number(most?.id) + 1) / PARTITIONS);
  const [found] = await rows<{ there: boolean }>("SELECT to_regclass('parted.delivery_keys') IS NOT NULL AS there");
  if (found?.there) return size;
  say('letting mails wait');
  await client.query("SET maintenance_work_mem = '512MB'; SET synchronous_commit = off");
  await client.query(`UPDATE public.deliveries SET state = 'planned', attempt = 0, sent_at = NULL, finished_at = NULL, late_at = '2027-01-01'
    WHERE id <= ${NEWEST} AND id % 5 = 0 AND state = 'sent'`);
  await client.query('VACUUM ANALYZE public.deliveries');
  say('copying');
  await client.query(`DROP SCHEMA IF EXISTS parted CASCADE; CREATE SCHEMA parted;
    CREATE TABLE parted.deliveries (LIKE public.deliveries INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (id)`);
  for (let n = 0; n < PARTITIONS; n++) {
    const to = n === PARTITIONS - 1 ? 'MAXVALUE' : String((n + 1) * size);
    await client.query(
      `CREATE TABLE parted.d${n} PARTITION OF parted.deliveries FOR VALUES FROM (${n * size}) TO (${to})`,
    );
  }
  await client.query('INSERT INTO parted.deliveries SELECT * FROM public.deliveries');
  say('indexes');
  const indexes = "SELECT indexdef AS def FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'deliveries'";
  for (const { def } of await rows<{ def: string }>(indexes)) {
    const there = def.replace('ON public.', 'ON parted.');
    await client.query(there.includes(' deliveries_pkey ') ? there : there.replace('UNIQUE ', ''));
  }
  const triggers = `SELECT pg_get_triggerdef(oid) AS def FROM pg_trigger
    WHERE tgrelid = 'public.deliveries'::regclass AND NOT tgisinternal AND tgname <> 'count_truncated'`;
  for (const { def } of await rows<{ def: string }>(triggers))
    await client.query(def.replace('ON public.', 'ON parted.'));
  say('keys');
  await client.query(`CREATE TABLE parted.delivery_keys AS SELECT subscriber_id, kind, key FROM public.deliveries WHERE subscriber_id IS NOT NULL;
    ALTER TABLE parted.delivery_keys ADD PRIMARY KEY (subscriber_id, kind, key)`);
  await client.query('ANALYZE parted.deliveries');
  await client.query('VACUUM ANALYZE parted.delivery_keys');
  return size;
}
