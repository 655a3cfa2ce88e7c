import { NOTICE_HOURS } from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { Prisma } from '../generated/client.ts';
import { BEGIN_ANEW, isShown, isWaiting } from './moves.ts';

/**
 * Which deliveries of an edition to send again: those that were sent or cancelled are never among them, and of those that bounced only
 * the ones whose address is not suppressed (refused for our fault, or for what the mail said).
 */
export type ResendWhich = 'missed' | 'uncertain' | 'failed' | 'bounced';

/** What a resend does, or would do. */
export interface ResendSummary {
  /** Deliveries that go out again. */
  again: number;
  /** Left alone: their papers have reached the reader in a later newsletter. */
  shownSince: number;
}

/** Counts what resendDeliveries would do; changes nothing. Null where there is no such edition. */
export async function countResendable(
  db: Tx,
  edition: string,
  which: ResendWhich,
  now: Date,
): Promise<ResendSummary | null> {
  if (!(await db.edition.findUnique({ where: { key: edition }, select: { id: true } }))) return null;
  const [row] = await db.$queryRaw<{ again: bigint; shownSince: bigint }[]>`
    SELECT count(*) FILTER (WHERE NOT shown) AS again, count(*) FILTER (WHERE shown) AS "shownSince"
    FROM (${candidates(edition, which, now)}) AS c`;
  return { again: Number(row?.again ?? 0), shownSince: Number(row?.shownSince ?? 0) };
}

/**
 * Makes deliveries of an edition due again, under the same Message-ID, with a fresh set of tries and two days to go, since
 * somebody asked for them now.
 * No paper reaches anybody twice: a mail whose papers returned and were shown in another newsletter stays as it is.
 */
export async function resendDeliveries(db: Tx, edition: string, which: ResendWhich, now: Date): Promise<ResendSummary> {
  const before = await countResendable(db, edition, which, now);
  const again = await db.$executeRaw`
    WITH c AS MATERIALIZED (${candidates(edition, which, now)})
    UPDATE deliveries d SET state = CASE d.state WHEN 'planned' THEN d.state ELSE 'retrying' END,
      next_attempt_at = ${now}, late_at = ${new Date(now.getTime() + NOTICE_HOURS * 3_600_000)}, ${Prisma.raw(BEGIN_ANEW)}
    FROM c WHERE d.id = c.id AND NOT c.shown AND d.state = c.state`;
  return { again, shownSince: before?.shownSince ?? 0 };
}

function candidates(edition: string, which: ResendWhich, now: Date): Prisma.Sql {
  return Prisma.sql`
    SELECT d.id, d.state, d.state IN ('failed', 'bounced') AND EXISTS (
      SELECT 1 FROM newsletters other JOIN deliveries sent ON sent.newsletter_id = other.id
      WHERE other.subscriber_id = d.subscriber_id AND other.id <> d.newsletter_id AND other.paper_ids && n.paper_ids
        AND ${Prisma.raw(isShown('sent'))}) AS shown
    FROM deliveries d JOIN editions e ON e.id = d.edition_id LEFT JOIN newsletters n ON n.id = d.newsletter_id
    WHERE e.key = ${edition} AND ${WHICH[which](now)}`;
}

const WHICH: Record<ResendWhich, (now: Date) => Prisma.Sql> = {
  uncertain: () => Prisma.sql`d.state = 'uncertain'`,
  failed: () => Prisma.sql`d.state = 'failed'`,
  bounced: () =>
    Prisma.sql`d.state = 'bounced' AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.address_hash = d.address_hash)`,
  missed: (now) =>
    Prisma.sql`((${Prisma.raw(isWaiting('d'))} AND d.late_at < ${now}) OR (d.state = 'failed' AND d.end_reason = 'late'))`,
};
