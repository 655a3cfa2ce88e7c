import { recordBatch, type Handing } from '../../db/ledger/record.ts';
import { messageOf } from '../../lib/errors.ts';
import { persistently } from '../../lib/persistently.ts';
import type { FinishedAttempt } from '../../model/attempt.ts';
import type { SendingRun } from '../sending/sending-run.ts';
import { weighEvents } from '../../standing/weigh-events.ts';
import { journalBatch } from './keep-journal.ts';
import { endProbed } from './outages.ts';

/** Somebody may hold what weighing needs for minutes (`feedback undo`): so long it is waited for. */
const WAIT_MS = 2_000;
/** How long a database that restarts is waited for. */
const OUTAGE_MS = 10_000;

/**
 * Returns what writes a batch of results and of mails about to go, also over an outage, and says which of these may go:
 * what the ledger allows and the journal has.
 */
export function recorderOf(
  run: SendingRun,
): (finished: FinishedAttempt[], handing: Handing[]) => Promise<(mail: Handing) => boolean> {
  const { ctx, worker, counts, held } = run;
  return async (finished, handing) => {
    const states = await persistently(() => recordBatch(ctx.db, { worker, now: ctx.now(), finished, handing }));
    const going = handing.filter(({ id }) => states.get(id) === 'sending');
    const stopped = handing.filter(({ id }) => states.has(id) && states.get(id) !== 'sending');
    const written = await journalBatch(run, { finished, going, stopped });
    for (const { id } of [...finished, ...handing]) held.delete(id);
    if (finished.some(({ refusal }) => refusal !== null)) await weighRefusals(run);
    for (const { id } of handing) if (states.get(id) !== 'sending') forget(run, id);
    await endProbed(run, finished);
    for (const state of states.values()) if (state !== 'sending') counts[state] += 1;
    return ({ id }) => written && states.get(id) === 'sending';
  };
}

/** What was to go and may not is nothing to wait for. */
function forget({ probes, facts }: SendingRun, id: bigint): void {
  probes.delete(id);
  facts.delete(id);
}

/**
 * Weighs what was refused for good: mails of a destination that errs wait again. It is recorded already, so what cannot
 * be weighed now is left to housekeeping; mails are in flight meanwhile, and their results must not be lost over it.
 */
async function weighRefusals({ ctx, counts }: SendingRun): Promise<void> {
  try {
    const { waitAgain } = await persistently(() => weighEvents(ctx, { mostMs: WAIT_MS }), OUTAGE_MS);
    const excused = Math.min(counts.bounced, waitAgain);
    counts.bounced -= excused;
    counts.retrying += excused;
  } catch (error) {
    ctx.log.warn({ problem: messageOf(error) }, 'refusals are weighed later');
  }
}
