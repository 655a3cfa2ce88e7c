import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { noteNothing } from '../db/newsletters/nothing.ts';
import { loadUnmatchedInterests, type Unmatched } from '../db/interests/plan-readiness.ts';
import {
  advanceSubscribers,
  countDueSubscribers,
  finishWelcomes,
  loadDueSubscribers,
  type Advance,
  type DueCursor,
  type DueSubscriber,
} from '../db/subscribers/due.ts';
import { setReadersAside, type SetAside } from '../db/subscribers/set-aside.ts';
import { localDate } from '../lib/time.ts';
import { editionKey, welcomeKey } from '../model/edition.ts';
import { decideSlot } from './decide-slot.ts';
import { createDueClock, lateLimitHours } from './due.ts';
import { waitsForMatching } from './must-wait.ts';
import { divide, planningProblem } from './planning-problem.ts';
import { eachBatch, wakeDelivery } from './plan-batches.ts';
import { noPlans, type PlanCounts } from './plan-counts.ts';
import { openEditionBook, type EditionBook, type EditionPapers } from './edition-book.ts';
import type { Wanted } from './load-chosen.ts';
import { writeNewsletters, type Written } from './write-newsletters.ts';

/**
 * Readers planned in one transaction: with more the garbage of a batch outlives it and memory grows (with 1,000 by 50
 * MB, with 2,000 by 100), for no speed.
 */
const BATCH = 500;
const HOUR_MS = 3_600_000;

/** How a run is asked for. */
export interface PlanOptions {
  /** Count what would be planned, change nothing. */
  dryRun?: boolean;
  /** Readers of one transaction. */
  batch?: number;
  /** Ends the run after the batch at hand; the next run goes on from there. */
  signal?: AbortSignal;
  /** Hears how many of the readers that are due have been looked at. */
  progress?: (done: number, total: number) => void;
}

interface Run {
  ctx: Context;
  now: Date;
  dryRun: boolean;
  book: EditionBook;
  unmatched: Unmatched;
  decide: ReturnType<typeof createDueClock>;
  counts: PlanCounts;
}

/**
 * Plans the newsletters of everyone who is due: chooses their papers, writes newsletter and delivery, moves them on to
 * their next slot, a batch and a transaction at a time. A second planner at the same time takes other readers; a crash
 * loses at most an unfinished batch.
 */
export async function runPlan(ctx: Context, options: PlanOptions = {}): Promise<PlanCounts> {
  const now = ctx.now();
  const run: Run = {
    ctx,
    now,
    dryRun: options.dryRun ?? false,
    book: openEditionBook(ctx),
    unmatched: await loadUnmatchedInterests(ctx.db),
    decide: createDueClock(now, ctx.config.LATE_HOURS),
    counts: noPlans(),
  };
  const total = options.progress ? await countDueSubscribers(ctx.db, now) : 0;
  let done = 0;
  const after = (readers: number) => options.progress?.((done += readers), total);
  for (const [kind, plan] of [
    ['slot', planSlots],
    ['welcome', planWelcomes],
  ] as const) {
    await eachBatch<DueSubscriber, DueCursor>({
      ...{ db: ctx.db, limit: options.batch ?? BATCH, after, signal: options.signal, counts: run.counts },
      first: { dueAt: new Date(0), id: 0 },
      load: (tx, from, limit) => loadDueSubscribers(tx, { kind, now, after: from, limit, lock: !run.dryRun }),
      cursorOf: ({ dueAt, id }) => ({ dueAt, id }),
      plan: (tx, readers) => plan(run, tx, readers),
      aside: async (reader, error) => {
        if (kind === 'slot') run.counts.due++;
        await setAside(run, ctx.db, [{ id: reader.id, problem: planningProblem(reader, error) }]);
      },
    });
  }
  return run.counts;
}

async function setAside(run: Run, db: Tx, rows: readonly SetAside[]): Promise<void> {
  run.counts.setAside += rows.length;
  if (!run.dryRun) await setReadersAside(db, rows, run.now);
}

async function planSlots(run: Run, tx: Tx, readers: DueSubscriber[]): Promise<void> {
  const wanted: Wanted[] = [];
  const advances: Advance[] = [];
  const { able, unable } = divide(readers, (reader) => decideSlot(reader, run.now, run.decide));
  run.counts.due += readers.length;
  await setAside(run, tx, unable);
  for (const { reader, found } of able) {
    const { slot, lastSlotOn, nextDueAt } = found;
    if (!slot) {
      run.counts.passedOver++;
      advances.push({ id: reader.id, nextDueAt, lastSlotOn, newsletterAt: null });
      continue;
    }
    const papers = await run.book.on(slot.at.toISOString().slice(0, 10));
    if (mustWait(run, reader, papers, slot.at)) {
      run.counts.waiting++;
      continue;
    }
    const lateAt = new Date(
      slot.at.getTime() + lateLimitHours(reader.schedule.cadence, run.ctx.config.LATE_HOURS) * HOUR_MS,
    );
    const key = editionKey(reader.schedule.cadence, slot.on);
    wanted.push({ reader, papers: [papers], editionKey: key, slotAt: slot.at, issuedOn: slot.on, lateAt, news: true });
    advances.push({ id: reader.id, nextDueAt, lastSlotOn, newsletterAt: null });
  }
  const { readers: written, without } = await write(run, tx, wanted);
  run.counts.newsletters += written.size;
  if (run.dryRun) return;
  await advanceSubscribers(
    tx,
    advances.map((row) => (written.has(row.id) ? { ...row, newsletterAt: run.now } : row)),
  );
  await noteNothing(tx, without, run.now);
}

async function planWelcomes(run: Run, tx: Tx, readers: DueSubscriber[]): Promise<void> {
  const newest = await run.book.newest();
  if (!newest) {
    run.counts.waiting += readers.length;
    return;
  }
  const { able, unable } = divide(readers, ({ dueAt, schedule }) => localDate(dueAt, schedule.timeZone));
  await setAside(run, tx, unable);
  const ready = able.filter(({ reader }) => !mustWait(run, reader, newest.window, reader.dueAt));
  run.counts.waiting += able.length - ready.length;
  const wanted = ready
    .filter(({ reader }) => !reader.suppressed)
    .map(({ reader, found }) => ({
      reader,
      papers: [newest.day, newest.window],
      editionKey: welcomeKey(reader.confirmations),
      slotAt: reader.dueAt,
      issuedOn: found,
      lateAt: new Date(run.now.getTime() + run.ctx.config.LATE_HOURS * HOUR_MS),
      news: false,
    }));
  const { readers: written } = await write(run, tx, wanted);
  run.counts.welcomes += written.size;
  if (run.dryRun) return;
  await finishWelcomes(
    tx,
    ready.map(({ reader: { id } }) => ({ id, newsletterAt: written.has(id) ? run.now : null })),
  );
}

function mustWait(run: Run, reader: DueSubscriber, papers: EditionPapers, since: Date): boolean {
  const state = { unmatched: run.unmatched, papersUnmatched: papers.unmatched };
  return waitsForMatching(reader.interests, state, since, run.now) !== null;
}

async function write(run: Run, tx: Tx, wanted: Wanted[]): Promise<Written> {
  if (wanted.length === 0) return { readers: new Set(), replaced: 0, without: [] };
  const result = await writeNewsletters(run.ctx, tx, wanted, { now: run.now, dryRun: run.dryRun });
  run.counts.nothing += wanted.length - result.readers.size;
  run.counts.replaced += result.replaced;
  if (result.readers.size > 0 && !run.dryRun) await wakeDelivery(run.ctx, tx);
  return result;
}
