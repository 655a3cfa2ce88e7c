import { NOTICE_HOURS } from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { int8 } from '../columns.ts';
import { command, query, raw, sql, type Sql } from '../statement.ts';
import { BEGIN_ANEW, isShown, isWaiting } from './moves.ts';

/**
 * Which deliveries of an edition to send again: those that were sent or cancelled are never among them, and of those
 * that bounced only the ones whose address is not suppressed (refused for our fault, or for what the mail said).
 */
export type ResendWhich = 'missed' | 'uncertain' | 'failed' | 'bounced';

/** What a resend does, or would do. */
export interface ResendSummary {
  /** Deliveries that go out again. */
  again: number;
  /** Left alone: their papers have reached the reader in a later newsletter. */
  shownSince: number;
}

const WHICH: Record<ResendWhich, (now: Date) => Sql> = {
  uncertain: () => sql`d.state = 'uncertain'`,
  failed: () => sql`d.state = 'failed'`,
  bounced: () =>
    sql`d.state = 'bounced' AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.address_hash = d.address_hash)`,
  missed: (now) =>
    sql`((${raw(isWaiting('d'))} AND d.late_at < ${now}) OR (d.state = 'failed' AND d.end_reason = 'late'))`,
};

/** Finds the deliveries that are meant, and whether their papers were shown since. */
function candidates(which: ResendWhich, { edition, now }: { edition: string; now: Date }): Sql {
  return sql`
    SELECT d.id, d.state, d.state IN ('failed', 'bounced') AND EXISTS (
      SELECT 1 FROM newsletters other JOIN deliveries sent ON sent.newsletter_id = other.id
      WHERE other.subscriber_id = d.subscriber_id AND other.id <> d.newsletter_id AND other.paper_ids && n.paper_ids
        AND ${raw(isShown('sent'))}) AS shown
    FROM deliveries d JOIN editions e ON e.id = d.edition_id LEFT JOIN newsletters n ON n.id = d.newsletter_id
    WHERE e.key = ${edition} AND ${WHICH[which](now)}`;
}

const counting = (which: ResendWhich) =>
  query(
    `count ${which} to resend`,
    { again: int8, shownSince: int8 },
    (given: { edition: string; now: Date }) => sql`
    SELECT count(*) FILTER (WHERE NOT shown) AS again, count(*) FILTER (WHERE shown) AS "shownSince"
    FROM (${candidates(which, given)}) AS c`,
  );

const beginning = (which: ResendWhich) =>
  command(
    `resend ${which}`,
    (given: { edition: string; now: Date; lateAt: Date }) => sql`
    WITH c AS MATERIALIZED (${candidates(which, given)})
    UPDATE deliveries d SET state = CASE d.state WHEN 'planned' THEN d.state ELSE 'retrying' END,
      next_attempt_at = ${given.now}, late_at = ${given.lateAt}, ${raw(BEGIN_ANEW)}
    FROM c WHERE d.id = c.id AND NOT c.shown AND d.state = c.state`,
  );

/** Makes something for each of them. */
const forEach = <T>(make: (which: ResendWhich) => T): Record<ResendWhich, T> => ({
  missed: make('missed'),
  uncertain: make('uncertain'),
  failed: make('failed'),
  bounced: make('bounced'),
});

const count = forEach(counting);
const begin = forEach(beginning);

/** Counts what resendDeliveries would do; changes nothing. Null where there is no such edition. */
export async function countResendable(
  db: Tx,
  edition: string,
  which: ResendWhich,
  now: Date,
): Promise<ResendSummary | null> {
  if (!(await db.edition.findUnique({ where: { key: edition }, select: { id: true } }))) return null;
  const [row] = await count[which](db, { edition, now });
  return { again: Number(row?.again ?? 0), shownSince: Number(row?.shownSince ?? 0) };
}

/**
 * Makes deliveries of an edition due again, under the same Message-ID, with a fresh set of tries and two days to go,
 * since somebody asked for them now. No paper reaches anybody twice: a mail whose papers returned and were shown in
 * another newsletter stays as it is.
 */
export async function resendDeliveries(db: Tx, edition: string, which: ResendWhich, now: Date): Promise<ResendSummary> {
  const before = await countResendable(db, edition, which, now);
  const lateAt = new Date(now.getTime() + NOTICE_HOURS * 3_600_000);
  const again = await begin[which](db, { edition, now, lateAt });
  return { again, shownSince: before?.shownSince ?? 0 };
}
