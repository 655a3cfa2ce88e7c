import type pg from 'pg';

/** Brings the papers of one more day, matched as those of the first are: so many hits of interests. */
export async function bringNextDay(pool: pg.Pool, on: string): Promise<void> {
  await pool.query(
    `INSERT INTO captures (source, name, sha256, bytes, state, received_at) VALUES ('bench', $1::text, $1::text, '', 'parsed', $1::text::date)`,
    [on],
  );
  await pool.query(
    `INSERT INTO digests (source, digest_on, capture_id, verdict, reasons, state, arrived_at)
     SELECT 'bench', $1::date, max(id), 'fresh', '{}', 'accepted', $1::date FROM captures`,
    [on],
  );
  await pool.query(
    `WITH made AS (
       INSERT INTO papers (public_id, title, abstract, authors, arrived_at, created_at, matcher_version)
       SELECT $1::text || ' ' || id, title || ' anew', abstract, authors, $1::text::date, $1::text::date, 1 FROM papers WHERE public_id LIKE 'paper%' ORDER BY id RETURNING id, title, abstract)
     INSERT INTO entries (digest_id, paper_id, position, title, abstract, authors, upvotes, comments)
     SELECT (SELECT max(id) FROM digests), id, id, title, abstract, '{}', 7, 3 FROM made`,
    [on],
  );
  await pool.query(
    `INSERT INTO matches (interest_id, paper_id, matcher_version, score, literal, reasons)
     SELECT m.interest_id, later.id, 1, m.score, true, m.reasons FROM matches m JOIN papers p ON p.id = m.paper_id
     JOIN papers later ON later.public_id = $1::text || ' ' || p.id`,
    [on],
  );
}
