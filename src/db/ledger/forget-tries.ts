import { transaction, type Db, type Tx } from '../client.ts';
import { filled, int4, int8, orNull } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** Mails whose tries go in one statement. */
const BATCH = 10_000;
/** No edition is begun later than this in one call, and none takes longer. */
const MOST_MS = 20_000;
const LONGEST_MS = 600_000;
const DAY_MS = 86_400_000;
/** Begins the key of a welcome. */
const WELCOME = 'welcome:';

const forget = query(
  'forget tries of sent mails of an edition',
  { last: orNull(int8), forgotten: filled(int4) },
  (given: { edition: number; sentBefore: Date | null; after: bigint; most: number }) => sql`
    WITH sent AS (
      SELECT id FROM deliveries WHERE edition_id = ${given.edition} AND state = 'sent' AND id > ${given.after}
        AND (${given.sentBefore}::timestamptz IS NULL OR sent_at < ${given.sentBefore}) ORDER BY id LIMIT ${given.most}
    ), gone AS (
      DELETE FROM attempts a USING sent WHERE a.delivery_id = sent.id RETURNING 1
    )
    SELECT (SELECT max(id) FROM sent) AS last, (SELECT count(*)::int FROM gone) AS forgotten`,
);

/**
 * Forgets the tries of mails that were sent, of editions made before, each edition whole or not at all; returns how
 * many. A welcome is one edition for all who ever come, and never ends: of it those of mails that were sent before go,
 * looked for once a day. What was sent stays sent; the tries of all other mails decide whether they may go once more,
 * and stay.
 */
export async function forgetTries(db: Db, before: Date, now: Date): Promise<number> {
  const ends = performance.now() + MOST_MS;
  const again = { key: { startsWith: WELCOME }, triesForgottenAt: { lte: new Date(now.getTime() - DAY_MS) } };
  let forgotten = 0;
  while (performance.now() < ends) {
    const where = { createdAt: { lt: before }, OR: [{ triesForgottenAt: null }, again] };
    const edition = await db.edition.findFirst({ where, orderBy: { id: 'asc' }, select: { id: true, key: true } });
    if (!edition) break;
    const sentBefore = edition.key.startsWith(WELCOME) ? before : null;
    forgotten += await transaction(db, (tx) => forgetOf(tx, { edition: edition.id, sentBefore }, now), LONGEST_MS);
  }
  return forgotten;
}

async function forgetOf(tx: Tx, which: { edition: number; sentBefore: Date | null }, now: Date): Promise<number> {
  let [after, count] = [0n, 0];
  for (;;) {
    const [row] = await forget(tx, { ...which, after, most: BATCH });
    count += row?.forgotten ?? 0;
    if (row?.last == null) break;
    after = row.last;
  }
  await tx.edition.update({ where: { id: which.edition }, data: { triesForgottenAt: now } });
  return count;
}
