import { isUuid } from '../../lib/uuid.ts';
import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Tx } from '../client.ts';
import { bool, instant, int8, orNull, text, uuid } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** A person's letter, as it is listed. */
export interface ListedLetter {
  rowId: bigint;
  /** Public id. */
  id: string;
  at: Date;
  sender: string | null;
  subject: string | null;
  waits: boolean;
}

const LETTER = { rowId: int8, id: uuid, at: instant, sender: orNull(text), subject: orNull(text), waits: bool };
const CURSOR = cursorOf('letters', 'instant', 'bigint');

const lettersBehind = query(
  'letters behind one',
  LETTER,
  (given: { waits: boolean; at: Date | null; id: bigint; most: number }) => sql`
    SELECT r.id AS "rowId", r.public_id AS id, r.received_at AS at, r.sender, r.subject, r.waits FROM feedback_reports r
    WHERE (r.received_at, r.id) < (coalesce(${given.at}::timestamptz, 'infinity'), ${given.id}) AND r.kind IN ('reply', 'other') AND r.sender IS NOT NULL
      AND r.waits = ${given.waits}::bool ORDER BY r.received_at DESC, r.id DESC LIMIT ${given.most}`,
);

/** Lists letters from people, newest first: those that wait, or those that are done. */
export async function listLetters(db: Tx, waits: boolean, wish: PageWish): Promise<Page<ListedLetter>> {
  return readPage(
    CURSOR,
    wish,
    (key, most) => lettersBehind(db, { waits, at: key?.[0] ?? null, id: key?.[1] ?? 0n, most }),
    ({ at, rowId }) => [at, rowId],
  );
}

/** Finds a letter with its bytes; null where there is none. */
export async function findLetter(db: Tx, publicId: string) {
  if (!isUuid(publicId)) return null;
  return db.feedbackReport.findFirst({
    where: { publicId, kind: { in: ['reply', 'other'] }, sender: { not: null } },
    select: { publicId: true, sender: true, subject: true, receivedAt: true, waits: true, bytes: true, name: true },
  });
}

/** Tells how many letters wait, and since when the oldest does. */
export async function countLetters(db: Tx): Promise<{ count: number; since: Date | null }> {
  const { _count, _min } = await db.feedbackReport.aggregate({
    where: { waits: true },
    _count: true,
    _min: { receivedAt: true },
  });
  return { count: _count, since: _min.receivedAt };
}

const locked = query(
  'lock a letter',
  { waits: bool },
  (given: { publicId: string }) => sql`
    SELECT waits FROM feedback_reports WHERE public_id = ${given.publicId}::uuid AND kind IN ('reply', 'other') FOR UPDATE`,
);

/** Locks a letter to the end of the transaction; null where there is none. */
export async function lockLetter(tx: Tx, publicId: string): Promise<{ waits: boolean } | null> {
  return isUuid(publicId) ? ((await locked(tx, { publicId }))[0] ?? null) : null;
}

const mark = command(
  'mark a letter',
  (given: { publicId: string; waits: boolean }) => sql`
    UPDATE feedback_reports SET waits = ${given.waits} WHERE public_id = ${given.publicId}::uuid`,
);

/** Marks a letter as waiting or done. */
export async function setWaits(tx: Tx, publicId: string, waits: boolean): Promise<void> {
  await mark(tx, { publicId, waits });
}
