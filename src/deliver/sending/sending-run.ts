import { setMaxListeners } from 'node:events';
import type { Context } from '../../context.ts';
import type { Probe } from '../../db/feedback/outages.ts';
import { DELIVERY_STATES, type ClaimedDelivery, type DeliveryState } from '../../model/delivery.ts';
import type { HandedFact } from '../../model/fact.ts';
import { createAnswers, type Answers } from './answers.ts';
import { createDestinationSlots, type DestinationSlots } from './destination-slots.ts';
import type { StopReason } from './run-end.ts';

/** One run of one worker. */
export interface SendingRun {
  ctx: Context;
  /** Names this run in claims and attempts; never used twice. */
  worker: string;
  /** Sends one mail only, to find out whether the way out works again. */
  probe: boolean;
  counts: Record<DeliveryState, number>;
  /** Ends it: nothing more is claimed or begun. The first reason stands. */
  stop: (reason: StopReason) => void;
  /** Aborted by `stop`. */
  signal: AbortSignal;
  /** Why it was stopped; null while it was not. */
  stopped: () => StopReason | null;
  /** Domains among its recipients, as far as it matters how many there are. */
  domains: Set<string>;
  /** What it has claimed and not begun to hand over: whatever else the ledger says it holds, it never heard of. */
  held: Map<bigint, ClaimedDelivery>;
  /** Mails that heard that they came over one connection too many, with the words. */
  crowded: Map<ClaimedDelivery, string>;
  /** Keeps to DOMAIN_CONNECTIONS; null where that is unset. */
  slots: DestinationSlots | null;
  /** Seconds since 1970 in which mails are due again that were set aside. */
  deferredSeconds: Set<number>;
  /** Mails in hand that find out whether a destination knows its readers again. */
  probes: Map<bigint, Probe>;
  /** What the journal says of the mails in hand, and whether they were handed over. */
  facts: Map<bigint, { fact: HandedFact; handed: boolean }>;
  /** How mail servers answered. */
  answers: Answers;
  /** More became due otherwise than by the time. */
  lookAgain: boolean;
}

/** Begins a run; it adds to the counts it is given. */
export function beginRun(
  ctx: Context,
  worker: string,
  { probe, counts }: Pick<SendingRun, 'probe' | 'counts'>,
): SendingRun {
  const ending = new AbortController();
  setMaxListeners(0, ending.signal); // every connection loop listens
  let stopped: StopReason | null = null;
  return {
    ctx,
    worker,
    probe,
    counts,
    stop: (reason) => {
      stopped ??= reason;
      ending.abort();
    },
    signal: ending.signal,
    stopped: () => stopped,
    domains: new Set(),
    held: new Map(),
    crowded: new Map(),
    slots: ctx.config.DOMAIN_CONNECTIONS === undefined ? null : createDestinationSlots(),
    deferredSeconds: new Set(),
    probes: new Map(),
    facts: new Map(),
    answers: createAnswers(),
    lookAgain: false,
  };
}

/** No delivery in any state. */
export function noCounts(): Record<DeliveryState, number> {
  return Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<DeliveryState, number>;
}

/** Returns what says that the mail server cannot be reached: a run says so once. */
export function warnOnce({ log }: Pick<Context, 'log'>): (problem: string) => void {
  let warned = false;
  return (problem) => {
    if (!warned) log.warn({ problem }, 'the mail server cannot be reached');
    warned = true;
  };
}
