import type { NoticeKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import { bytea, instant, int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** An unanswered sign-up. */
export interface OpenSignUp {
  /** The subscriber's. */
  id: number;
  email: string;
  language: string;
  generation: number;
  requestId: number;
  requestPublicId: string;
  /** Where they live, by their own clock, and until when their link works. */
  timeZone: string;
  expiresAt: Date;
}

const remindable = query(
  'sign-ups to remind of',
  {
    hash: bytea,
    askedAt: instant,
    id: int4,
    email: text,
    language: text,
    generation: int4,
    requestId: int4,
    requestPublicId: text,
    timeZone: text,
    expiresAt: instant,
  },
  (given: { kind: NoticeKind; before: Date; quietSince: Date; now: Date; limit: number }) => sql`
    SELECT * FROM (SELECT DISTINCT ON (box.hash) box.hash, s.created_at AS "askedAt", s.id, s.email, s.language, s.generation, r.id AS "requestId", r.public_id AS "requestPublicId", coalesce(r.time_zone, s.time_zone) AS "timeZone", r.expires_at AS "expiresAt"
    FROM subscribers s
    JOIN LATERAL (
      SELECT id, public_id, created_at, expires_at, sign_up->'preferences'->>'timeZone' AS time_zone FROM confirmation_requests
      WHERE subscriber_id = s.id AND new_email IS NULL AND used_at IS NULL AND expires_at > ${given.now}
      ORDER BY id DESC LIMIT 1
    ) r ON r.created_at <= ${given.before}
    JOIN LATERAL (
      SELECT coalesce((
        SELECT q.mailbox_hash FROM deliveries q WHERE q.request_id = r.id AND q.mailbox_hash IS NOT NULL LIMIT 1), s.address_hash) AS hash
    ) box ON true
    WHERE s.status = 'pending' AND s.created_at <= ${given.before}
      AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.subscriber_id = s.id AND d.kind = ${given.kind}::delivery_kind)
      AND NOT EXISTS (
        SELECT 1 FROM deliveries d WHERE d.mailbox_hash = box.hash AND d.kind = ${given.kind}::delivery_kind AND d.created_at > ${given.quietSince})
      AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.address_hash = box.hash)
    ORDER BY box.hash, s.created_at) AS one_of_each
    ORDER BY "askedAt" LIMIT ${given.limit}`,
);

/**
 * Lists sign-ups asked before an instant whose link still works: one of a mailbox, of those of which none was reminded
 * (by a mail of this kind) since `quietSince`, and none that declined.
 */
export async function listRemindable(
  db: Tx,
  want: { kind: NoticeKind; before: Date; quietSince: Date; now: Date; limit: number },
): Promise<OpenSignUp[]> {
  return remindable(db, want);
}

/** Lists pending subscribers (public ids) who have asked for nothing since an instant. */
export async function listForgettable(db: Tx, want: { before: Date; limit: number }): Promise<string[]> {
  const rows = await db.subscriber.findMany({
    where: {
      status: 'pending',
      createdAt: { lt: want.before },
      requests: { none: { createdAt: { gte: want.before } } },
    },
    orderBy: { createdAt: 'asc' },
    take: want.limit,
    select: { publicId: true },
  });
  return rows.map(({ publicId }) => publicId);
}
