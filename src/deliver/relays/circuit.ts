import { tellOperator } from '../../operate/tell-operator.ts';
import type { Context } from '../../context.ts';
import { presentSpeed } from '../../db/operator/processes.ts';
import { ALL_MAIL, closeCircuit, keyOfStop, openCircuit } from '../../db/sending/circuit.ts';
import { firstRetryMs } from '../claiming/claims.ts';
import { troubleOf, type RunEnd } from '../sending/run-end.ts';
import type { SendingRun } from '../sending/sending-run.ts';

/** Longest first pause before one mail is tried again. */
const PROBE_MS = 30_000;

/** A server that is full for so long, with nobody sending, is in trouble: `presentSpeed` looks back as far. */
const FULL_FOR_MS = 5 * 60_000;

/**
 * At the end of a run: stops sending for everybody where the way out is in trouble, lets it go again where a probe came
 * through.
 */
export async function settleCircuit(run: SendingRun, end: RunEnd): Promise<void> {
  const { ctx, probe } = run;
  const trouble = (await concernsUsAlone(run, end)) ? null : troubleOf(end);
  if (trouble !== null) {
    const openedAt = await openCircuit(ctx.db, trouble, firstPauseSeconds(run), ALL_MAIL, probe);
    if (openedAt) await tellOfPause(ctx, trouble, openedAt);
  } else if (probe && 'proven' in end && end.proven) {
    if (await closeCircuit(ctx.db)) ctx.log.info('sending resumes');
  }
}

/**
 * Does it stand in the way of this process alone? Others may write their journals, or send over the places of a full
 * server. That holds up all mail where some of ours has waited for long, was claimed in vain before, and nobody sends;
 * a probe need not tell it again.
 */
async function concernsUsAlone({ ctx, probe, held, crowded }: SendingRun, end: RunEnd): Promise<boolean> {
  if (end.how !== 'crowded') return end.how === 'no-journal';
  const now = ctx.now();
  const hasLasted = [...held.values(), ...crowded.keys()].some(
    ({ createdAt, attempt, tries }) => attempt - tries > 1 && now.getTime() - createdAt.getTime() >= FULL_FOR_MS,
  );
  return probe || !hasLasted || (await presentSpeed(ctx.db, now)) > 0;
}

/** How long to wait before the first probe. */
export function firstPauseSeconds(run: SendingRun): number {
  return Math.min(PROBE_MS, firstRetryMs(run)) / 1000;
}

async function tellOfPause(ctx: Context, problem: string, openedAt: Date): Promise<void> {
  ctx.log.error({ problem }, 'sending is paused');
  const lines = [
    `At ${openedAt.toISOString()} sending was stopped: ${problem}`,
    'Nothing is lost, and no try is counted. One mail is tried from time to time; when it goes through, sending resumes by itself.',
    'If it speaks of your server, password, sender or allowance, mend that: SMTP_URL, MAIL_FROM, or your account there.',
  ];
  const key = keyOfStop({ name: ALL_MAIL, openedAt });
  await tellOperator(ctx, { key, subject: 'Sending was paused', lines }, 'job:deliver');
}
