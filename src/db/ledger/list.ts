import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { DeliveryState } from '../../model/delivery.ts';
import type { MailKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import { Prisma } from '../generated/client.ts';
import { wordsAbout } from './moves.ts';

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
  /** Keyed hash of the canonical address. */
  addressHash?: Uint8Array | undefined;
}

type Row = LedgerEntry & { rowId: bigint };

const CURSOR = cursorOf('deliveries', 'bigint');

/** Lists deliveries in the order they were planned. */
export async function listDeliveries(db: Tx, filter: LedgerFilter, wish: PageWish): Promise<Page<LedgerEntry>> {
  const read = (key: [bigint] | null, most: number) => readRows(db, filter, key?.[0] ?? 0n, most);
  const page = await readPage(CURSOR, wish, read, ({ rowId }) => [rowId]);
  return { ...page, rows: page.rows.map(toEntry) };
}

async function readRows(db: Tx, filter: LedgerFilter, after: bigint, most: number): Promise<Row[]> {
  const { edition, state, addressHash } = filter;
  const where = [
    Prisma.sql`d.id > ${after}`,
    ...(edition === undefined ? [] : [Prisma.sql`d.edition_id = (SELECT id FROM editions WHERE key = ${edition})`]),
    ...(state === undefined ? [] : [Prisma.sql`d.state = ${state}::delivery_state`]),
    ...(addressHash === undefined ? [] : [Prisma.sql`d.address_hash = ${Buffer.from(addressHash)}`]),
  ];
  return db.$queryRaw<Row[]>`
    SELECT d.id AS "rowId", d.public_id AS id, d.kind, e.key AS edition, d.email, d.state,
      (SELECT count(*)::int FROM attempts a WHERE a.delivery_id = d.id) AS attempts,
      d.message_id AS "messageId", d.sent_at AS "sentAt", ${Prisma.raw(wordsAbout('d'))} AS "lastReply", coalesce(cardinality(n.paper_ids), 0) AS papers
    FROM deliveries d LEFT JOIN editions e ON e.id = d.edition_id LEFT JOIN newsletters n ON n.id = d.newsletter_id
    WHERE ${Prisma.join(where, ' AND ')}
    ORDER BY d.id LIMIT ${most}`;
}

function toEntry(row: Row): LedgerEntry {
  const { ...entry }: LedgerEntry & { rowId?: bigint } = row;
  delete entry.rowId;
  return entry;
}
