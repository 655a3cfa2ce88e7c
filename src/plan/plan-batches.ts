import type { Context } from '../context.ts';
import { transaction, type Db, type Tx } from '../db/client.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { isOutage } from '../lib/outage.ts';

/** Readers to be planned, a batch and a transaction at a time. */
export interface Batches<Reader, Cursor> {
  db: Db;
  /** Where it begins. */
  first: Cursor;
  /** Readers of one transaction. */
  limit: number;
  load: (tx: Tx, after: Cursor, limit: number) => Promise<Reader[]>;
  cursorOf: (reader: Reader) => Cursor;
  plan: (tx: Tx, readers: Reader[]) => Promise<void>;
  /** Hears of a reader who cannot be planned, with what the database or our own code said. */
  aside: (reader: Reader, error: unknown) => Promise<void>;
  /** What `plan` adds up; what a transaction that failed added is taken back. */
  counts: object;
  /** Hears how many readers were looked at. */
  after?: (readers: number) => void;
  signal?: AbortSignal | undefined;
}

/** More than this many readers refused in one run: the fault is not theirs. */
const MOST_REFUSED = 200;

/**
 * Plans all readers. A batch that fails is planned in halves, down to the readers who are to blame: they are set aside
 * and the others go on. Once most of a batch was planned its rest is small, so a lasting fault costs little. Throws
 * where the database is away, or where so many fail that the fault is not theirs.
 */
export async function eachBatch<Reader, Cursor>(batches: Batches<Reader, Cursor>): Promise<void> {
  const refused = { count: 0 };
  let cursor: Cursor | null = batches.first;
  while (cursor !== null && !batches.signal?.aborted) cursor = await planFrom(batches, refused, cursor, batches.limit);
}

/** Waits for what is no reader's fault where it fails: throws AppError unavailable then. */
export async function blameless(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    throw new AppError('unavailable', messageOf(error), { cause: error });
  });
}

/**
 * Wakes delivery once the transaction commits. Throws AppError unavailable where the queue does not work, which is no
 * reader's fault.
 */
export async function wakeDelivery({ queue }: Pick<Context, 'queue'>, tx: Tx): Promise<void> {
  await blameless(queue.wake('deliver', tx));
}

function isOurs(error: unknown): boolean {
  return error instanceof AppError && error.code === 'unavailable';
}

/** Plans the next readers; returns where the ones after them begin, null where there are none. */
async function planFrom<Reader, Cursor>(
  batches: Batches<Reader, Cursor>,
  refused: { count: number },
  from: Cursor,
  limit: number,
): Promise<Cursor | null> {
  const { db, load, plan, cursorOf, aside, counts, after } = batches;
  const before = { ...counts };
  let readers: Reader[] = [];
  try {
    await transaction(db, async (tx) => {
      readers = await load(tx, from, limit);
      if (readers.length > 0) await plan(tx, readers);
    });
    after?.(readers.length);
  } catch (error) {
    Object.assign(counts, before);
    const [first] = readers;
    if (first === undefined || isOutage(error) || isOurs(error)) throw error;
    if (readers.length > 1) {
      const half = Math.ceil(readers.length / 2);
      await planFrom(batches, refused, from, half);
      await planFrom(batches, refused, cursorOf(readers[half - 1] ?? first), readers.length - half);
    } else {
      if (++refused.count > MOST_REFUSED) throw error;
      await aside(first, error);
      after?.(1);
    }
  }
  const last = readers.at(-1);
  return last !== undefined && readers.length === limit ? cursorOf(last) : null;
}
