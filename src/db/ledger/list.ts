import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { DeliveryState, EndReason } from '../../model/delivery.ts';
import type { MailKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import { enumOf, instant, int4, int8, orNull, text, uuid } from '../columns.ts';
import { query, raw, sql } from '../statement.ts';
import { triesOf, wordsAbout } from './moves.ts';

/** A line of the ledger as it is shown. */
export interface LedgerEntry {
  /** Public id; the left part of the Message-ID. */
  id: string;
  kind: MailKind;
  edition: string | null;
  /** Null once the person is erased. */
  email: string | null;
  state: DeliveryState;
  /** Tries that reached a server, or failed by our own fault. */
  attempts: number;
  messageId: string | null;
  sentAt: Date | null;
  /** Why it ended, with the server's last words where they say more; or these alone. */
  lastReply: string | null;
  /** Number of papers; 0 for what is no newsletter. */
  papers: number;
}

/** What to look for; everything without a filter. */
export interface LedgerFilter {
  edition?: string | undefined;
  state?: DeliveryState | undefined;
  endReason?: EndReason | undefined;
  /** Keyed hash of the canonical address. */
  addressHash?: Uint8Array | undefined;
}

/** The filter as the statement takes it: null stands for everything. */
interface Wanted {
  edition: string | null;
  state: DeliveryState | null;
  endReason: EndReason | null;
  addressHash: Uint8Array | null;
}

type LedgerRow = LedgerEntry & { rowId: bigint };

const CURSOR = cursorOf('deliveries', 'bigint');

const COLUMNS = {
  rowId: int8,
  id: uuid,
  kind: enumOf<MailKind>('delivery_kind'),
  edition: orNull(text),
  email: orNull(text),
  state: enumOf<DeliveryState>('delivery_state'),
  attempts: int4,
  messageId: orNull(text),
  sentAt: orNull(instant),
  lastReply: orNull(text),
  papers: int4,
};

const LINES = sql`
    SELECT d.id AS "rowId", d.public_id AS id, d.kind, e.key AS edition, d.email, d.state,
      ${raw(triesOf('d'))} AS attempts,
      d.message_id AS "messageId", d.sent_at AS "sentAt", ${raw(wordsAbout('d'))} AS "lastReply", coalesce(cardinality(n.paper_ids), 0) AS papers
    FROM deliveries d LEFT JOIN editions e ON e.id = d.edition_id LEFT JOIN newsletters n ON n.id = d.newsletter_id`;

const deliveriesBehind = query(
  'deliveries behind one',
  COLUMNS,
  (given: Wanted & { after: bigint; most: number }) => sql`
    ${LINES}
    WHERE d.id > ${given.after}
      AND (${given.edition}::text IS NULL OR d.edition_id = (SELECT id FROM editions WHERE key = ${given.edition}::text))
      AND (${given.state}::delivery_state IS NULL OR d.state = ${given.state}::delivery_state)
      AND (${given.endReason}::end_reason IS NULL OR d.end_reason = ${given.endReason}::end_reason)
      AND (${given.addressHash}::bytea IS NULL OR d.address_hash = ${given.addressHash}::bytea)
    ORDER BY d.id LIMIT ${given.most}`,
);

/** Some of millions are found by the counts, which tell in which editions such lie; each edition's have an index. */
const deliveriesInState = query(
  'deliveries behind one, of all editions, in a state',
  COLUMNS,
  (given: { state: DeliveryState; after: bigint; most: number }) => sql`
    WITH places AS (
      SELECT edition_id FROM edition_sums WHERE state = ${given.state}::delivery_state GROUP BY edition_id HAVING sum(n) > 0
    ), found AS (
      SELECT f.id FROM places p CROSS JOIN LATERAL (
        SELECT id FROM deliveries
        WHERE edition_id = p.edition_id AND state = ${given.state}::delivery_state AND id > ${given.after}
        ORDER BY id LIMIT ${given.most}) f
      UNION ALL (
        SELECT id FROM deliveries WHERE edition_id IS NULL AND state = ${given.state}::delivery_state AND id > ${given.after}
        ORDER BY id LIMIT ${given.most})
    )
    ${LINES} WHERE d.id = ANY (ARRAY(SELECT id FROM found ORDER BY id LIMIT ${given.most})) ORDER BY d.id`,
);

/** Lists deliveries in the order they were planned. */
export async function listDeliveries(db: Tx, filter: LedgerFilter, wish: PageWish): Promise<Page<LedgerEntry>> {
  const { edition = null, state = null, endReason = null } = filter;
  const addressHash = filter.addressHash ? Buffer.from(filter.addressHash) : null;
  const isOfAll = edition === null && addressHash === null && endReason === null;
  const read = (key: [bigint] | null, most: number) => {
    const after = key?.[0] ?? 0n;
    if (isOfAll && state !== null) return deliveriesInState(db, { state, after, most });
    return deliveriesBehind(db, { edition, state, endReason, addressHash, after, most });
  };
  const page = await readPage(CURSOR, wish, read, ({ rowId }) => [rowId]);
  return { ...page, rows: page.rows.map(toEntry) };
}

const deliveryNamed = query(
  'delivery by its public id',
  COLUMNS,
  (given: { publicId: string }) => sql`${LINES} WHERE d.public_id = ${given.publicId}::uuid`,
);

/** Finds a delivery by its public id, a UUID; null where there is none. */
export async function findDelivery(db: Tx, publicId: string): Promise<LedgerEntry | null> {
  const [row] = await deliveryNamed(db, { publicId });
  return row ? toEntry(row) : null;
}

function toEntry(row: LedgerRow): LedgerEntry {
  const { ...entry }: LedgerEntry & { rowId?: bigint } = row;
  delete entry.rowId;
  return entry;
}
