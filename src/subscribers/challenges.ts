import type { Context } from '../context.ts';
import { takeFromBudget } from '../db/operator/budgets.ts';

/** Once per challenge, for longer than a challenge may be answered. */
const ONCE = { name: 'challenge', points: 1, seconds: 3_600 };

/** Uses a challenge up; false where it was used before, by any process. */
export async function spendChallenge(ctx: Context, id: string): Promise<boolean> {
  return (await takeFromBudget(ctx.db, ONCE, id)) === 0;
}
