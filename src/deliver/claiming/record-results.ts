import { recordBatch, type Handing } from '../../db/ledger/record.ts';
import { persistently } from '../../lib/persistently.ts';
import type { FinishedAttempt } from '../../model/attempt.ts';
import type { SendingRun } from '../sending/sending-run.ts';
import { weighEvents } from '../../standing/weigh-events.ts';
import { endProbed } from './outages.ts';

/**
 * Returns what writes a batch of results and of mails about to go, also over an outage, and says which of these may go.
 */
export function recorderOf(
  run: SendingRun,
): (finished: FinishedAttempt[], handing: Handing[]) => Promise<(mail: Handing) => boolean> {
  const { ctx, worker, counts, held } = run;
  return async (finished, handing) => {
    const states = await persistently(() => recordBatch(ctx.db, { worker, now: ctx.now(), finished, handing }));
    for (const { id } of [...finished, ...handing]) held.delete(id);
    if (finished.some(({ refusal }) => refusal !== null)) await weighRefusals(run);
    for (const { id } of handing) if (states.get(id) !== 'sending') run.probes.delete(id);
    await endProbed(run, finished);
    for (const state of states.values()) if (state !== 'sending') counts[state] += 1;
    return ({ id }) => states.get(id) === 'sending';
  };
}

/** Weighs what was refused for good: mails of a destination that errs wait again. */
async function weighRefusals({ ctx, counts }: SendingRun): Promise<void> {
  const { waitAgain } = await persistently(() => weighEvents(ctx));
  const excused = Math.min(counts.bounced, waitAgain);
  counts.bounced -= excused;
  counts.retrying += excused;
}
