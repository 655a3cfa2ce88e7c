import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { isSendingUnderWay } from '../db/sending/under-way.ts';
import type { Rest } from '../lib/in-groups.ts';
import type { Received } from './received.ts';

/** How what comes in gives way to what goes out, in milliseconds. */
export interface Way {
  /** Of the time, taking in has so much at most. */
  share: number;
  /** Between two groups lies so long at least: a larger one costs less. */
  leastMs: number;
  /** How often it is asked whether mails go out: they may go out of any process. */
  askMs: number;
}

/** A newsletter is waited for, a bounce is not. */
const WAY: Way = { share: 0.05, leastMs: 1_000, askMs: 1_000 };
/** Whatever comes waits for no longer than that; a mail server waits for 10 minutes (RFC 5321 4.5.3.2.6). */
const PATIENCE_MS = 20_000;
/** Providers give up after some 10 seconds. */
const WEBHOOK_PATIENCE_MS = 4_000;

/**
 * Returns what rests after a group while mails go out, so that taking in has its share of the time and no more. It ends
 * as soon as no more go out, something has waited for long enough, or the process is to end.
 */
export function restWhileSending({ db, ending }: Pick<Context, 'db' | 'ending'>, way: Way = WAY): Rest {
  let [isSending, askedMs] = [false, -Infinity];
  const asked = async () => {
    if (performance.now() - askedMs < way.askMs) return isSending;
    isSending = await isSendingUnderWay(db).catch(() => false); // whoever stores the next group tells of an outage
    askedMs = performance.now();
    return isSending;
  };
  return async (workedMs, dueMs) => {
    const untilMs = performance.now() + Math.max(way.leastMs, workedMs * (1 / way.share - 1));
    for (;;) {
      const restMs = Math.min(untilMs, dueMs()) - performance.now();
      if (restMs <= 0 || ending.aborted || !(await asked())) return;
      await sleep(Math.min(restMs, way.askMs), undefined, { signal: ending }).catch(() => {});
    }
  };
}

/** How long something may wait while mails go out, in milliseconds. */
export function patienceMs({ door }: Received): number {
  return door === 'webhook' ? WEBHOOK_PATIENCE_MS : PATIENCE_MS;
}
