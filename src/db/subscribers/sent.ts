import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import { dateOnly } from '../../lib/time.ts';
import type { DeliveryState } from '../../model/delivery.ts';
import type { MailKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import type { Prisma } from '../generated/client.ts';

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

const CURSOR = cursorOf('mails to a reader', 'bigint');

const SHOWN = {
  id: true,
  kind: true,
  state: true,
  sentAt: true,
  createdAt: true,
  newsletter: true,
  edition: { select: { key: true } },
} satisfies Prisma.DeliverySelect;

type Row = Prisma.DeliveryGetPayload<{ select: typeof SHOWN }>;

/** Lists the mails to a reader since an instant, newest first, newsletters with their papers. */
export async function listSentTo(db: Tx, subscriberId: number, since: Date): Promise<SentMail[]> {
  const where = { subscriberId, createdAt: { gte: since } };
  return withPapers(db, await db.delivery.findMany({ where, orderBy: { id: 'desc' }, select: SHOWN }));
}

/** Lists the mails to a reader page by page, newest first. */
export async function pageOfSent(db: Tx, subscriberId: number, wish: PageWish): Promise<Page<SentMail>> {
  const page = await readPage<[bigint], Row>(
    CURSOR,
    wish,
    (key, take) =>
      db.delivery.findMany({
        where: { subscriberId, ...(key ? { id: { lt: key[0] } } : {}) },
        orderBy: { id: 'desc' },
        select: SHOWN,
        take,
      }),
    ({ id }) => [id],
  );
  return { ...page, rows: await withPapers(db, page.rows) };
}

async function withPapers(db: Tx, rows: readonly Row[]): Promise<SentMail[]> {
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
