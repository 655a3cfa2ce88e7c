const PAPERS = 20_000;
const DIGESTS = 400;
const INTERESTS = 5_000;
const ACTS = 200_000;
const SUPPRESSED = 50_000;
const RUNS = 20_000;
/** Readers whom the planner plans at once. */
const BATCH = 500;
/** The newest edition of them. */
export const NEWEST_ON = '2026-01-05';
export const NOW = new Date(`${NEWEST_ON}T12:00:00Z`);

/** How the mails ended, of a hundred. */
const STATE = `CASE WHEN n % 100 < 93 THEN 'sent' WHEN n % 100 < 95 THEN 'bounced' WHEN n % 100 < 96 THEN 'failed' WHEN n % 100 < 98 THEN 'cancelled'
  WHEN n % 1000 = 998 THEN 'uncertain' ELSE 'sent' END`;
const REASON = `CASE WHEN n % 100 >= 93 AND n % 100 < 95 THEN 'refused' WHEN n % 100 = 95 THEN 'used_up' WHEN n % 100 IN (96, 97) THEN 'unsubscribed'
  WHEN n % 1000 = 998 THEN 'lost' END`;

export const LISTS: readonly [string, string][] = [
  [
    'lists',
    `INSERT INTO captures (source, name, sha256, bytes, state, received_at)
     SELECT 'bench', 'day ' || n, 'sha' || n, '\\x00', 'parsed', timestamptz '${NEWEST_ON} 02:00Z' - n * interval '1 day' FROM generate_series(0, ${DIGESTS - 1}) n;
     INSERT INTO digests (source, digest_on, capture_id, verdict, reasons, state, arrived_at)
     SELECT 'bench', date '${NEWEST_ON}' - n, n + 1, 'fresh', '{}', 'accepted', timestamptz '${NEWEST_ON} 02:00Z' - n * interval '1 day' FROM generate_series(0, ${DIGESTS - 1}) n`,
  ],
  [
    'papers',
    `INSERT INTO papers (public_id, title, abstract, authors, arxiv_id, arrived_at, created_at, matcher_version)
     SELECT 'paper' || lpad(n::text, 15, '0'), 'A study of sparse ' || md5(n::text) || ' attention', repeat('word ', 100), '{}',
       '2601.' || lpad(n::text, 5, '0'), timestamptz '${NEWEST_ON} 02:00Z' - (n % ${DIGESTS}) * interval '1 day', '2025-01-01', 1 FROM generate_series(1, ${PAPERS}) n;
     INSERT INTO paper_identities (kind, value, paper_id) SELECT 'arxiv', arxiv_id, id FROM papers;
     INSERT INTO paper_identities (kind, value, paper_id) SELECT 'doi', '10.1234/bench.' || id, id FROM papers;
     INSERT INTO entries (digest_id, paper_id, position, title, abstract, authors, upvotes, comments)
     SELECT 1 + id % ${DIGESTS}, id, 1 + id / ${DIGESTS}, title, abstract, '{}', id % 99, 3 FROM papers`,
  ],
  [
    'interests',
    `INSERT INTO interests (kind, key, created_at, matcher_version) SELECT 'words', 'interest ' || n, '2025-01-01', 1 FROM generate_series(1, ${INTERESTS}) n;
     INSERT INTO matches (interest_id, paper_id, matcher_version, score, literal, reasons)
     SELECT DISTINCT ON (i, p) i, p, 1, 0.6, true, '[]'::jsonb FROM (SELECT 1 + (n * 7919) % ${INTERESTS} AS i, 1 + (n::bigint * 104729) % ${PAPERS} AS p FROM generate_series(1, 200000) n) x`,
  ],
];

export const READERS = `
  INSERT INTO subscribers (id, public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at, confirmed_at,
    unsubscribed_at, next_due_at, last_slot_on, last_newsletter_at, confirmations)
  SELECT n, 'reader' || lpad(n::text, 14, '0'), 'reader' || n || '@d' || n % 2000 || '.example', sha256(('reader' || n)::bytea),
    s.status::subscriber_status, (CASE WHEN n % 5 = 0 THEN 'weekly' ELSE 'daily' END)::cadence, 1 + n % 7, n % 24, 'UTC', 10, CASE WHEN n % 4 = 0 THEN 'de' ELSE 'en' END,
    timestamptz '2025-01-01' + (n % 350) * interval '1 day', CASE WHEN s.status <> 'pending' THEN timestamptz '2025-01-02' + (n % 350) * interval '1 day' END,
    CASE WHEN s.status = 'unsubscribed' THEN timestamptz '2026-01-01' END,
    CASE WHEN s.status = 'confirmed' THEN timestamptz '${NEWEST_ON} 12:00Z' + (n % 24) * interval '1 hour' END, '${NEWEST_ON}', '${NEWEST_ON} 08:00Z', 1
  FROM generate_series($1::int, $2::int) n
  CROSS JOIN LATERAL (SELECT CASE WHEN n % 50 = 7 THEN 'pending' WHEN n % 20 = 3 THEN 'unsubscribed' ELSE 'confirmed' END AS status) s`;

export const WISHES = `
  INSERT INTO subscriber_interests (subscriber_id, interest_id, wording)
  SELECT n, 1 + (n * 31 + k * 977) % ${INTERESTS}, 'interest ' || 1 + (n * 31 + k * 977) % ${INTERESTS} FROM generate_series($1::int, $2::int) n, generate_series(1, 3) k`;

export const ADDRESS_WORDS = `
  INSERT INTO address_words (word, subscriber_id)
  SELECT words_of_address('reader' || n || '@d' || n % 2000 || '.example'), n FROM generate_series($1::int, $2::int) n`;

export const BLOCKED = `
  INSERT INTO suppressions (address_hash, reason, at)
  SELECT sha256(('reader' || n * 19)::bytea), (CASE WHEN n % 3 = 0 THEN 'complaint' ELSE 'hard' END)::suppression_reason, timestamptz '${NEWEST_ON}' - n * interval '1 minute'
  FROM generate_series(1, ${SUPPRESSED}) n`;

export const EDITIONS = `
  INSERT INTO editions (key, created_at) SELECT 'daily:' || ($2::date - ($1::int - n)), ($2::date - ($1::int - n))::timestamptz + interval '8 hours' FROM generate_series(1, $1::int) n`;

/** The n-th mail: the newest edition goes to everybody, the rounds before it are spread over the others. */
const MAILS = `
  SELECT n, ((n - 1) % $3::bigint + 1)::int AS reader,
    CASE WHEN n <= $3::bigint THEN $4::int ELSE ($4::int - 1 - (((n - 1) / $3::bigint)::int - 1) * (($4::int - 1) / 4) - (n % (($4::int - 1) / 4))::int) END AS edition
  FROM generate_series($1::bigint, $2::bigint) n`;

export const NEWSLETTERS = `
  INSERT INTO newsletters (id, subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count, trending_ids,
    language, template_version, key_id, generation, slot_at, issued_on, created_at)
  SELECT m.n, m.reader, m.edition, a.ids, a.ids, '{0,0,0,0,0}', '{7,7,7,7,7}', '{3,3,3,3,3}', 50, 12, '{}', 'en', 4, 1, 1,
    e.created_at, e.created_at::date, e.created_at
  FROM (${MAILS}) m JOIN editions e ON e.id = m.edition
  CROSS JOIN LATERAL (SELECT ARRAY[1 + (m.n * 3) % ${PAPERS}, 1 + (m.n * 3 + 5) % ${PAPERS}, 1 + (m.n * 3 + 11) % ${PAPERS}, 1 + (m.n * 3 + 17) % ${PAPERS}, 1 + (m.n * 3 + 23) % ${PAPERS}]::int[] AS ids) a`;

export const DELIVERIES = `
  INSERT INTO deliveries (id, kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, language, key_id, generation, state, attempt, next_attempt_at,
    late_at, sent_at, finished_at, end_reason, last_reply, message_id, created_at)
  SELECT m.n, 'newsletter', e.key, m.reader, m.edition, m.n, 'reader' || m.reader || '@d' || m.reader % 2000 || '.example', sha256(('reader' || m.reader)::bytea), 'en', 1, 1,
    (${STATE})::delivery_state, 1, e.created_at, e.created_at + interval '12 hours', CASE WHEN (${STATE}) = 'sent' THEN e.created_at + interval '1 minute' END,
    e.created_at + interval '1 minute', (${REASON})::end_reason, CASE WHEN (${STATE}) = 'sent' THEN '250 ok' WHEN (${STATE}) = 'bounced' THEN '550 5.1.1 no such user' END,
    '<' || md5(m.n::text) || '@digest.example.org>', e.created_at
  FROM (${MAILS}) m JOIN editions e ON e.id = m.edition`;

export const ATTEMPTS = `
  INSERT INTO attempts (delivery_id, attempt, worker, outcome, stage, reply, at)
  SELECT n, 1, 'w', (CASE WHEN (${STATE}) = 'sent' THEN 'sent' WHEN (${STATE}) = 'bounced' THEN 'bounced' ELSE 'deferred' END)::attempt_outcome, 'reply', '250 ok', '${NEWEST_ON}'
  FROM generate_series($1::bigint, $2::bigint) n`;

/** Of each fiftieth mail something came back, by sessions and doors, over two months. */
export const REPORTS = `
  INSERT INTO feedback_events (door, kind, delivery_id, counts_on, at, effect)
  SELECT (ARRAY['session', 'smtp', 'webhook'])[1 + n % 3]::feedback_door, (CASE WHEN n % 97 = 0 THEN 'complaint' WHEN n % 2 = 0 THEN 'hard' ELSE 'soft' END)::feedback_kind,
    n * 50, '${NEWEST_ON}', $2::timestamptz - n * interval '50 seconds', CASE WHEN n % 97 = 0 THEN 'left' ELSE 'noted' END
  FROM generate_series(1, ($1::bigint / 50)::int) n`;

export const ACTS_SQL = `
  INSERT INTO audit_log (at, actor, action, subject) SELECT $1::timestamptz - n * interval '1 minute', 'reader', 'unsubscribe', 'reader' || lpad(n::text, 14, '0') FROM generate_series(1, ${ACTS}) n`;

export const RUNS_SQL = `
  WITH runs_made AS (
    INSERT INTO runs (job, started_at, finished_at, outcome, counts)
    SELECT (ARRAY['ingest', 'match', 'plan', 'deliver'])[1 + n % 4], $1::timestamptz - n * interval '1 minute', $1::timestamptz - n * interval '1 minute', 'done',
      jsonb_build_object('due', CASE WHEN n % 50 < 4 THEN 1 ELSE 0 END) FROM generate_series(${RUNS}, 1, -1) n)
  INSERT INTO errands (kind, state, wish, actor, created_at) SELECT 'readers.pause', 'done', '{}', 'cli', $1::timestamptz - n * interval '1 hour'
  FROM generate_series(${RUNS}, 1, -1) n`;

/** Half of all had nothing in the newest edition, in the batches in which they were planned. */
export const NOTHING = `
  INSERT INTO edition_nothing_readers (edition_key, reason, n, reader_ids, planned_at)
  SELECT 'daily:' || $2::date, CASE WHEN batch % 2 = 0 THEN 'no-news' ELSE 'none-fits' END, count(*), array_agg(n ORDER BY n), $3::timestamptz
  FROM (SELECT n, n / ${BATCH} AS batch FROM generate_series(1, $1::int) n WHERE n % 2 = 0) x GROUP BY batch ORDER BY batch`;

export const SERIALS = `
  SELECT setval(pg_get_serial_sequence(t, 'id'), (xpath('/row/m/text()', query_to_xml(format('SELECT max(id) AS m FROM %I', t), false, true, '')))[1]::text::bigint)
  FROM unnest(ARRAY['subscribers', 'newsletters', 'deliveries', 'editions', 'papers', 'entries']) t`;

/** What triggers keep, which were off. */
export const SUMS: readonly string[] = [
  `INSERT INTO edition_sums SELECT edition_id, state, coalesce(end_reason::text, ''), 0, count(*) FROM deliveries WHERE edition_id IS NOT NULL GROUP BY 1, 2, 3`,
  `INSERT INTO feedback_sums SELECT door, kind, count(*), max(at) FROM feedback_events WHERE door <> 'session' GROUP BY 1, 2`,
  `INSERT INTO reader_sums SELECT status, 0, count(*) FROM subscribers GROUP BY 1;
   INSERT INTO reader_days SELECT (created_at AT TIME ZONE 'UTC')::date, 'asked', 0, count(*) FROM subscribers GROUP BY 1;
   INSERT INTO reader_days SELECT (confirmed_at AT TIME ZONE 'UTC')::date, 'confirmed', 0, count(*) FROM subscribers WHERE confirmed_at IS NOT NULL GROUP BY 1`,
];
