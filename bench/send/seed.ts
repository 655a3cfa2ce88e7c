import type pg from 'pg';

/** Papers everybody's newsletter is drawn from, and interests they were matched by. */
const PAPERS = 50;
const INTERESTS = 200;
const WORDS =
  'we present a model that learns sparse structure from long sequences and shows how attention over retrieved context improves robust planning under noise while training data remain small compared with earlier work on graphs vision speech and language benchmarks'.split(
    ' ',
  );

/** Fills an empty database with so many confirmed readers and their newsletters of ten papers, by plain SQL. */
export async function seed(pool: pg.Pool, readers: number): Promise<void> {
  await pool.query(`
    TRUNCATE captures, digests, entries, papers, interests, matches, subscribers, editions, newsletters, deliveries, attempts, suppressions RESTART IDENTITY CASCADE`);
  await pool.query(
    `INSERT INTO captures (source, name, sha256, bytes, state, received_at) VALUES ('bench', 'bench', 'x', '', 'parsed', '2026-01-05')`,
  );
  await pool.query(
    `INSERT INTO digests (source, digest_on, capture_id, verdict, reasons, state, arrived_at) VALUES ('bench', '2026-01-05', 1, 'fresh', '{}', 'accepted', '2026-01-05')`,
  );
  for (let n = 1; n <= PAPERS; n++) {
    const title = sentence(n, 9);
    const abstract = [1, 2, 3, 4, 5, 6, 7].map((part) => `${sentence(n * 31 + part, 22)}.`).join(' ');
    await pool.query(
      `INSERT INTO papers (public_id, title, abstract, authors, author_count, arrived_at, created_at) VALUES ($1, $2, $3, $4, 5, '2026-01-05', '2026-01-05')`,
      [
        `paper${n}`,
        title,
        abstract,
        ['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Emmy Noether', 'Katherine Johnson'],
      ],
    );
    await pool.query(
      `INSERT INTO entries (digest_id, paper_id, position, title, abstract, authors, author_count, upvotes, comments, url)
       VALUES (1, $1, $1, $2, $3, $4, 5, $1, 3, $5)`,
      [
        n,
        title,
        abstract,
        ['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Emmy Noether', 'Katherine Johnson'],
        `https://papers.example.org/${n}`,
      ],
    );
  }
  await pool.query(
    `INSERT INTO interests (kind, key, created_at) SELECT 'words', 'interest number ' || n, '2026-01-05' FROM generate_series(1, ${INTERESTS}) n`,
  );
  await pool.query(`
    INSERT INTO matches (interest_id, paper_id, matcher_version, score, reasons)
    SELECT i, p, 1, 0.5, '[{"kind":"words","text":"sparse structure","where":"abstract"}]' FROM generate_series(1, ${INTERESTS}) i, generate_series(1, ${PAPERS}) p`);
  await pool.query(
    `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at)
     SELECT 'reader' || n, 'reader' || n || '@bench.example', sha256(('reader' || n)::bytea), 'confirmed', 'daily', 1, 8, 'UTC', 10, 'en', '2026-01-01'
     FROM generate_series(1, $1::int) n`,
    [readers],
  );
  await pool.query(`INSERT INTO editions (key, created_at) VALUES ('daily:2026-01-05', '2026-01-05')`);
  await pool.query(`
    INSERT INTO newsletters (subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count,
      trending_ids, language, template_version, key_id, generation, slot_at, issued_on, created_at)
    SELECT s.id, 1, a.papers, a.papers, a.matches, array_fill(7, '{10}'), array_fill(3, '{10}'), 50, 12, '{48,49,50}', 'en', 1,
      coalesce((SELECT max(id) FROM keys WHERE purpose = 'link'), 1), 1, '2026-01-05 08:00Z', '2026-01-05', '2026-01-05'
    FROM subscribers s, LATERAL (
      SELECT array_agg(p) AS papers, array_agg(((s.id * 17 + p) % ${INTERESTS}) * ${PAPERS} + p) AS matches
      FROM (SELECT 1 + (s.id * 7 + k * 5) % ${PAPERS - 5} AS p FROM generate_series(1, 9) k UNION SELECT 46 + s.id % 2) AS chosen) AS a
    WHERE cardinality(a.papers) = 10`);
  await pool.query('ANALYZE');
}

/** Plans everybody's newsletter anew, as if nothing had been sent; returns how many. */
export async function planAll(pool: pg.Pool): Promise<number> {
  await pool.query('TRUNCATE attempts, feedback_events, deliveries');
  const { rowCount } = await pool.query(`
    INSERT INTO deliveries (kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, language, key_id, generation, next_attempt_at, created_at)
    SELECT 'newsletter', 'daily:2026-01-05', s.id, 1, n.id, s.email, s.address_hash, 'en', n.key_id, 1, '2026-01-05 08:00Z', '2026-01-05 08:00Z'
    FROM newsletters n JOIN subscribers s ON s.id = n.subscriber_id`);
  await pool.query('VACUUM ANALYZE deliveries');
  return rowCount ?? 0;
}

function sentence(seedNumber: number, words: number): string {
  let state = seedNumber * 2_654_435_761;
  const chosen = Array.from({ length: words }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return WORDS[state % WORDS.length] ?? '';
  });
  const text = chosen.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
