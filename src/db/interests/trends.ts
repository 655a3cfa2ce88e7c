import { createLru, type Lru } from '../../lib/lru.ts';
import { addDays, asDate, daysBetween } from '../../lib/time.ts';
import { leastScore } from '../../model/match.ts';
import type { InterestTrend } from '../../model/newsletter.ts';
import type { Tx } from '../client.ts';
import { int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';
import { isUsable } from '../digests/usable.ts';

/** Days looked back. */
const DAYS = 30;

/** New interests are compared with the papers of the content window; what lies further back is unknown, not zero. */
const KNOWN_DAYS_BEFORE = 14;

/** Trends kept for each open database: the readers of one edition share them. */
const KEPT = 2_000;
const kept = new WeakMap<object, Lru<InterestTrend>>();

/**
 * Counts for each interest the papers on the lists of the 30 days before a newsletter's date that match it, by the
 * normal line. Only digests that had arrived when that date began in UTC count, so that the same newsletter composed
 * later says the same.
 */
export async function loadInterestTrends(
  db: Tx,
  interestIds: readonly number[],
  issuedOn: string,
): Promise<Map<number, InterestTrend>> {
  const cache = kept.get(db) ?? createLru<InterestTrend>(KEPT);
  kept.set(db, cache);
  const missing = interestIds.filter((id) => !cache.find(`${id} ${issuedOn}`));
  const counted = missing.length > 0 ? await countDays(db, missing, issuedOn) : new Map<number, InterestTrend>();
  return new Map(
    interestIds.map((id) => [
      id,
      cache.get(`${id} ${issuedOn}`, () => counted.get(id) ?? { interestId: id, from: issuedOn, days: [] }),
    ]),
  );
}

const papersByDay = query(
  'matching papers by day',
  { interestId: int4, digestOn: text, papers: int4 },
  (given: { before: Date; first: string; issuedOn: string; ids: readonly number[]; least: number }) => sql`
    SELECT m.interest_id AS "interestId", d.digest_on::text AS "digestOn", count(DISTINCT e.paper_id)::int AS papers
    FROM digests d JOIN entries e ON e.digest_id = d.id JOIN matches m ON m.paper_id = e.paper_id
    WHERE ${isUsable('d')} AND d.arrived_at < ${given.before}::timestamptz
      AND d.digest_on >= ${given.first}::date AND d.digest_on < ${given.issuedOn}::date AND m.interest_id = ANY(${given.ids}::int[]) AND m.score >= ${given.least}::real
    GROUP BY 1, 2`,
);

async function countDays(db: Tx, ids: readonly number[], issuedOn: string): Promise<Map<number, InterestTrend>> {
  const first = addDays(issuedOn, -DAYS);
  const rows = await papersByDay(db, {
    before: asDate(issuedOn),
    first,
    issuedOn,
    ids: [...ids],
    least: leastScore('normal'),
  });
  const interests = await db.interest.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, createdAt: true },
  });
  const trends = new Map<number, InterestTrend>();
  for (const { id, createdAt } of interests) {
    const known = addDays(createdAt.toISOString().slice(0, 10), -KNOWN_DAYS_BEFORE);
    const from = known > first ? known : first;
    if (from >= issuedOn) continue;
    trends.set(id, { interestId: id, from, days: new Array<number>(daysBetween(from, issuedOn)).fill(0) });
  }
  for (const { interestId, digestOn, papers } of rows) {
    const trend = trends.get(interestId);
    if (trend && digestOn >= trend.from) trend.days[daysBetween(trend.from, digestOn)] = papers;
  }
  return trends;
}
