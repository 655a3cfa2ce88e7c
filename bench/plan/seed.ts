import type pg from 'pg';

/** As in PERF: 5,000 interests asked for by Zipf's law (s = 1), 50 papers, about 5,000 hits. */
const INTERESTS = 5_000;
const PAPERS = 50;
const HITS = 5_018;
const INTERESTS_EACH = 5;
/** Readers written by one statement. */
const CHUNK = 100_000;

/** Fills an empty database with one digest, its matches, and readers who are all due at 08:00 UTC. */
export async function seed(pool: pg.Pool, readers: number, slotOn: string, dueAt: Date): Promise<void> {
  await pool.query(
    `TRUNCATE captures, papers, interests, subscribers, editions, deliveries, pgboss.job, pgboss.archive RESTART IDENTITY CASCADE`,
  );
  await pool.query(`SELECT setseed(0.5)`);
  await seedPapers(pool, slotOn);
  await pool.query(`CREATE TABLE IF NOT EXISTS bench_zipf (interest_id int, upto float8)`);
  await pool.query(`TRUNCATE bench_zipf`);
  await pool.query(
    `INSERT INTO bench_zipf SELECT n, sum(1.0 / n) OVER (ORDER BY n) / (SELECT sum(1.0 / k) FROM generate_series(1, $1::int) k)
     FROM generate_series(1, $1::int) n`,
    [INTERESTS],
  );
  await pool.query(`CREATE INDEX IF NOT EXISTS bench_zipf_upto ON bench_zipf (upto)`);
  for (let from = 1; from <= readers; from += CHUNK) {
    await seedReaders(pool, from, Math.min(readers, from + CHUNK - 1), dueAt);
  }
  await pool.query('VACUUM ANALYZE');
}

async function seedPapers(pool: pg.Pool, slotOn: string): Promise<void> {
  await pool.query(
    `INSERT INTO captures (source, name, sha256, bytes, state, received_at) VALUES ('bench', 'bench', 'x', '', 'parsed', $1)`,
    [slotOn],
  );
  await pool.query(
    `INSERT INTO digests (source, digest_on, capture_id, verdict, reasons, state, arrived_at) VALUES ('bench', $1::date, 1, 'fresh', '{}', 'accepted', $1::date)`,
    [slotOn],
  );
  await pool.query(
    `INSERT INTO papers (public_id, title, abstract, authors, arrived_at, created_at, matcher_version)
     SELECT 'paper' || n, 'Title ' || n, repeat('word ', 200), '{}', $1::date, $1::date, 1 FROM generate_series(1, $2::int) n`,
    [slotOn, PAPERS],
  );
  await pool.query(
    `INSERT INTO entries (digest_id, paper_id, position, title, abstract, authors, upvotes, comments)
     SELECT 1, id, id, title, abstract, '{}', (random() * 99)::int, 3 FROM papers`,
  );
  await pool.query(
    `INSERT INTO interests (kind, key, created_at, matcher_version) SELECT 'words', 'interest ' || n, $1::date, 1 FROM generate_series(1, $2::int) n`,
    [slotOn, INTERESTS],
  );
  await pool.query(
    `INSERT INTO matches (interest_id, paper_id, matcher_version, score, literal, reasons)
     SELECT DISTINCT 1 + (random() * ${INTERESTS - 1})::int, 1 + (random() * ${PAPERS - 1})::int, 1, 0.6, true, '[{"kind":"phrase","text":"x","where":"title"}]'::jsonb
     FROM generate_series(1, ${HITS})`,
  );
}

async function seedReaders(pool: pg.Pool, from: number, to: number, dueAt: Date): Promise<void> {
  await pool.query(
    `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at, next_due_at)
     SELECT 'reader' || n, 'reader' || n || '@bench.example', sha256(('reader' || n)::bytea), 'confirmed', 'daily', 1, 8, 'UTC', 10, 'en', $3::timestamptz, $3::timestamptz
     FROM generate_series($1::int, $2::int) n`,
    [from, to, dueAt],
  );
  await pool.query(
    `INSERT INTO subscriber_interests (subscriber_id, interest_id, wording)
     SELECT DISTINCT drawn.reader, z.interest_id, 'x'
     FROM (SELECT n AS reader, random() AS dice FROM generate_series($1::int, $2::int) n, generate_series(1, ${INTERESTS_EACH})) drawn
     CROSS JOIN LATERAL (SELECT interest_id FROM bench_zipf WHERE upto >= drawn.dice ORDER BY upto LIMIT 1) z`,
    [from, to],
  );
}
