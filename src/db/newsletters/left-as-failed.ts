import type { Tx } from '../client.ts';

/** How many mails of an edition failed, and how many bounced. */
export interface Failures {
  failed: number;
  bounced: number;
}

/**
 * Finds how many mails of an edition had failed and bounced when somebody left them as they are, without those that
 * were sent again since, which may fail anew.
 */
export async function findLeft(db: Tx, edition: string): Promise<Failures> {
  const last = await db.auditEntry.findFirst({
    where: { subject: edition, action: 'edition.leave-failed' },
    orderBy: { id: 'desc' },
    select: { id: true, detail: true },
  });
  if (!last) return { failed: 0, bounced: 0 };
  const left = last.detail as unknown as Failures;
  const since = await db.auditEntry.findMany({
    where: { subject: edition, action: 'edition.resend', id: { gt: last.id } },
    select: { detail: true, counts: { where: { name: 'again' } } },
  });
  const again = (of: readonly string[]) =>
    since
      .filter(({ detail }) => of.includes((detail as { only: string }).only))
      .flatMap(({ counts }) => counts)
      .reduce((sum, { count }) => sum + Number(count), 0);
  return {
    failed: Math.max(0, left.failed - again(['failed', 'missed'])),
    bounced: Math.max(0, left.bounced - again(['bounced'])),
  };
}
