import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { HookEvent, TEST_EVENT } from '../../model/hook.ts';
import type { Tx } from '../client.ts';
import { instant, int4, int8, jsonb, text, uuid } from '../columns.ts';
import type { Prisma } from '../generated/client.ts';
import { command, query, sql } from '../statement.ts';

export type HookState = 'waiting' | 'delivered' | 'failed';

/** A message that is due. */
export interface DueMessage {
  id: bigint;
  publicId: string;
  event: string;
  data: unknown;
  at: Date;
  /** Tries before this one. */
  tries: number;
}

/** One try at telling. */
export interface HookTry {
  at: Date;
  /** Null where there was no answer. */
  status: number | null;
  /** Null where it was taken. */
  problem: string | null;
  ms: number;
}

/** A message with every try at it. */
export interface LoggedMessage {
  publicId: string;
  event: string;
  data: unknown;
  at: Date;
  state: HookState;
  tries: number;
  nextTryAt: Date;
  log: HookTry[];
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const tellAll = command(
  'tell endpoints',
  (given: { event: string; data: string; now: Date }) => sql`
    INSERT INTO hook_messages (endpoint_id, event, data, at, next_try_at)
    SELECT e.id, ${given.event}::text, d.data, ${given.now}::timestamptz, ${given.now}::timestamptz
    FROM hook_endpoints e CROSS JOIN jsonb_array_elements(${given.data}::jsonb) WITH ORDINALITY AS d(data, place)
    WHERE e.off_at IS NULL AND ${given.event}::text = ANY(e.events)
    ORDER BY d.place, e.id`,
);

/** Writes down what is to be told to each endpoint that wants it, in the change's transaction; returns how many. */
export function writeMessages(db: Tx, event: HookEvent, data: readonly object[], now: Date): Promise<number> {
  return tellAll(db, { event, data: JSON.stringify(data), now });
}

/** Writes a message to one endpoint alone. */
export async function writeMessageTo(
  db: Tx,
  endpointId: number,
  message: { event: typeof TEST_EVENT; data: Prisma.InputJsonObject },
  now: Date,
): Promise<void> {
  await db.hookMessage.create({ data: { ...message, endpointId, at: now, nextTryAt: now } });
}

/** What to take: so many of an endpoint that are due; nobody else takes them until a lease is over. */
interface Claiming {
  endpointId: number;
  now: Date;
  until: Date;
  most: number;
}

const claim = query(
  'claim messages to endpoints',
  { id: int8, publicId: uuid, event: text, data: jsonb, at: instant, tries: int4 },
  (given: Claiming) => sql`
    UPDATE hook_messages m SET next_try_at = ${given.until}
    FROM (
      SELECT w.id FROM hook_messages w JOIN hook_endpoints e ON e.id = w.endpoint_id AND e.off_at IS NULL
      WHERE w.endpoint_id = ${given.endpointId} AND w.state = 'waiting' AND w.next_try_at <= ${given.now}
        AND NOT EXISTS (SELECT FROM hook_messages o
          WHERE o.state = 'waiting' AND o.endpoint_id = w.endpoint_id AND o.data ->> 'subscriber' = w.data ->> 'subscriber' AND o.id < w.id
            AND (o.next_try_at > ${given.now} OR (o.next_try_at, o.id) > (w.next_try_at, w.id)))
      ORDER BY w.next_try_at, w.id
      LIMIT ${given.most} FOR UPDATE OF w SKIP LOCKED) due
    WHERE m.id = due.id
    RETURNING m.id, m.public_id AS "publicId", m.event, m.data, m.at, m.tries`,
);

/**
 * Takes messages to an endpoint that are due, in the order they were written; what is told of a reader waits for what
 * was to be told of them before, else a program would hear last that somebody who left is in.
 */
export async function claimMessages(db: Tx, claiming: Claiming): Promise<DueMessage[]> {
  const rows = await claim(db, claiming);
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Gives messages back that were taken and not tried: they are due as they were. */
export async function giveBack(db: Tx, ids: readonly bigint[], nextTryAt: Date): Promise<void> {
  await db.hookMessage.updateMany({ where: { id: { in: [...ids] }, state: 'waiting' }, data: { nextTryAt } });
}

/** Notes a try, and what becomes of the message: `nextTryAt` where it is tried again. */
export async function noteTry(
  db: Tx,
  id: bigint,
  one: HookTry,
  end: { state: HookState; nextTryAt: Date },
): Promise<void> {
  await db.hookTry.create({ data: { messageId: id, ...one } });
  const finishedAt = end.state === 'waiting' ? null : one.at;
  await db.hookMessage.updateMany({ where: { id }, data: { ...end, tries: { increment: 1 }, finishedAt } });
}

/** Makes a message due again with a fresh set of tries; returns whether there is one. */
export async function replayMessage(db: Tx, endpointId: number, publicId: string, now: Date): Promise<boolean> {
  if (!UUID.test(publicId)) return false;
  const data = { state: 'waiting', tries: 0, nextTryAt: now, finishedAt: null } as const;
  return (await db.hookMessage.updateMany({ where: { endpointId, publicId }, data })).count > 0;
}

/** Makes every message due again that failed since an instant; returns how many. */
export async function replayFailed(db: Tx, endpointId: number, since: Date, now: Date): Promise<number> {
  const data = { state: 'waiting', tries: 0, nextTryAt: now, finishedAt: null } as const;
  const where = { endpointId, state: 'failed', at: { gte: since } } as const;
  return (await db.hookMessage.updateMany({ where, data })).count;
}

const CURSOR = cursorOf('hook messages', 'bigint');

/** Lists what was told to an endpoint, newest first, with every try. */
export async function listMessages(
  db: Tx,
  { endpointId, state, ...wish }: PageWish & { endpointId: number; state?: HookState | undefined },
): Promise<Page<LoggedMessage>> {
  type Row = LoggedMessage & { id: bigint };
  const page = await readPage<[bigint], Row>(
    CURSOR,
    wish,
    (key, take) =>
      db.hookMessage.findMany({
        where: { endpointId, ...(state && { state }), ...(key ? { id: { lt: key[0] } } : {}) },
        orderBy: { id: 'desc' },
        include: { log: { orderBy: { id: 'asc' } } },
        take,
      }),
    ({ id }) => [id],
  );
  return page;
}

/** Forgets messages of before an instant; returns how many. */
export async function forgetMessages(db: Tx, before: Date): Promise<number> {
  return (await db.hookMessage.deleteMany({ where: { at: { lt: before } } })).count;
}
