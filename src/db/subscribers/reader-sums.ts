import type { SubscriberStatus } from '../../model/subscriber.ts';
import type { Db, Tx } from '../client.ts';
import { enumOf, filled, int4, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

const sums = query(
  'sums of readers',
  { status: enumOf<SubscriberStatus>('subscriber_status'), count: filled(int4) },
  () => sql`SELECT status, sum(n)::int AS count FROM reader_sums GROUP BY status`,
);

/** Returns how many readers there are of each status, as triggers count them. */
export async function sumReaders(db: Tx): Promise<Record<SubscriberStatus, number>> {
  const counts = { pending: 0, confirmed: 0, unsubscribed: 0 };
  for (const { status, count } of await sums(db, {})) counts[status] = count;
  return counts;
}

/** What happened on a day (UTC): how many asked, confirmed, and left or were erased. */
export interface ReaderDay {
  day: string;
  asked: number;
  confirmed: number;
  left: number;
}

const days = query(
  'days of readers',
  { day: filled(text), asked: filled(int4), confirmed: filled(int4), left: filled(int4) },
  (given: { from: string }) => sql`
    SELECT day::text AS day, coalesce(sum(n) FILTER (WHERE event = 'asked'), 0)::int AS asked,
      coalesce(sum(n) FILTER (WHERE event = 'confirmed'), 0)::int AS confirmed,
      coalesce(sum(n) FILTER (WHERE event = 'left'), 0)::int AS left
    FROM reader_days WHERE day >= ${given.from}::date GROUP BY reader_days.day ORDER BY reader_days.day`,
);

/** Returns the days on which anything happened to readers, from one on, in order. */
export async function readerDaysSince(db: Tx, from: string): Promise<ReaderDay[]> {
  return days(db, { from });
}

/** A topic and how many readers want it. */
export interface TopicReaders {
  slug: string;
  name: string;
  readers: number;
}

const topics = query(
  'topics by readers',
  { slug: text, name: text, readers: filled(int4) },
  (given: { most: number }) => sql`
    SELECT t.slug, t.name, sum(s.n)::int AS readers FROM topic_sums s
    JOIN interests i ON i.id = s.interest_id JOIN topics t ON t.slug = i.key
    GROUP BY t.slug, t.name HAVING sum(s.n) > 0 ORDER BY sum(s.n) DESC, t.name LIMIT ${given.most}`,
);

/** Returns the topics that most readers want, first those of most. */
export async function topTopics(db: Tx, most: number): Promise<TopicReaders[]> {
  return topics(db, { most });
}

// A row that a session holds is left to the next time: to wait for it while holding others would end in a deadlock.
const foldReaders = command(
  'fold sums of readers',
  () => sql`
    WITH free AS MATERIALIZED (SELECT status, shard FROM reader_sums WHERE shard <> 0 FOR UPDATE SKIP LOCKED),
    gone AS (DELETE FROM reader_sums s USING free f WHERE (s.status, s.shard) = (f.status, f.shard) RETURNING s.status, s.n)
    INSERT INTO reader_sums AS s SELECT status, 0, sum(n) FROM gone GROUP BY 1 ORDER BY 1
    ON CONFLICT (status, shard) DO UPDATE SET n = s.n + excluded.n`,
);

const foldTopics = command(
  'fold sums of topics',
  () => sql`
    WITH free AS MATERIALIZED (SELECT interest_id, shard FROM topic_sums WHERE shard <> 0 FOR UPDATE SKIP LOCKED),
    gone AS (DELETE FROM topic_sums s USING free f WHERE (s.interest_id, s.shard) = (f.interest_id, f.shard) RETURNING s.interest_id, s.n)
    INSERT INTO topic_sums AS s SELECT interest_id, 0, sum(n) FROM gone GROUP BY 1 ORDER BY 1
    ON CONFLICT (interest_id, shard) DO UPDATE SET n = s.n + excluded.n`,
);

/**
 * Folds the sums of readers and of topics into one row for each: every session that ever counted left rows of its own.
 * Not within a transaction that goes on, for whom sessions would wait.
 */
export async function foldReaderSums(db: Db): Promise<void> {
  await foldReaders(db, {});
  await foldTopics(db, {});
}
