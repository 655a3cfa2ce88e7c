import type { Prisma } from '../generated/client.ts';
import type { Actor } from '../../model/actor.ts';
import type { Tx } from '../client.ts';

/** One act: who did what to whom. Subjects are public ids, never addresses, since the log outlives the people in it. */
export interface AuditRecord {
  at: Date;
  /** `admin:ada@example.org`, `reader`, `cli`, `job:plan`. */
  actor: Actor;
  /** A verb and a noun: `unsubscribe`, `digest.release`. */
  action: string;
  subject?: string | null;
  detail?: Prisma.InputJsonValue;
}

/** Writes down an act, in the transaction that does it. */
export async function recordAct(db: Tx, record: AuditRecord): Promise<void> {
  await db.auditEntry.create({ data: { ...record, subject: record.subject ?? null } });
}

/**
 * Writes down an act that takes several transactions, in one entry: each transaction adds its counts to it. What is
 * rolled back is not in it, and where nothing was committed there is no entry.
 */
export function recordGrowingAct<Key extends string>(
  record: Omit<AuditRecord, 'detail'>,
  detail: Record<Key, string | number>,
): (tx: Tx, counts: Partial<Record<Key, number>>) => Promise<void> {
  let id = -1n;
  return async (tx, counts) => {
    // The entry of a transaction that failed is not there.
    const before = await tx.auditEntry.findUnique({ where: { id } });
    const sums: Record<string, unknown> = { ...detail, ...(before?.detail as object | undefined) };
    for (const [key, count] of Object.entries<number | undefined>(counts)) sums[key] = Number(sums[key]) + (count ?? 0);
    const data = { ...record, detail: sums as Prisma.InputJsonObject };
    if (before) await tx.auditEntry.update({ where: { id }, data });
    else ({ id } = await tx.auditEntry.create({ data }));
  };
}
