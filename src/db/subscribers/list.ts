import type { Wish } from '../../model/interest.ts';
import type { SubscriberStatus, Subscriber } from '../../model/subscriber.ts';
import type { Tx } from '../client.ts';
import { toSubscriber } from './subscribers.ts';

/** A subscriber as lists and exports show them. */
export interface ListedSubscriber extends Subscriber {
  wishes: Wish[];
  /** Why nothing may go to the address; null where it may. */
  suppressed: string | null;
}

/** What to list: after an id, of a status, whose address holds a text. */
export interface SubscriberQuery {
  afterId?: number;
  status?: SubscriberStatus;
  /** Part of the address, or the public id. */
  search?: string;
  limit: number;
}

/** Lists subscribers by id, a page at a time, with what they asked for. */
export async function listSubscribers(db: Tx, query: SubscriberQuery): Promise<ListedSubscriber[]> {
  const search = query.search?.trim().toLowerCase();
  const rows = await db.subscriber.findMany({
    where: {
      id: { gt: query.afterId ?? 0 },
      ...(query.status ? { status: query.status } : {}),
      ...(search ? { OR: [{ email: { contains: search } }, { publicId: query.search!.trim() }] } : {}),
    },
    orderBy: { id: 'asc' },
    take: query.limit,
    include: {
      interests: {
        include: { interest: { select: { kind: true } } },
        orderBy: [{ muted: 'asc' }, { interestId: 'asc' }],
      },
    },
  });
  const suppressions = await db.suppression.findMany({
    where: { addressHash: { in: rows.map((row) => row.addressHash) } },
  });
  const reasons = new Map(suppressions.map((row) => [Buffer.from(row.addressHash).toString('hex'), row.reason]));
  return rows.map(({ interests, ...row }) => ({
    ...toSubscriber(row),
    wishes: interests.map(({ interest, wording, muted }) => ({ kind: interest.kind, text: wording, muted })),
    suppressed: reasons.get(Buffer.from(row.addressHash).toString('hex')) ?? null,
  }));
}

/** Returns the status of those addresses that are known. */
export async function findKnownStatuses(db: Tx, emails: readonly string[]): Promise<Map<string, SubscriberStatus>> {
  const rows = await db.$queryRaw<{ email: string; status: SubscriberStatus }[]>`
    SELECT email, status::text AS status FROM subscribers WHERE email = ANY(${[...emails]}::text[])`;
  return new Map(rows.map(({ email, status }) => [email, status]));
}

/** Counts subscribers by status. */
export async function countSubscribers(db: Tx): Promise<Record<SubscriberStatus, number>> {
  const rows = await db.subscriber.groupBy({ by: ['status'], _count: true });
  const counts = { pending: 0, confirmed: 0, unsubscribed: 0 };
  for (const { status, _count } of rows) counts[status] = _count;
  return counts;
}
