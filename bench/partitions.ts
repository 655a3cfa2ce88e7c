/**
 * `npm run bench:partitions -- --database URL`: what the ledger would gain and lose in twelve partitions. Takes a
 * database that `npm run bench:admin -- --keep` made, lays a copy of its ledger beside it, and asks both the same.
 */
import { Command } from 'commander';
import pg from 'pg';
import { openPool, openPrisma, type Db } from '../src/db/client.ts';
import { claimDeliveries } from '../src/db/ledger/claim.ts';
import { listDeliveries } from '../src/db/ledger/list.ts';
import { layBeside, PARTITIONS } from './partitions/lay-beside.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const flags = new Command('bench:partitions')
  .requiredOption('--database <url>', 'made by bench:admin, and changed here')
  .option('--rounds <n>', 'times that each is asked', Number, 15)
  .parse()
  .opts<{ database: string; rounds: number }>();
const say = (line: string) => void process.stdout.write(`${line}\n`);

interface Side {
  db: Db;
  pool: pg.Pool;
  /** Writes 500 mails that nobody had, as planning does. */
  plan: string;
}

const owner = new pg.Client({ connectionString: flags.database });
await owner.connect();
const size = await layBeside(owner, (step) => void process.stderr.write(`${step}\n`));
const PLANNED = `kind, key, subscriber_id, edition_id, email, address_hash, language, key_id, generation, next_attempt_at, created_at)
  SELECT 'newsletter', k.key, s.id, 250, s.email, s.address_hash, s.language, 1, 1, '2027-01-01', now() FROM`;
const READERS = "(SELECT 'bench:' || gen_random_uuid() AS key OFFSET 0) k CROSS JOIN subscribers s WHERE s.id <= 500";
const sides = [
  opened('public', `INSERT INTO deliveries (${PLANNED} ${READERS} ON CONFLICT (subscriber_id, kind, key) DO NOTHING`),
  opened(
    'parted,public',
    `WITH k AS (INSERT INTO delivery_keys SELECT s.id, 'newsletter', k.key FROM ${READERS} ON CONFLICT DO NOTHING RETURNING subscriber_id, key)
     INSERT INTO deliveries (${PLANNED} k JOIN subscribers s ON s.id = k.subscriber_id`,
  ),
];
say(`| ms, median of ${flags.rounds} | one table | ${PARTITIONS} partitions |\n| --- | ---: | ---: |`);
for (const [what, ask] of Object.entries(await questions())) {
  const times: string[] = [];
  for (const side of sides) times.push((await median(() => ask(side))).toFixed(1));
  say(`| ${what} | ${times.join(' | ')} |`);
}
const few = Math.floor(size / 10);
const deleted = await undone(
  `DELETE FROM public.deliveries WHERE id > ${size * (PARTITIONS - 1)} AND id <= ${size * (PARTITIONS - 1) + few}`,
);
const dropped = await undone(`DROP TABLE parted.d${PARTITIONS - 1}`);
say(`| forget: ${few} mails by DELETE, ${size} by DROP | ${deleted.toFixed(0)} | ${dropped.toFixed(0)} |`);
for (const { db, pool } of sides) await db.$disconnect().then(() => pool.end());
await owner.end();

function opened(path: string, plan: string): Side {
  const url = new URL(flags.database);
  url.searchParams.set('options', `-c search_path=${path}`);
  const pool = openPool(url.href, 4, () => {});
  return { pool, db: openPrisma(pool), plan };
}

async function questions(): Promise<Record<string, (side: Side) => Promise<unknown>>> {
  const asked = 'SELECT address_hash AS hash FROM public.deliveries WHERE id = 4000000';
  const addressHash = (await owner.query<{ hash: Buffer }>(asked)).rows[0]?.hash ?? Buffer.alloc(32);
  const some =
    'SELECT public_id::text AS id FROM public.deliveries WHERE id = ANY(ARRAY(SELECT n * 4999 FROM generate_series(1, 1000) n))';
  const ids = (await owner.query<{ id: string }>(some)).rows.map(({ id }) => id);
  const list = (filter: Parameters<typeof listDeliveries>[1]) => (side: Side) =>
    listDeliveries(side.db, filter, { limit: 100, cursor: '' });
  return {
    'claim 1,000': ({ db }) => claimDeliveries(db, { worker: 'bench', limit: 1_000, now: NOW, leaseSeconds: 600 }),
    'plan 500': ({ pool, plan }) => pool.query(plan),
    'list: all': list({}),
    'list: an edition': list({ edition: 'daily:2025-12-01' }),
    'list: bounced of the newest edition': list({ edition: 'daily:2026-01-05', state: 'bounced' }),
    'list: bounced of all editions': list({ state: 'bounced' }),
    'list: an address': list({ addressHash }),
    '1,000 by public id': ({ pool }) =>
      pool.query('SELECT state FROM deliveries WHERE public_id = ANY($1::uuid[])', [ids]),
    '1,000 by id': ({ pool }) =>
      pool.query('SELECT state FROM deliveries WHERE id = ANY(ARRAY(SELECT n * 4999 FROM generate_series(1, 1000) n))'),
  };
}

async function median(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < flags.rounds; round++) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** Times a statement, and undoes it. */
async function undone(statement: string): Promise<number> {
  await owner.query('BEGIN');
  const from = performance.now();
  await owner.query(statement);
  const ms = performance.now() - from;
  await owner.query('ROLLBACK');
  return ms;
}
