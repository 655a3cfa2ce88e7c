const AT = "'2026-11-22T08:00:00Z'";
const READERS = 4;
const PAPERS = 6;
const LIST = `ARRAY[1, 2, 3]`;

/** Ten rows or fewer for each table of the first migration, as a service of that time would have left them. */
export const FIRST_ROWS: readonly string[] = [
  `INSERT INTO captures (source, name, sha256, bytes, state, problem, received_at) VALUES
    ('lists', '2026-11-20.json', repeat('a', 64), '\\x7b7d', 'parsed', NULL, ${AT}),
    ('lists', 'broken.json', repeat('b', 64), '\\x00ff0a', 'rejected', 'no digest: a tab\tand a \\ ', ${AT})`,
  `INSERT INTO digests (source, digest_on, capture_id, verdict, reasons, state, warnings, arrived_at) VALUES
    ('lists', '2026-11-20', 1, 'fresh', '{}', 'accepted', '[]', ${AT}),
    ('lists', '2026-11-21', 1, 'partial', '{"3 papers where 40 are usual"}', 'held', '["no day stated"]', ${AT})`,
  `INSERT INTO papers (public_id, title, abstract, authors, author_count, organization_slug, organization_name, published_on, arxiv_id, url, arrived_at,
      matcher_version, created_at)
    SELECT 'paper' || lpad(n::text, 15, '0'), 'On «ü» and sparse attention, part ' || n, repeat('An abstract of some words. ', 9), ARRAY['Ada Quill', 'Lin 日本'], 2,
      'kelp', 'Kelp Institute', '2026-11-19', '2611.0000' || n, 'https://papers.example.org/' || n, ${AT}, 1, ${AT} FROM generate_series(1, ${PAPERS}) n`,
  `UPDATE papers SET merged_into_id = 1 WHERE id = ${PAPERS}`,
  `INSERT INTO paper_identities (kind, value, paper_id) SELECT 'arxiv', arxiv_id, id FROM papers`,
  `INSERT INTO paper_identities (kind, value, paper_id) VALUES ('doi', '10.1234/one', 1), ('title', 'on sparse attention', 1), ('title', 'on sparse attention', 2)`,
  `INSERT INTO entries (digest_id, paper_id, position, title, abstract, authors, author_count, published_on, upvotes, comments, url, code_url, discussion_url)
    SELECT 1, id, id, title, abstract, authors, 2, '2026-11-19', 7 * id, 3, url, 'https://code.example.org/x', 'https://talk.example.org/x' FROM papers`,
  `INSERT INTO topics (slug, name, field, description, profile, arxiv_categories, retired) VALUES
    ('robotics', 'Robotics', 'ai', 'Machines that move', '{"phrases": ["robot"]}', '{cs.RO}', false), ('old', 'Old', 'ai', 'Gone', '{}', '{}', true)`,
  `INSERT INTO interests (kind, key, matcher_version, created_at) VALUES
    ('topic', 'robotics', 1, ${AT}), ('words', 'sparse attention', 1, ${AT}), ('author', 'ada quill', NULL, ${AT}), ('organization', 'kelp', NULL, ${AT})`,
  `INSERT INTO matches (interest_id, paper_id, matcher_version, score, reasons)
    SELECT 2, id, 1, 0.5 + id / 100.0, '[{"kind": "phrase", "text": "sparse attention", "where": "title"}]' FROM papers`,
  `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, next_due_at, last_slot_on,
      last_newsletter_at, confirmations, created_at, confirmed_at, unsubscribed_at, unsubscribe_note, paused_until)
    SELECT 'reader' || lpad(n::text, 14, '0'), 'reader' || n || '@example.org', sha256(('reader' || n)::bytea),
      (ARRAY['confirmed', 'confirmed', 'pending', 'unsubscribed'])[n]::subscriber_status, (ARRAY['daily', 'weekdays', 'weekly', 'daily'])[n]::cadence, 1, 8,
      'Europe/Berlin', 10, 'en', CASE WHEN n <= 2 THEN ${AT}::timestamptz END, '2026-11-20', ${AT}, 1, ${AT}, CASE WHEN n <> 3 THEN ${AT}::timestamptz END,
      CASE WHEN n = 4 THEN ${AT}::timestamptz END, CASE WHEN n = 4 THEN 'too much' END, CASE WHEN n = 2 THEN ${AT}::timestamptz END
    FROM generate_series(1, ${READERS}) n`,
  `INSERT INTO subscriber_interests (subscriber_id, interest_id, muted, wording) VALUES
    (1, 2, false, 'Sparse Attention'), (1, 1, true, 'Robotics'), (2, 3, false, 'Ada Quill'), (3, 4, false, 'Kelp'), (4, 2, false, 'sparse attention')`,
  `INSERT INTO consents (subscriber_id, step, wording_version, wording, source, ip, user_agent, at)
    SELECT id, s::consent_step, '1', 'Send me papers', 'form', '192.0.2.7', 'Mozilla/5.0', ${AT} FROM subscribers, unnest(ARRAY['request', 'confirm']) s`,
  `INSERT INTO confirmation_requests (public_id, subscriber_id, new_email, created_at, expires_at, used_at) VALUES
    ('request1', 1, NULL, ${AT}, ${AT}, ${AT}), ('request2', 3, NULL, ${AT}, ${AT}, NULL), ('request3', 2, 'two@example.org', ${AT}, ${AT}, NULL)`,
  `INSERT INTO reactions (subscriber_id, paper_id, kind, at) VALUES (1, 1, 'more', ${AT}), (1, 2, 'less', ${AT})`,
  `INSERT INTO suppressions (address_hash, reason, note, at) VALUES (sha256('a'), 'hard', '550 unknown', ${AT}), (sha256('b'), 'complaint', NULL, ${AT}),
    (sha256('c'), 'manual', 'asked by mail', ${AT}), (sha256('d'), 'erased', NULL, ${AT})`,
  `INSERT INTO keys (purpose, secret, wrapped, created_at) VALUES ('link', sha256('link'), false, ${AT}), ('suppression', sha256('suppression'), false, ${AT})`,
  `INSERT INTO editions (key, state, created_at) VALUES ('daily:2026-11-20', 'open', ${AT}), ('daily:2026-11-21', 'paused', ${AT}), ('weekly:2026-11-16', 'cancelled', ${AT})`,
  `INSERT INTO newsletters (subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count, trending_ids, language,
      template_version, key_id, generation, slot_at, issued_on, created_at)
    SELECT s, e, ${LIST}, ${LIST}, ${LIST}, ARRAY[7, 14, -1], ARRAY[3, 3, -1], 6, 3, ARRAY[4], 'en', 1, 1, 1, ${AT}, '2026-11-20', ${AT}
    FROM generate_series(1, 2) s, generate_series(1, 2) e`,
  `INSERT INTO deliveries (kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, language, key_id, generation, state, attempt, next_attempt_at,
      sent_at, finished_at, last_reply, message_id, created_at)
    SELECT 'newsletter', e.key, n.subscriber_id, e.id, n.id, s.email, s.address_hash, 'en', 1, 1, x.state::delivery_state, 1, ${AT},
      CASE WHEN x.state = 'sent' THEN ${AT}::timestamptz END, CASE WHEN x.state <> 'planned' THEN ${AT}::timestamptz END, x.reply,
      '<' || n.id || '@papers.example.org>', ${AT}
    FROM newsletters n JOIN editions e ON e.id = n.edition_id JOIN subscribers s ON s.id = n.subscriber_id
    JOIN (VALUES (1, 'sent', '250 ok'), (2, 'planned', NULL), (3, 'bounced', '550 5.1.1 unknown'), (4, 'failed', '451 later')) AS x(id, state, reply) ON x.id = n.id`,
  `INSERT INTO deliveries (kind, key, subscriber_id, email, address_hash, payload, language, key_id, generation, next_attempt_at, created_at) VALUES
    ('confirmation', 'request1', 1, 'reader1@example.org', sha256('reader1'), NULL, 'en', 1, 1, ${AT}, ${AT}),
    ('confirmation', 'request2', 3, 'reader3@example.org', sha256('reader3'), NULL, 'en', 1, 1, ${AT}, ${AT}),
    ('alarm', 'job:plan:1', NULL, 'ops@example.org', NULL, '{"subject": "The job plan fails", "lines": ["no memory"]}', 'en', 1, 1, ${AT}, ${AT})`,
  `INSERT INTO attempts (delivery_id, attempt, worker, outcome, stage, reply, at) VALUES (1, 1, 'w1', 'sent', 'reply', '250 ok', ${AT}),
    (3, 1, 'w1', 'bounced', 'reply', '550 5.1.1 unknown', ${AT}), (4, 1, 'w2', 'failed', 'reply', '451 later', ${AT})`,
  `INSERT INTO admins (email, created_at) VALUES ('ops@example.org', ${AT})`,
  `INSERT INTO admin_links (token_hash, admin_id, expires_at, used_at) VALUES (sha256('l'), 1, ${AT}, NULL)`,
  `INSERT INTO admin_sessions (token_hash, admin_id, csrf_token, created_at, expires_at) VALUES (sha256('s'), 1, 'csrf', ${AT}, ${AT})`,
  `INSERT INTO audit_log (at, actor, action, subject, detail) VALUES (${AT}, 'cli', 'pause', 'reader00000000000001', '{"why": "a\\ttab"}'), (${AT}, 'job:plan', 'alarm.tell', NULL, NULL)`,
  `INSERT INTO runs (job, started_at, finished_at, outcome, counts, error) VALUES ('plan', ${AT}, ${AT}, 'done', '{"newsletters": 4}', NULL),
    ('deliver', ${AT}, ${AT}, 'failed', NULL, 'no relay')`,
];
