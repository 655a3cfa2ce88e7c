import { tellOperator } from '../alarms.ts';
import type { Context } from '../context.ts';
import { findLedgerProblems, type LedgerProblem } from '../db/deliveries-reconcile.ts';

/** Older editions were added up often enough. */
const DAYS = 7;
const DAY_MS = 86_400_000;

/** Adds up the ledger of the last week and alarms the operator once a day for each thing that does not; returns how many there are. */
export async function reconcile(ctx: Context): Promise<{ ledgerProblems: number }> {
  const now = ctx.now();
  const problems = await findLedgerProblems(ctx.db, new Date(now.getTime() - DAYS * DAY_MS));
  for (const problem of problems) {
    ctx.log.error({ ...problem }, 'the ledger does not add up');
    await tell(ctx, problem, now);
  }
  return { ledgerProblems: problems.length };
}

async function tell(ctx: Context, { problem, edition, count }: LedgerProblem, now: Date): Promise<void> {
  const key = `ledger:${problem}:${edition ?? 'all'}:${now.toISOString().slice(0, 10)}`;
  await tellOperator(ctx, key, `The ledger does not add up: ${problem}`, [
    `${count} in ${edition ?? 'all editions'}: ${problem}.`,
    'Nothing is lost or repeated by itself; look at `offprint deliveries`.',
  ]);
}
