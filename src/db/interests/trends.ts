import { createLru, type Lru } from '../../lib/lru.ts';
import { addDays, asDate, daysBetween } from '../../lib/time.ts';
import type { InterestTrend } from '../../model/newsletter.ts';
import type { Tx } from '../client.ts';
import { isUsable } from '../digests/usable.ts';

/** Days looked back. */
const DAYS = 30;

/** New interests are compared with the papers of the content window; what lies further back is unknown, not zero. */
const KNOWN_DAYS_BEFORE = 14;

/** Trends kept for each open database: the readers of one edition share them. */
const KEPT = 2_000;
const kept = new WeakMap<object, Lru<InterestTrend>>();

/**
 * Counts for each interest the papers on the lists of the 30 days before a newsletter's date that match it. Only digests that had
 * arrived when that date began in UTC count, so that the same newsletter composed later says the same.
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

async function countDays(db: Tx, ids: readonly number[], issuedOn: string): Promise<Map<number, InterestTrend>> {
  const first = addDays(issuedOn, -DAYS);
  const rows = await db.$queryRaw<{ interestId: number; digestOn: string; papers: number }[]>`
    SELECT m.interest_id AS "interestId", d.digest_on::text AS "digestOn", count(DISTINCT e.paper_id)::int AS papers
    FROM digests d JOIN entries e ON e.digest_id = d.id JOIN matches m ON m.paper_id = e.paper_id
    WHERE ${isUsable('d')} AND d.arrived_at < ${asDate(issuedOn)}::timestamptz
      AND d.digest_on >= ${first}::date AND d.digest_on < ${issuedOn}::date AND m.interest_id = ANY(${[...ids]}::int[])
    GROUP BY 1, 2`;
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
