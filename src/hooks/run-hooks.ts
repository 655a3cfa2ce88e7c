import type { Context } from '../context.ts';
import { listEndpoints, noteFaring, type HookEndpoint } from '../db/hooks/endpoints.ts';
import { claimMessages, forgetMessages, giveBack, noteTry, type DueMessage } from '../db/hooks/messages.ts';
import { OFF_AFTER_DAYS, RETRY_MINUTES } from '../model/hook.ts';
import { OFF_AS_GONE } from '../model/why-off.ts';
import { announceFinished } from './finished-editions.ts';
import { send, type Tried } from './send.ts';
import { switchOffFailing } from './switch-off.ts';

/** Messages taken at a time. */
const BATCH = 100;
/** Nobody else takes them meanwhile; longer than a batch to a receiver that hangs takes. */
const LEASE_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** How long what was told is remembered, for its log and for replays. */
const LOG_DAYS = 30;

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
}

/**
 * Tells programs what waits to be told, each endpoint by itself and in order; one that fails is left alone until the
 * next run, and what is told of one reader stays in order beyond that. Also finds the editions that are over. Safe to
 * run twice: what was told is told again only where its answer was lost, under the same id.
 */
export async function runHooks(ctx: Context, options: HookOptions = {}): Promise<HookCounts> {
  const counts = { delivered: 0, failed: 0, switchedOff: 0, finishedEditions: await announceFinished(ctx) };
  await forgetMessages(ctx.db, new Date(ctx.now().getTime() - LOG_DAYS * DAY_MS));
  const resting = new Set<number>();
  while (!options.signal?.aborted) {
    const now = ctx.now();
    const until = new Date(now.getTime() + LEASE_MS);
    const due = await claimMessages(ctx.db, { now, until, most: BATCH, resting: [...resting] });
    if (due.length === 0) break;
    const endpoints = new Map((await listEndpoints(ctx.db)).map((endpoint) => [endpoint.id, endpoint]));
    await Promise.all(
      [...endpoints.values()].map(async (endpoint) => {
        const own = due.filter(({ endpointId }) => endpointId === endpoint.id);
        if (!(await tellAll(ctx, endpoint, own, { options, counts }))) resting.add(endpoint.id);
      }),
    );
  }
  return counts;
}

/** Tells an endpoint one message after the other; false where one failed: the others are given back. */
async function tellAll(
  ctx: Context,
  endpoint: HookEndpoint,
  messages: readonly DueMessage[],
  { options, counts }: { options: HookOptions; counts: HookCounts },
): Promise<boolean> {
  for (const [index, message] of messages.entries()) {
    const tried = options.signal?.aborted ? null : await send(ctx, endpoint, message, options);
    if (tried) await note(ctx, endpoint, message, tried, counts);
    if (tried && tried.problem === null) continue;
    const left = messages.slice(tried ? index + 1 : index).map(({ id }) => id);
    await giveBack(ctx.db, left, ctx.now());
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
    await noteFaring(ctx.db, endpoint.id, null);
    return;
  }
  counts.failed++;
  const waitMinutes = RETRY_MINUTES[message.tries];
  const over = gone || waitMinutes === undefined;
  const waitMs = Math.max((waitMinutes ?? 0) * 60_000, Math.min(retryAfterMs ?? 0, DAY_MS));
  const nextTryAt = new Date(one.at.getTime() + waitMs);
  await noteTry(ctx.db, message.id, one, { state: over ? 'failed' : 'waiting', nextTryAt });
  await noteFaring(ctx.db, endpoint.id, one.at);
  const because = gone ? OFF_AS_GONE : whyOff(endpoint, one);
  if (because !== null && (await switchOffFailing(ctx, endpoint, because))) counts.switchedOff++;
}

/** Says why an endpoint is given up: it has failed for days. */
function whyOff({ failingSince }: HookEndpoint, { at, problem }: Pick<Tried, 'at' | 'problem'>): string | null {
  if (!failingSince || at.getTime() - failingSince.getTime() < OFF_AFTER_DAYS * DAY_MS) return null;
  return `it has failed since ${failingSince.toISOString()}, lately: ${problem ?? ''}`;
}
