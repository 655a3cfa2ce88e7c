import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { createErrand, noteErrand, type Errand } from '../../db/operator/errands.ts';
import type { Actor } from '../../model/actor.ts';
import { refuseCancelled, resend, type ResendWish } from '../resend.ts';

/**
 * Begins to send mails of an edition again. Returns the errand's number. Throws AppError conflict where the edition was
 * cancelled.
 */
export async function beginResend(ctx: Context, wish: ResendWish, by: Actor): Promise<number> {
  return transaction(ctx.db, async (tx) => {
    await refuseCancelled(tx, wish.edition);
    const id = await createErrand(tx, { kind: 'edition.resend', wish, actor: by, now: ctx.now() });
    await ctx.queue.wake('resends', tx);
    return id;
  });
}

/** Sends them again; what an interrupted try has done already is not done twice, but counted by its act alone. */
export async function stepResend(ctx: Context, errand: Errand): Promise<'done'> {
  const { edition, only } = errand.wish as unknown as ResendWish;
  const counts = await resend(ctx, { edition, only }, errand.actor);
  await noteErrand(ctx.db, errand.id, { counts: { ...counts }, done: counts.again + counts.planned });
  return 'done';
}
