import type { Tx } from './client.ts';
import { bool, instant, int4, int8, orNull, textOf } from './columns.ts';
import { query, sql } from './statement.ts';

/** A key, as listed: everything but its secret. */
export interface ListedKey {
  id: number;
  purpose: 'link' | 'suppression';
  createdAt: Date;
  /** Whether SECRET wraps it. */
  wrapped: boolean;
  /** When a newer link key took over signing; null while this one signs, and for the suppression key. */
  signedUntil: Date | null;
  /** Mails sent with its links, when the last one was, and those still to go. */
  mails: number;
  lastSentAt: Date | null;
  waiting: number;
}

const keysWithMails = query(
  'keys with their mails',
  {
    id: int4,
    purpose: textOf<'link' | 'suppression'>(),
    createdAt: instant,
    wrapped: bool,
    signedUntil: orNull(instant),
    mails: int8,
    lastSentAt: orNull(instant),
    waiting: int8,
  },
  () => sql`
    SELECT k.id, k.purpose::text AS purpose, k.created_at AS "createdAt", k.wrapped,
      lead(k.created_at) OVER (PARTITION BY k.purpose ORDER BY k.id) AS "signedUntil",
      coalesce(d.mails, 0) AS mails, d.last_sent_at AS "lastSentAt", coalesce(d.waiting, 0) AS waiting
    FROM keys k LEFT JOIN (
      SELECT key_id, count(sent_at) AS mails, max(sent_at) AS last_sent_at,
        count(*) FILTER (WHERE state IN ('planned', 'sending', 'retrying')) AS waiting
      FROM deliveries GROUP BY key_id
    ) d ON d.key_id = k.id AND k.purpose = 'link'
    ORDER BY k.id DESC`,
);

/** Lists the keys, newest first, with the mails that hold their links. Reads the whole ledger. */
export async function listKeys(db: Tx): Promise<ListedKey[]> {
  const rows = await keysWithMails(db, {});
  return rows.map((row) => ({ ...row, mails: Number(row.mails), waiting: Number(row.waiting) }));
}

const dropLinkKeys = query(
  'delete link keys',
  { id: int4 },
  (given: { ids: readonly number[] }) => sql`
    DELETE FROM keys WHERE purpose = 'link' AND id = ANY(${given.ids}::int[])
      AND id < (SELECT max(id) FROM keys WHERE purpose = 'link')
    RETURNING id`,
);

/**
 * Deletes link keys for good: what was signed with them opens nothing any more. The newest stays whatever is asked.
 * Returns the ids that went.
 */
export async function deleteLinkKeys(db: Tx, ids: readonly number[]): Promise<number[]> {
  const rows = await dropLinkKeys(db, { ids: [...ids] });
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}
