import type { Tx } from '../client.ts';

/** How many mails of an edition failed, and how many bounced. */
export interface Failures {
  failed: number;
  bounced: number;
}

/**
 * Finds how many mails of an edition had failed and bounced when somebody left them as they are: none where nobody did,
 * or where some were sent again since, which may fail anew.
 */
export async function findLeft(db: Tx, edition: string): Promise<Failures> {
  const last = await db.auditEntry.findFirst({
    where: {
      subject: edition,
      OR: [
        { action: 'edition.leave-failed' },
        { action: 'edition.resend', NOT: { detail: { path: ['only'], equals: 'uncertain' } } },
      ],
    },
    orderBy: { id: 'desc' },
    select: { action: true, detail: true },
  });
  if (last?.action !== 'edition.leave-failed') return { failed: 0, bounced: 0 };
  return last.detail as unknown as Failures;
}
