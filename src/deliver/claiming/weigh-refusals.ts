import { tellOperator } from '../../operate/tell-operator.ts';
import { countProven, excuseRefusals, noteRefusals, setAsideProven, type Refusals } from '../../db/sending/refusals.ts';
import type { Context } from '../../context.ts';
import { persistently } from '../../lib/persistently.ts';
import type { SendingRun } from '../sending/sending-run.ts';
import type { FinishedAttempt } from '../../model/attempt.ts';

/**
 * So many proven addresses of one destination, and so large a share of them, are not all unknown within an hour: it
 * errs.
 */
const LEAST_REFUSED = 20;
const SHARE_REFUSED = 0.03;
/** A destination that erred is asked again after this. */
const WAIT_MS = 30 * 60_000;
/**
 * While some of its refusals were excused within the hour, so are the next ones, few though they be, for no longer than
 * this.
 */
const LONGEST_MS = 24 * 3_600_000;
/** Refusals after a rest of this are a new round. */
const ROUND_MS = 5 * 60_000;

/**
 * Weighs what a batch refused as unknown: one bad hour of a provider does not bury its readers (on two days in 2020 a
 * large one refused valid addresses for hours). Where a destination refuses over 3 % and at least 20 of the addresses
 * that took a mail in the last 90 days, none of these stays suppressed, their mails wait, and the operator is told
 * once.
 */
export async function weighRefusals({ ctx, counts }: SendingRun, finished: readonly FinishedAttempt[]): Promise<void> {
  const ids = finished.filter(({ suppress }) => suppress).map(({ id }) => id);
  if (ids.length === 0) return;
  const now = ctx.now();
  const noted = await persistently(() => noteRefusals(ctx.db, ids, now));
  for (const refusals of noted) {
    if (!(await errs(ctx, refusals, now))) continue;
    const excused = Math.min(counts.bounced, await excuse(ctx, refusals, now));
    counts.bounced -= excused;
    counts.retrying += excused;
  }
}

async function errs(ctx: Context, { destination, refused, excused, begunAt }: Refusals, now: Date): Promise<boolean> {
  if (excused && now.getTime() - begunAt.getTime() < LONGEST_MS) return true;
  if (refused < LEAST_REFUSED) return false;
  const enough = Math.ceil(refused / SHARE_REFUSED);
  const proven = await persistently(() => countProven(ctx.db, destination, enough, now));
  return refused > proven * SHARE_REFUSED;
}

async function excuse(ctx: Context, refusals: Refusals, now: Date): Promise<number> {
  const { destination, lastAt } = refusals;
  const retryAt = new Date(now.getTime() + WAIT_MS);
  const waiting = await persistently(() => excuseRefusals(ctx.db, destination, now, retryAt));
  const newRound = !refusals.excused || !lastAt || now.getTime() - lastAt.getTime() > ROUND_MS;
  if (newRound) await persistently(() => setAsideProven(ctx.db, destination, now, retryAt));
  if (!refusals.excused) await tell(ctx, refusals);
  return waiting;
}

async function tell(ctx: Context, { destination, refused, begunAt, reply }: Refusals): Promise<void> {
  ctx.log.error({ destination, refused, reply }, 'a destination refuses its readers as unknown');
  const key = `refusals:${destination}:${begunAt.toISOString()}`;
  const subject = `${destination} refuses its readers as unknown`;
  const lines = [
    `Since ${begunAt.toISOString()} ${destination} has refused ${refused} addresses that took mails lately: ${reply}`,
    'That is its fault rather than theirs: nobody of them is suppressed, and their mails wait and are tried every half hour until they are too late.',
    'If the domain has really given up its mailboxes, suppress them by `offprint suppress add`.',
  ];
  await tellOperator(ctx, { key, subject, lines }, 'job:deliver');
}
