import { tellOperator } from './tell-operator.ts';
import { LEAST, madeSince, needingSomebody, SHARE } from './undelivered.ts';
import type { Context } from '../context.ts';
import {
  findFailingEditions,
  findLedgerProblems,
  type FailingEdition,
  type LedgerProblem,
} from '../db/ledger/reconcile.ts';

/** Older editions were added up often enough. */
const DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Adds up the ledger of the last week and alarms the operator once a day for each thing that does not, and once of each
 * edition of which many failed, by the rule of the first page of the admin's.
 */
export async function reconcile(ctx: Context): Promise<{ ledgerProblems: number; failingEditions: number }> {
  const now = ctx.now();
  const problems = await findLedgerProblems(ctx.db, new Date(now.getTime() - DAYS * DAY_MS));
  for (const problem of problems) {
    ctx.log.error({ ...problem }, 'the ledger does not add up');
    await tell(ctx, problem);
  }
  const many = await findFailingEditions(ctx.db, { since: madeSince(now), least: LEAST, share: SHARE });
  const failing = await needingSomebody(ctx.db, many, now);
  for (const edition of failing) await tellOfFailing(ctx, edition);
  return { ledgerProblems: problems.length, failingEditions: failing.length };
}

async function tell(ctx: Context, { problem, edition, count }: LedgerProblem): Promise<void> {
  const key = `ledger:${problem}:${edition ?? 'all'}:${ctx.now().toISOString().slice(0, 10)}`;
  const lines = [
    `${count} in ${edition ?? 'all editions'}: ${problem}.`,
    problem === 'set aside in an open edition'
      ? `They go, or are late, once it is resumed again: offprint editions resume ${edition ?? ''}`
      : 'Nothing is lost or repeated by itself; look at `offprint deliveries`.',
  ];
  await tellOperator(ctx, { key, subject: `The ledger does not add up: ${problem}`, lines }, 'job:housekeeping');
}

async function tellOfFailing(ctx: Context, failing: FailingEdition): Promise<void> {
  const { key: edition, failed, bounced, total, words } = failing;
  const again = [failed > 0 && 'failed', bounced > 0 && 'bounced'].filter((which) => which !== false);
  const subject = `${failed + bounced} of ${total} mails of ${edition} did not arrive`;
  const lines = [
    `${failed} failed and ${bounced} bounced. Most heard: ${words}`,
    ...again.map((which) => `Once the cause is mended: offprint resend --edition ${edition} --only ${which}`),
    'Nobody gets a mail or a paper twice by that, and nobody whose address is suppressed gets one.',
  ];
  await tellOperator(ctx, { key: `edition:${edition}:failing`, subject, lines }, 'job:housekeeping');
}
