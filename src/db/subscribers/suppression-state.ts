import type { Snapshot } from '../../model/act.ts';
import type { SuppressionReason } from '../../model/suppression.ts';
import type { Tx } from '../client.ts';
import { tellFacts } from '../facts.ts';

/** An address and the mailbox behind it, by their hashes (hexadecimal). */
export interface SuppressionHashes {
  address: string;
  mailbox: string;
}

interface Kept {
  reason: SuppressionReason;
  note: string | null;
  at: string;
}

/** Reads what suppresses an address and its mailbox, as the log keeps it; null for either that nothing does. */
export async function readSuppressions(db: Tx, hashes: SuppressionHashes): Promise<Snapshot> {
  const rows = await db.suppression.findMany({ where: { addressHash: { in: Object.values(hashes).map(bytesOf) } } });
  const kept = new Map(rows.map((row) => [Buffer.from(row.addressHash).toString('hex'), keptOf(row)]));
  return { address: kept.get(hashes.address) ?? null, mailbox: kept.get(hashes.mailbox) ?? null };
}

/** Puts back what suppressed an address or its mailbox, or that nothing did. */
export async function writeSuppressions(db: Tx, hashes: SuppressionHashes, state: Snapshot): Promise<void> {
  for (const which of ['address', 'mailbox'] as const) {
    if (!(which in state)) continue;
    const addressHash = bytesOf(hashes[which]);
    await db.suppression.deleteMany({ where: { addressHash } });
    const kept = state[which] as Kept | null;
    const hash = hashes[which];
    if (kept) await db.suppression.create({ data: { addressHash, ...kept, at: new Date(kept.at) } });
    tellFacts(db, kept ? { what: 'suppressed', hash, reason: kept.reason } : { what: 'lifted', hash });
  }
}

function keptOf({ reason, note, at }: { reason: SuppressionReason; note: string | null; at: Date }): Kept {
  return { reason, note, at: at.toISOString() };
}

function bytesOf(hash: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(hash, 'hex'));
}
