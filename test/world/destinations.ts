import type { Pool } from 'pg';
import type { Db } from '../../src/db/client.ts';
import { asFixture } from '../support/wall.ts';
import type { MadePaper } from './digests.ts';
import { makeEdition } from './mails.ts';

/** Readers of one destination. */
interface ReadersAt {
  domain: string;
  count: number;
  proven: number;
  tookAt: Date;
  edition: string;
  paper: MadePaper | undefined;
}

/** Makes readers of a domain with a newsletter each that is due; the first `proven` of them took a mail `tookAt`. */
export async function makeReadersAt(
  { db, pool }: { db: Db; pool: Pool },
  { domain, count, proven, tookAt, edition, paper }: ReadersAt,
): Promise<void> {
  const editionId = await makeEdition(db, edition);
  await asFixture(
    pool,
    `WITH people AS (
      INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at)
      SELECT n || '.' || $1, 'reader' || n || '@' || $1, sha256(('reader' || n || '@' || $1)::bytea), 'confirmed', 'daily', 1, 8, 'UTC', 10, 'en', '2025-01-01'
      FROM generate_series(1, $2::int) n RETURNING id, email, address_hash
    ), papers AS (
      INSERT INTO newsletters (subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count,
        trending_ids, language, template_version, key_id, generation, slot_at, issued_on, created_at)
      SELECT id, $5::int, $7::int[], $8::int[], '{0}', '{1}', '{1}', 1, 0, '{}', 'en', 1, 1, 1, '2026-01-05T08:00:00Z', '2026-01-05', '2026-01-05' FROM people
      RETURNING id, subscriber_id
    ), due AS (
      INSERT INTO deliveries (kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, language, key_id, generation, next_attempt_at, late_at, created_at)
      SELECT 'newsletter', $4, p.id, $5::int, n.id, email, address_hash, 'en', 1, 1, '2026-01-05T08:00:00Z'::timestamptz, '2026-01-05T20:00:00Z'::timestamptz, '2026-01-05'
      FROM people p JOIN papers n ON n.subscriber_id = p.id
    )
    INSERT INTO deliveries (kind, key, subscriber_id, email, address_hash, language, key_id, generation, state, next_attempt_at, sent_at, finished_at, created_at)
    SELECT 'confirmation', 'old', id, email, address_hash, 'en', 1, 1, 'sent', '2025-01-01', $6::timestamptz, $6, '2025-01-01' FROM people
    WHERE substring(email from '^reader(\\d+)')::int <= $3::int`,
    [domain, count, proven, edition, editionId, tookAt, [paper?.entryId], [paper?.paperId]],
  );
}
