import { setMaxListeners } from 'node:events';
import type { Context } from '../../context.ts';
import { DELIVERY_STATES, type DeliveryState } from '../../model/delivery.ts';
import { createRooms, type Rooms } from './destination-slots.ts';

/** One run of one worker. */
export interface WorkerRun {
  ctx: Context;
  /** Names this run in claims and attempts; never used twice. */
  worker: string;
  counts: Record<DeliveryState, number>;
  ending: AbortController;
  /** Why the way out cannot be used; null while it can. */
  trouble: string | null;
  /** The run was ended for trouble that is ours: too many mails failed, or none can be signed. */
  stopped: boolean;
  /** Mails in a row, over all lines, that could not be made. */
  unfits: number;
  /** Some mail was taken, or refused for its address alone: the way out works. */
  proven: boolean;
  /** Domains among its recipients, as far as it matters how many there are. */
  domains: Set<string>;
  /** Sends one mail only, to find out whether the way out works again. */
  probe: boolean;
  /** What it has claimed and not begun to hand over: whatever else the ledger says it holds, it never heard of. */
  held: Set<bigint>;
  /** Keeps to DOMAIN_CONNECTIONS; null where that is unset. */
  rooms: Rooms | null;
  /** Seconds since 1970 in which mails are due again that were set aside. */
  deferredSeconds: Set<number>;
}

/** Begins a run. */
export function beginRun(ctx: Context, worker: string, probe: boolean): WorkerRun {
  const ending = new AbortController();
  setMaxListeners(0, ending.signal); // every line listens
  return {
    ctx,
    worker,
    counts: noCounts(),
    ending,
    trouble: null,
    stopped: false,
    unfits: 0,
    proven: false,
    probe,
    held: new Set(),
    domains: new Set(),
    rooms: ctx.config.DOMAIN_CONNECTIONS === undefined ? null : createRooms(),
    deferredSeconds: new Set(),
  };
}

/** No delivery in any state. */
export function noCounts(): Record<DeliveryState, number> {
  return Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<DeliveryState, number>;
}
