import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
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
