import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { loadUnmatchedInterests } from '../db/plan-readiness.ts';
import {
  advanceSubscribers,
  countDueSubscribers,
  finishWelcomes,
  loadDueSubscribers,
  type Advance,
  type DueCursor,
  type DueKind,
  type DueSubscriber,
} from '../db/subscribers-due.ts';
import { localDate } from '../lib/time.ts';
import { editionKey, welcomeKey } from '../model/edition.ts';
import { createDueClock, lateLimitHours, nextSlot } from './due.ts';
import { openEditionBook, type EditionBook, type EditionPapers } from './run-plan-papers.ts';
import { writeNewsletters, type Wanted } from './run-plan-write.ts';

/** What a planning run did. */
export interface PlanCounts {
  /** Readers whose slot had come. */
  due: number;
  newsletters: number;
  welcomes: number;
  /** Readers for whom there was nothing, or nothing new. */
  nothing: number;
  /** Slots passed over: too late, paused, suppressed. */
  passedOver: number;
  /** Readers left due until their interests and the new papers are matched. */
  waiting: number;
  /** Older newsletters that had not gone out and gave way. */
  replaced: number;
}

/** Readers planned in one transaction: with more the garbage of a batch outlives it and memory grows (with 1,000 by 50 MB, with 2,000 by 100), for no speed. */
const BATCH = 500;
/** How long a slot waits for the match job, so that a reader does not miss the papers that came a minute before. */
const MATCH_GRACE_MS = 15 * 60_000;
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
  unmatched: Set<number>;
  decide: ReturnType<typeof createDueClock>;
  counts: PlanCounts;
}

/**
 * Plans the newsletters of everyone who is due: chooses their papers, writes newsletter and delivery, moves them on to their next slot,
 * a batch and a transaction at a time. A second planner at the same time takes other readers; a crash loses at most an unfinished batch.
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
    counts: { due: 0, newsletters: 0, welcomes: 0, nothing: 0, passedOver: 0, waiting: 0, replaced: 0 },
  };
  const total = options.progress ? await countDueSubscribers(ctx.db, now) : 0;
  let done = 0;
  const after = (readers: number) => options.progress?.((done += readers), total);
  for (const [kind, plan] of [
    ['slot', planSlots],
    ['welcome', planWelcomes],
  ] as const) {
    await eachBatch(run, { kind, limit: options.batch ?? BATCH, plan, after, signal: options.signal });
  }
  return run.counts;
}

interface Batches {
  kind: DueKind;
  limit: number;
  plan: (run: Run, tx: Tx, readers: DueSubscriber[]) => Promise<void>;
  after: (readers: number) => void;
  signal: AbortSignal | undefined;
}

async function eachBatch(run: Run, { kind, limit, plan, after, signal }: Batches): Promise<void> {
  let cursor: DueCursor | null = { dueAt: new Date(0), id: 0 };
  while (cursor && !signal?.aborted) {
    const from: DueCursor = cursor;
    cursor = await transaction(run.ctx.db, async (tx) => {
      const want = { kind, now: run.now, after: from, limit, lock: !run.dryRun };
      const readers = await loadDueSubscribers(tx, want);
      if (readers.length > 0) await plan(run, tx, readers);
      after(readers.length);
      const last = readers.at(-1);
      return last && readers.length === limit ? { dueAt: last.dueAt, id: last.id } : null;
    });
  }
}

async function planSlots(run: Run, tx: Tx, readers: DueSubscriber[]): Promise<void> {
  const wanted: Wanted[] = [];
  const advances: Advance[] = [];
  for (const reader of readers) {
    const { slot, lastSlotOn, next } = run.decide(reader.schedule, reader.dueAt, reader.lastSlotOn);
    const paused = reader.pausedUntil !== null && reader.pausedUntil > run.now;
    run.counts.due++;
    if (!slot || paused || reader.suppressed) {
      run.counts.passedOver++;
      const nextDueAt = paused ? nextSlot(reader.schedule, reader.pausedUntil!, lastSlotOn).at : next.at;
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
    advances.push({ id: reader.id, nextDueAt: next.at, lastSlotOn, newsletterAt: null });
  }
  const written = await write(run, tx, wanted);
  run.counts.newsletters += written.size;
  if (run.dryRun) return;
  await advanceSubscribers(
    tx,
    advances.map((row) => (written.has(row.id) ? { ...row, newsletterAt: run.now } : row)),
  );
}

async function planWelcomes(run: Run, tx: Tx, readers: DueSubscriber[]): Promise<void> {
  const newest = await run.book.newest();
  if (!newest) {
    run.counts.waiting += readers.length;
    return;
  }
  const ready = readers.filter((reader) => !mustWait(run, reader, newest.window, reader.dueAt));
  run.counts.waiting += readers.length - ready.length;
  const wanted = ready
    .filter((reader) => !reader.suppressed)
    .map((reader) => ({
      reader,
      papers: [newest.day, newest.window],
      editionKey: welcomeKey(reader.confirmations),
      slotAt: reader.dueAt,
      issuedOn: localDate(reader.dueAt, reader.schedule.timeZone),
      lateAt: new Date(run.now.getTime() + run.ctx.config.LATE_HOURS * HOUR_MS),
      news: false,
    }));
  const written = await write(run, tx, wanted);
  run.counts.welcomes += written.size;
  if (run.dryRun) return;
  await finishWelcomes(
    tx,
    ready.map(({ id }) => ({ id, newsletterAt: written.has(id) ? run.now : null })),
  );
}

/** A reader whose interests, or whose papers of these minutes, are not matched yet would get less than they asked for. */
function mustWait(run: Run, reader: DueSubscriber, papers: EditionPapers, since: Date): boolean {
  if (reader.interests.some((id) => run.unmatched.has(Math.abs(id)))) return true;
  const wants = reader.interests.some((id) => id > 0);
  return wants && papers.unmatched && run.now.getTime() - since.getTime() < MATCH_GRACE_MS;
}

async function write(run: Run, tx: Tx, wanted: Wanted[]): Promise<Set<number>> {
  if (wanted.length === 0) return new Set();
  const result = await writeNewsletters(run.ctx, tx, wanted, { now: run.now, dryRun: run.dryRun });
  run.counts.nothing += wanted.length - result.written.size;
  run.counts.replaced += result.replaced;
  if (result.written.size > 0 && !run.dryRun) await run.ctx.queue.wake('deliver', tx);
  return result.written;
}
