import type { DeliveryState } from '../../model/delivery.ts';
import type { MailKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';

/** A mail as a search names it. */
export interface FoundMail {
  publicId: string;
  kind: MailKind;
  /** The edition's key, or the id of what it answers. */
  key: string;
  edition: string | null;
  /** Null once the person is erased. */
  email: string | null;
  state: DeliveryState;
  createdAt: Date;
  subscriberPublicId: string | null;
}

/** Finds mails by their public ids, which their Message-IDs hold too, or by the public ids of their newsletters. */
export async function findMailsNamed(
  db: Tx,
  { ids = [], newsletterIds = [] }: { ids?: string[]; newsletterIds?: string[] },
): Promise<FoundMail[]> {
  const rows = await db.delivery.findMany({
    where: { OR: [{ publicId: { in: ids } }, { newsletter: { publicId: { in: newsletterIds } } }] },
    select: {
      ...{ publicId: true, kind: true, key: true, email: true, state: true, createdAt: true },
      ...{ edition: { select: { key: true } }, subscriber: { select: { publicId: true } } },
    },
    orderBy: { id: 'desc' },
    take: 20,
  });
  return rows.map(({ edition, subscriber, ...row }) => ({
    ...row,
    edition: edition?.key ?? null,
    subscriberPublicId: subscriber?.publicId ?? null,
  }));
}
