import type { Tx } from '../client.ts';

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
