import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { countResendable, resendDeliveries, type ResendSummary, type ResendWhich } from '../db/ledger/resend.ts';
import { findEditions } from '../db/newsletters/editions.ts';
import { recordGrowingAct } from '../db/operator/audit.ts';
import { AppError } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';
import { planMissed, type MissedCounts } from '../plan/plan-missed.ts';
import { LONG_ACT_MS } from './long-act.ts';

/** Which mails are to be sent again. */
export interface ResendWish {
  edition: string;
  only: ResendWhich;
}

/** What a resend does, or would do. */
export type ResendCounts = ResendSummary & MissedCounts;

const NOBODY: MissedCounts = { planned: 0, nothing: 0, waiting: 0 };

/** Throws AppError conflict where an edition was cancelled: none of its mails may go out any more. */
export async function refuseCancelled(db: Tx, edition: string): Promise<void> {
  const [found] = await findEditions(db, [edition]);
  if (found?.state !== 'cancelled') return;
  const said = { name: 'edition.cancelled', values: { edition } };
  throw new AppError('conflict', `${edition} was cancelled for good: nothing of it goes out any more.`, { said });
}

/**
 * Tells what resend would do; changes nothing. Null where there is no such edition and nobody missed it. Throws
 * AppError conflict where it was cancelled.
 */
export async function foreseeResend(ctx: Context, { edition, only }: ResendWish): Promise<ResendCounts | null> {
  await refuseCancelled(ctx.db, edition);
  const known = await countResendable(ctx.db, edition, only, ctx.now());
  const missed = only === 'missed' ? await planMissed(ctx, edition, { dryRun: true }) : NOBODY;
  const { planned, nothing, waiting, setAside = 0 } = missed;
  if (!known && planned + nothing + waiting + setAside === 0) return null;
  return { ...(known ?? { again: 0, shownSince: 0 }), ...missed };
}

/**
 * Sends mails of an edition again, never to whom it was sent, and wakes delivery. Readers who missed it are planned
 * batch by batch; the one entry in the audit log counts what was committed, whatever interrupts it. Throws AppError
 * conflict where the edition was cancelled.
 */
export async function resend(ctx: Context, { edition, only }: ResendWish, by: Actor): Promise<ResendCounts> {
  await refuseCancelled(ctx.db, edition);
  const now = ctx.now();
  const note = recordGrowingAct({ at: now, actor: by, action: 'edition.resend', subject: edition, detail: { only } }, [
    'again',
    'planned',
  ]);
  const missed =
    only === 'missed'
      ? await planMissed(ctx, edition, { dryRun: false, written: (tx, planned) => note(tx, { planned }) })
      : NOBODY;
  const sendAgain = async (tx: Tx) => {
    const done = await resendDeliveries(tx, edition, only, now);
    if (done.again > 0) {
      await note(tx, { again: done.again });
      await ctx.queue.wake('deliver', tx);
    }
    return done;
  };
  return { ...(await transaction(ctx.db, sendAgain, LONG_ACT_MS)), ...missed };
}
