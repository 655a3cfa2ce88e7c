import { tellOperator } from './tell-operator.ts';
import type { Context } from '../context.ts';
import {
  findFailingEditions,
  findLedgerProblems,
  type FailingEdition,
  type LedgerProblem,
} from '../db/ledger/reconcile.ts';
import type { EditionProgress } from '../db/newsletters/running.ts';

/** Older editions were added up often enough. */
const DAYS = 7;
/** Tries go on for three days at most. */
const FAILING_DAYS = 4;
const DAY_MS = 86_400_000;
/** An edition of which more than this share fails is told; fewer mails than that are nobody's pattern. */
const SHARE = 0.05;
const LEAST = 3;

/**
 * Adds up the ledger of the last week and alarms the operator once a day for each thing that does not, and once of each
 * edition of which many failed.
 */
export async function reconcile(ctx: Context): Promise<{ ledgerProblems: number; failingEditions: number }> {
  const nowMs = ctx.now().getTime();
  const problems = await findLedgerProblems(ctx.db, new Date(nowMs - DAYS * DAY_MS));
  for (const problem of problems) {
    ctx.log.error({ ...problem }, 'the ledger does not add up');
    await tell(ctx, problem);
  }
  const since = new Date(nowMs - FAILING_DAYS * DAY_MS);
  const failing = await findFailingEditions(ctx.db, { since, least: LEAST, share: SHARE });
  for (const edition of failing) await tellOfFailing(ctx, edition);
  return { ledgerProblems: problems.length, failingEditions: failing.length };
}

/** Tells whether an edition of the last days is one of which many failed: it needs somebody until that is mended. */
export function isFailing(edition: EditionProgress, now: Date): boolean {
  const { createdAt, failed, bounced, planned, cancelled } = edition;
  if (now.getTime() - createdAt.getTime() > FAILING_DAYS * DAY_MS) return false;
  return failed + bounced >= LEAST && failed + bounced > SHARE * (planned - cancelled);
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

async function tellOfFailing(ctx: Context, { edition, failed, bounced, total, words }: FailingEdition): Promise<void> {
  const again = [failed > 0 && 'failed', bounced > 0 && 'bounced'].filter((which) => which !== false);
  const subject = `${failed + bounced} of ${total} mails of ${edition} did not arrive`;
  const lines = [
    `${failed} failed and ${bounced} bounced. Most heard: ${words}`,
    ...again.map((which) => `Once the cause is mended: offprint resend --edition ${edition} --only ${which}`),
    'Nobody gets a mail twice by that, and nobody whose address is suppressed gets one.',
  ];
  await tellOperator(ctx, { key: `edition:${edition}:failing`, subject, lines }, 'job:housekeeping');
}
