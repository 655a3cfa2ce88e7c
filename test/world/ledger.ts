import type { Db } from '../../src/db/client.ts';
import { Prisma } from '../../src/db/generated/client.ts';
import { wordsAbout } from '../../src/db/ledger/moves.ts';
import type { DeliveryState, EndReason } from '../../src/model/delivery.ts';
import { asFixture } from '../support/wall.ts';

/** A delivery as these tests look at it. */
export interface LedgerRow {
  email: string;
  state: DeliveryState;
  attempt: number;
  /** As the lists show it: why it ended, or the last words. */
  last_reply: string | null;
  end_reason: EndReason | null;
  message_id: string | null;
  handed_at: Date | null;
  sent_at: Date | null;
  next_attempt_at: Date;
  tries: number;
}

/** Reads the whole ledger in order. */
export async function ledger(db: Db): Promise<LedgerRow[]> {
  return db.$queryRaw<LedgerRow[]>`
    SELECT email, state, attempt, ${Prisma.raw(wordsAbout('d'))} AS last_reply, end_reason, message_id, handed_at, sent_at, next_attempt_at,
      (SELECT count(*)::int FROM attempts a WHERE a.delivery_id = d.id) AS tries
    FROM deliveries d ORDER BY d.id`;
}

/** Empties what these tests write. */
export async function clearLedger(db: Db): Promise<void> {
  await db.$executeRaw`CALL empty_tables('deliveries, newsletters, editions, subscribers, suppressions, confirmation_requests, sending_paces, sending_circuits, sending_days, sending_shares')`;
}

/** Lists a reader's newsletters, oldest first, with the state of their delivery. */
export async function newslettersOf(db: Db, subscriberId: number) {
  const rows = await db.newsletter.findMany({
    where: { subscriberId },
    orderBy: { id: 'asc' },
    include: { edition: true, deliveries: true },
  });
  return rows.map((row) => ({
    edition: row.edition.key,
    papers: row.paperIds,
    slotAt: row.slotAt.toISOString(),
    createdAt: row.createdAt,
    states: row.deliveries.map(({ state }) => state),
    moreCount: row.moreCount,
    trending: row.trendingIds,
  }));
}

/** Pretends that everything planned was sent. */
export async function sendAll(db: Db, now: Date): Promise<void> {
  await asFixture(
    db,
    "UPDATE deliveries SET state = 'sent', sent_at = $1, finished_at = $1 WHERE state IN ('planned', 'retrying')",
    [now],
  );
}
