import { dateOnly } from '../../lib/time.ts';
import type { DeliveryState } from '../../model/delivery.ts';
import type { MailKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';

/** A mail to a reader, as their own pages list it. */
export interface SentMail {
  kind: MailKind;
  editionKey: string | null;
  newsletterPublicId: string | null;
  issuedOn: string | null;
  papers: { publicId: string; title: string }[];
  state: DeliveryState;
  at: Date;
}

/** Lists the mails to a reader since an instant, newest first, newsletters with their papers. */
export async function listSentTo(db: Tx, subscriberId: number, since: Date): Promise<SentMail[]> {
  const rows = await db.delivery.findMany({
    where: { subscriberId, createdAt: { gte: since } },
    orderBy: { id: 'desc' },
    select: {
      kind: true,
      state: true,
      sentAt: true,
      createdAt: true,
      newsletter: true,
      edition: { select: { key: true } },
    },
  });
  const ids = [...new Set(rows.flatMap(({ newsletter }) => newsletter?.entryIds ?? []))];
  const entries = await db.entry.findMany({
    where: { id: { in: ids } },
    select: { id: true, title: true, paper: { select: { publicId: true } } },
  });
  const byId = new Map(entries.map((entry) => [entry.id, { publicId: entry.paper.publicId, title: entry.title }]));
  return rows.map(({ kind, state, sentAt, createdAt, newsletter, edition }) => ({
    kind,
    state,
    at: sentAt ?? createdAt,
    editionKey: edition?.key ?? null,
    newsletterPublicId: newsletter?.publicId ?? null,
    issuedOn: newsletter ? dateOnly(newsletter.issuedOn) : null,
    papers: newsletter?.entryIds.flatMap((id) => byId.get(id) ?? []) ?? [],
  }));
}
