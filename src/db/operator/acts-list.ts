import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { Tx } from '../client.ts';

/** An act as it stands in the log. */
export interface ListedAct {
  id: bigint;
  at: Date;
  actor: string;
  action: string;
  subject: string | null;
  detail: unknown;
}

const CURSOR = cursorOf('acts', 'bigint');

/** Lists acts, newest first; all, or those on one subject. */
export async function listActs(
  db: Tx,
  { subject, ...wish }: PageWish & { subject?: string },
): Promise<Page<ListedAct>> {
  return readPage<[bigint], ListedAct>(
    CURSOR,
    wish,
    (key, take) =>
      db.auditEntry.findMany({
        where: { ...(key ? { id: { lt: key[0] } } : {}), ...(subject === undefined ? {} : { subject }) },
        orderBy: { id: 'desc' },
        take,
      }),
    ({ id }) => [id],
  );
}

/** Returns when an act was last done on a subject; null where it never was. */
export async function findLastActAt(db: Tx, subject: string, action: string): Promise<Date | null> {
  const found = await db.auditEntry.findFirst({
    where: { subject, action },
    orderBy: { id: 'desc' },
    select: { at: true },
  });
  return found?.at ?? null;
}
