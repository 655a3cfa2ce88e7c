import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { loadUnmatchedInterests } from '../db/interests/plan-readiness.ts';
import { advanceSubscribers } from '../db/subscribers/due.ts';
import { loadWithoutNewsletter, type WithoutNewsletter } from '../db/subscribers/missed.ts';
import { setReadersAside, type SetAside } from '../db/subscribers/set-aside.ts';
import { decideDue, lateLimitHours, type Slot } from './due.ts';
import { cadencesOf, missedSlot } from './missed.ts';
import { divide, planningProblem } from './planning-problem.ts';
import { blameless, eachBatch, wakeDelivery } from './plan-batches.ts';
import { openEditionBook, type EditionBook } from './edition-book.ts';
import { writeNewsletters } from './write-newsletters.ts';

/** What looking for the readers who missed an edition found. */
export interface MissedCounts {
  /** Newsletters planned, or that would be. */
  planned: number;
  /** Readers who missed it and for whom there is nothing new in it. */
  nothing: number;
  /** Readers whose interests are not matched yet. */
  waiting: number;
  /** Readers who cannot be planned, where there are any; each bears the reason. */
  setAside?: number;
}

/** How it is asked for. */
export interface MissedOptions {
  dryRun: boolean;
  /** Hears of newsletters planned, in the transaction that plans them. */
  written?: (tx: Tx, planned: number) => Promise<void>;
}

/** Readers of one transaction. */
const BATCH = 1_000;
const HOUR_MS = 3_600_000;

/**
 * Plans an edition for the confirmed readers whose slot in it passed without a delivery, because the service was down
 * for longer than the late limit: an operator's wish, so the late limit begins anew. Never for anybody who has a
 * delivery in it; safe to repeat.
 */
export async function planMissed(ctx: Context, edition: string, options: MissedOptions): Promise<MissedCounts> {
  const counts: MissedCounts = { planned: 0, nothing: 0, waiting: 0 };
  const cadences = cadencesOf(edition);
  if (cadences.length === 0) return counts;
  const [book, unmatched] = [openEditionBook(ctx), await loadUnmatchedInterests(ctx.db)];
  const now = ctx.now();
  const setAside = async (db: Tx, rows: readonly SetAside[]) => {
    if (rows.length > 0) counts.setAside = (counts.setAside ?? 0) + rows.length;
    if (!options.dryRun) await setReadersAside(db, rows, now);
  };
  await eachBatch<WithoutNewsletter, number>({
    ...{ db: ctx.db, limit: BATCH, first: 0, counts, cursorOf: ({ id }) => id },
    load: (tx, after, limit) =>
      loadWithoutNewsletter(tx, { edition, cadences, now, after, limit, lock: !options.dryRun }),
    plan: async (tx, readers) => {
      const { able, unable } = divide(readers, (reader) => missedSlot(reader, edition, now, ctx.config.LATE_HOURS));
      await setAside(tx, unable);
      const missed = able.flatMap(({ reader, found: slot }) => (slot ? [{ reader, slot }] : []));
      const ready = missed.filter(({ reader }) => !reader.interests.some((id) => unmatched.has(Math.abs(id))));
      const planned = ready.length > 0 ? await planBatch({ ctx, tx, book, edition, dryRun: options.dryRun }, ready) : 0;
      if (planned > 0 && !options.dryRun && options.written) await blameless(options.written(tx, planned));
      counts.planned += planned;
      counts.nothing += ready.length - planned;
      counts.waiting += missed.length - ready.length;
    },
    aside: (reader, error) => setAside(ctx.db, [{ id: reader.id, problem: planningProblem(reader, error) }]),
  });
  return counts;
}

interface Batch {
  ctx: Context;
  tx: Tx;
  book: EditionBook;
  edition: string;
  dryRun: boolean;
}

async function planBatch(
  { ctx, tx, book, edition, dryRun }: Batch,
  missed: { reader: WithoutNewsletter; slot: Slot }[],
): Promise<number> {
  const now = ctx.now();
  const { LATE_HOURS } = ctx.config;
  const wanted = await Promise.all(
    missed.map(async ({ reader, slot }) => ({
      reader,
      papers: [await book.on(slot.at.toISOString().slice(0, 10))],
      editionKey: edition,
      slotAt: slot.at,
      issuedOn: slot.on,
      lateAt: new Date(now.getTime() + lateLimitHours(reader.schedule.cadence, LATE_HOURS) * HOUR_MS),
      news: true,
    })),
  );
  const { readers: written } = await writeNewsletters(ctx, tx, wanted, { now, dryRun });
  if (dryRun || written.size === 0) return written.size;
  await advanceSubscribers(
    tx,
    missed
      .filter(({ reader }) => written.has(reader.id))
      // What came after the slot is news still.
      .map((row) => ({ ...movedOn(row, now, LATE_HOURS), newsletterAt: row.slot.at })),
  );
  await wakeDelivery(ctx, tx);
  return written.size;
}

/** Where planning has not passed the slot yet it need not look at it again; else the reader's next slot stays. */
function movedOn({ reader, slot }: { reader: WithoutNewsletter; slot: Slot }, now: Date, lateHours: number) {
  const { id, schedule, dueAt, lastSlotOn } = reader;
  if (dueAt > slot.at) return { id, nextDueAt: dueAt, lastSlotOn: lastSlotOn ?? slot.on };
  const decision = decideDue(schedule, dueAt, lastSlotOn, now, lateHours);
  return { id, nextDueAt: decision.next.at, lastSlotOn: decision.lastSlotOn };
}
