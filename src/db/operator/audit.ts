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

/** Lists acts, newest first; `beforeId` continues a list. */
export async function listActs(
  db: Tx,
  page: { beforeId?: bigint; subject?: string; limit: number },
): Promise<{ id: bigint; at: Date; actor: string; action: string; subject: string | null; detail: unknown }[]> {
  return db.auditEntry.findMany({
    where: {
      ...(page.beforeId === undefined ? {} : { id: { lt: page.beforeId } }),
      ...(page.subject === undefined ? {} : { subject: page.subject }),
    },
    orderBy: { id: 'desc' },
    take: page.limit,
  });
}
