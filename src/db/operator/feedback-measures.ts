import type { Door, FeedbackKind } from '../../model/feedback.ts';
import type { Measure } from '../../model/measure.ts';
import { countLetters } from '../feedback/letters.ts';
import { complaintShare } from '../feedback/shares.ts';
import type { Tx } from '../client.ts';
import { enumOf, filled, float8, int4 } from '../columns.ts';
import { query, sql } from '../statement.ts';

const WEEK_MS = 7 * 86_400_000;
/** More than these are not counted: a report waits for the next run of feedback, a moment. */
const COUNTED = 10_000;

const sumsNow = query(
  'sums of what came in',
  {
    ...{ door: enumOf<Door>('feedback_door'), kind: enumOf<FeedbackKind>('feedback_kind') },
    ...{ n: filled(float8), at: filled(float8) },
  },
  () =>
    sql`SELECT door, kind, n::float8 AS n, extract(epoch FROM last_at)::float8 AS at FROM feedback_sums ORDER BY door, kind`,
);

const unweighedNow = query(
  'events to be weighed, in numbers',
  { count: filled(int4) },
  () =>
    sql`SELECT count(*)::int AS count FROM (SELECT FROM feedback_events WHERE effect IS NULL LIMIT ${COUNTED}::int) waiting`,
);

const bouncedSince = query(
  'newsletters that bounced, of editions of late',
  { count: filled(int4) },
  (given: { since: Date }) => sql`
    SELECT coalesce(sum(s.n), 0)::int AS count FROM edition_sums s JOIN editions e ON e.id = s.edition_id
    WHERE e.created_at >= ${given.since} AND s.state = 'bounced'`,
);

/**
 * Counts what comes back: small tables of counters, and indexes of what waits and of complaints. What sessions answer
 * is not among it, since a mail that a form causes would move it.
 */
export async function whatComesBack(db: Tx, now: Date): Promise<Measure[]> {
  const since = new Date(now.getTime() - WEEK_MS);
  const [sums, letters, [unweighed], share, [bounced]] = await Promise.all([
    sumsNow(db, {}),
    countLetters(db),
    unweighedNow(db, {}),
    complaintShare(db, since),
    bouncedSince(db, { since }),
  ]);
  const newest = new Map<string, number>();
  for (const { door, at } of sums) newest.set(door, Math.max(newest.get(door) ?? 0, at));
  const week = { complaint: share.complaints, bounced: bounced?.count ?? 0, sent: share.sent };
  return [
    {
      name: 'offprint_feedback',
      help: 'What came in by the doors, since ever, by door and kind.',
      values: sums.map(({ door, kind, n }) => ({ labels: { door, kind }, value: n })),
    },
    {
      name: 'offprint_feedback_newest_seconds',
      help: 'When something last came in by a door, tests of it included, in seconds since 1970.',
      values: [...newest].map(([door, value]) => ({ labels: { door }, value })),
    },
    {
      name: 'offprint_feedback_waiting',
      help: `Letters that wait to be read, and events that are not weighed yet, up to ${COUNTED}.`,
      values: waiting({ letters: letters.count, unweighed: unweighed?.count ?? 0 }),
    },
    {
      name: 'offprint_feedback_week',
      help: 'Newsletters of the editions of 7 days that were sent and that bounced, and complaints of 7 days.',
      values: Object.entries(week).map(([what, value]) => ({ labels: { what }, value })),
    },
  ];
}

function waiting(counts: Record<'letters' | 'unweighed', number>): Measure['values'] {
  return Object.entries(counts).map(([what, value]) => ({ labels: { what }, value }));
}
