import type { Context } from '../context.ts';
import { findEndpoint, listEndpoints, noteFailing, noteWell, type HookEndpoint } from '../db/hooks/endpoints.ts';
import { claimMessages, forgetMessages, giveBack, noteTry, type DueMessage } from '../db/hooks/messages.ts';
import { LOG_DAYS, OFF_AFTER_DAYS, RETRY_MINUTES } from '../model/hook.ts';
import { OFF_AS_GONE } from '../model/why-off.ts';
import { announceFinished } from './finished-editions.ts';
import { send, type Tried } from './send.ts';
import { switchOffFailing } from './switch-off.ts';

/** Messages to an endpoint that are taken at a time. */
const BATCH = 100;
/** Nobody else takes them meanwhile; longer than a run takes, with the last receiver hanging. */
const LEASE_MS = 10 * 60_000;
/** How long a run tells; the next one goes on, and asks anew who has something to hear, and which editions are over. */
const RUN_MS = 10_000;
const DAY_MS = 86_400_000;

/** What a run did. */
export interface HookCounts {
  delivered: number;
  failed: number;
  switchedOff: number;
  finishedEditions: number;
}

/** How a run is asked for. */
interface HookOptions {
  signal?: AbortSignal;
  /** For a receiver to answer. */
  timeoutMs?: number;
  /** For telling. */
  mostMs?: number;
}

/** A run as it goes. */
interface HookRun {
  ctx: Context;
  options: HookOptions;
  counts: HookCounts;
  /** By `performance.now()`. */
  endsAtMs: number;
  /** Something was left for the next run. */
  isCut: boolean;
}

/**
 * Tells programs what waits to be told, each endpoint by itself and in order; one that fails is left alone until the
 * next run, and what is told of one reader stays in order beyond that. Also finds the editions that are over. Safe to
 * run twice: what was told is told again only where its answer was lost, under the same id.
 */
export async function runHooks(ctx: Context, options: HookOptions = {}): Promise<HookCounts> {
  const counts = { delivered: 0, failed: 0, switchedOff: 0, finishedEditions: await announceFinished(ctx) };
  await forgetMessages(ctx.db, new Date(ctx.now().getTime() - LOG_DAYS * DAY_MS));
  const endsAtMs = performance.now() + (options.mostMs ?? RUN_MS);
  const run: HookRun = { ctx, options, counts, endsAtMs, isCut: false };
  const on = (await listEndpoints(ctx.db)).filter(({ offAt }) => offAt === null);
  const ends = await Promise.allSettled(on.map(({ publicId }) => tellEndpoint(run, publicId)));
  if (run.isCut) await ctx.queue.wake('hooks');
  for (const end of ends) if (end.status === 'rejected') throw end.reason as Error;
  return counts;
}

/** Tells an endpoint all that is due, as it is set then: it may be rotated, or switched off, meanwhile. */
async function tellEndpoint(run: HookRun, publicId: string): Promise<void> {
  const { ctx, options } = run;
  while (!options.signal?.aborted) {
    const endpoint = await findEndpoint(ctx.db, publicId);
    if (!endpoint) return;
    const now = ctx.now();
    const until = new Date(now.getTime() + LEASE_MS);
    const due = await claimMessages(ctx.db, { endpointId: endpoint.id, now, until, most: BATCH });
    if (due.length === 0 || !(await tellAll(run, endpoint, due))) return;
  }
}

/** Tells one message after the other; false where one failed, or the time is over: the others are given back. */
async function tellAll(run: HookRun, endpoint: HookEndpoint, messages: readonly DueMessage[]): Promise<boolean> {
  const { ctx, options } = run;
  for (const [index, message] of messages.entries()) {
    const isOver = performance.now() >= run.endsAtMs;
    run.isCut ||= isOver;
    const tried = isOver || options.signal?.aborted ? null : await send(ctx, endpoint, message, options);
    if (tried) await note(ctx, endpoint, message, tried, run.counts);
    if (tried && tried.problem === null) continue;
    const left = messages.slice(tried ? index + 1 : index).map(({ id }) => id);
    await giveBack(ctx.db, left, messages[0]?.at ?? ctx.now());
    return false;
  }
  return true;
}

async function note(
  ctx: Context,
  endpoint: HookEndpoint,
  message: DueMessage,
  { gone, retryAfterMs, ...one }: Tried,
  counts: HookCounts,
): Promise<void> {
  if (one.problem === null) {
    counts.delivered++;
    await noteTry(ctx.db, message.id, one, { state: 'delivered', nextTryAt: one.at });
    await noteWell(ctx.db, endpoint.id);
    return;
  }
  counts.failed++;
  const waitMinutes = RETRY_MINUTES[message.tries];
  const over = gone || waitMinutes === undefined;
  const waitMs = Math.max((waitMinutes ?? 0) * 60_000, retryAfterMs ?? 0);
  const nextTryAt = new Date(one.at.getTime() + waitMs);
  await noteTry(ctx.db, message.id, one, { state: over ? 'failed' : 'waiting', nextTryAt });
  const failingSince = await noteFailing(ctx.db, endpoint.id, one.at);
  const because = gone ? OFF_AS_GONE : whyOff(failingSince, one);
  if (because !== null && (await switchOffFailing(ctx, endpoint, because))) counts.switchedOff++;
}

/** Says why an endpoint is given up: it has failed for days. */
function whyOff(failingSince: Date, { at, problem }: Pick<Tried, 'at' | 'problem'>): string | null {
  if (at.getTime() - failingSince.getTime() < OFF_AFTER_DAYS * DAY_MS) return null;
  return `it has failed since ${failingSince.toISOString()}, lately: ${problem ?? ''}`;
}
