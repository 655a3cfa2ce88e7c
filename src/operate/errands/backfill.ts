import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { countAnswers } from '../../db/digests/captures.ts';
import { countForAct, recordAct } from '../../db/operator/audit.ts';
import { createErrand, keepProblems, noteErrand, problemsAfter, type Errand } from '../../db/operator/errands.ts';
import { hostOf } from '../../ingest/asking/pace.ts';
import { backfillDay, lastPastDay, type PastCounts } from '../../ingest/backfill.ts';
import { pastRequest } from '../../ingest/sources/past-requests.ts';
import { AppError } from '../../lib/errors.ts';
import { present } from '../../lib/present.ts';
import { shownAddress } from '../../lib/redact.ts';
import { addDays, daysBetween, isDate } from '../../lib/time.ts';
import type { Actor } from '../../model/actor.ts';
import type { SourceSetting } from '../../source-settings.ts';

/** Days of a source that are past, both ends included, YYYY-MM-DD. */
export interface BackfillWish {
  source: string;
  from: string;
  to: string;
}

/** What a backfill would do, or why there is none. */
export type BackfillForeseen =
  | { outcome: 'unknown' | 'newest-alone' }
  /** The days are none, not in their order, or more than may be asked for at once. */
  | { outcome: 'days'; last: string; most: number }
  /** `atLeastMs`: asking takes longer than the rests that its host wants between requests. */
  | { outcome: 'ready'; days: number; known: number; atLeastMs: number };

/** Ten years. */
const MOST_DAYS = 3_660;
/** After so many days in a row without an answer the source is at fault, not the day. */
const HOPELESS = 20;

/** Returns the last day that a source can be asked for as past; null where it tells its newest papers alone. */
export function lastDayOf(ctx: Context, name: string): string | null {
  const source = sourceNamed(ctx, name);
  return source && pastRequest(source.location) ? lastPastDay(ctx.now()) : null;
}

/** Says what a backfill would ask for, and how long its host lets it take at the least; changes nothing. */
export async function foreseeBackfill(
  ctx: Context,
  { source: name, from, to }: BackfillWish,
): Promise<BackfillForeseen> {
  const source = sourceNamed(ctx, name);
  if (!source) return { outcome: 'unknown' };
  const request = pastRequest(source.location);
  if (!request) return { outcome: 'newest-alone' };
  const last = lastPastDay(ctx.now());
  const count = isDate(from) && isDate(to) && to <= last ? daysBetween(from, to) + 1 : 0;
  if (count < 1 || count > MOST_DAYS) return { outcome: 'days', last, most: MOST_DAYS };
  const addresses = Array.from({ length: count }, (_, at) => request(addDays(from, at)));
  const known = await countAnswers(ctx.db, name, addresses.map(shownAddress));
  const { restMs } = hostOf(new URL(present(addresses[0], 'the first address')));
  return { outcome: 'ready', days: count, known, atLeastMs: (count - known) * restMs };
}

/** Begins to take in past days of a source. Returns the errand's number; null where it cannot be done. */
export async function beginBackfill(ctx: Context, wish: BackfillWish, by: Actor): Promise<number | null> {
  const foreseen = await foreseeBackfill(ctx, wish);
  if (foreseen.outcome !== 'ready') return null;
  const { source, from, to } = wish;
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const detail = { from, to };
    const actId = await recordAct(tx, { at: now, actor: by, action: 'source.backfill', subject: source, detail });
    const errand = { kind: 'source.backfill', wish: { source, from, to }, actor: by, now, actId };
    const id = await createErrand(tx, { ...errand, total: foreseen.days });
    await ctx.queue.wake('backfill', tx);
    return id;
  });
}

/** Takes in the next day; one that cannot be had is kept by name. Throws AppError unavailable where none can be had. */
export async function stepBackfill(
  ctx: Context,
  errand: Errand,
  signal: AbortSignal | undefined,
): Promise<'more' | 'done'> {
  const wish = errand.wish as unknown as BackfillWish;
  const source = sourceNamed(ctx, wish.source);
  if (!source)
    throw new AppError('not-found', `${wish.source} is no source any more (SOURCES)`, {
      said: { name: 'errand.noSource', values: { source: wish.source } },
    });
  const line = errand.position + 1;
  const day = addDays(wish.from, errand.position);
  const came = await backfillDay(ctx, source, day, { signal });
  await note(ctx, errand, { line, day, came });
  const failed = await problemsAfter(ctx.db, errand.id, line - HOPELESS, HOPELESS);
  if (failed.length === HOPELESS)
    throw new AppError('unavailable', `${HOPELESS} days in a row could not be had: ${came.problems.join('; ')}`, {
      said: { name: 'errand.hopeless', values: { n: HOPELESS } },
    });
  return day < wish.to ? 'more' : 'done';
}

async function note(
  ctx: Context,
  errand: Errand,
  { line, day, came }: { line: number; day: string; came: PastCounts },
): Promise<void> {
  const { problems, why, ...counted } = came;
  const counts = { ...counted, problems: problems.length > 0 ? 1 : 0 };
  const sums = Object.entries(counts).map(([name, n]) => [name, (errand.counts[name] ?? 0) + n] as const);
  await transaction(ctx.db, async (tx) => {
    if (problems.length > 0) await keepProblems(tx, errand.id, [{ line, what: day, reason: problems.join('; '), why }]);
    await countForAct(tx, present(errand.actId, 'the act of a backfill'), counts);
    await noteErrand(tx, errand.id, { position: line, done: line, counts: Object.fromEntries(sums) });
  });
}

function sourceNamed({ config }: Context, name: string): SourceSetting | undefined {
  return config.SOURCES.find((source) => source.name === name);
}
