import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction } from '../db/client.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts';
import { addSuppression, findSuppression, removeSuppression } from '../db/subscribers/suppressions.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { DELIVERY_KINDS } from '../model/delivery.ts';
import type { SuppressionReason } from '../model/suppression.ts';
import type { Actor } from '../model/actor.ts';
import { mayStillAsk } from '../model/suppression.ts';

/** Stops all mail to a canonical address at once, what is planned included; false where it was suppressed already. */
export async function suppress(
  ctx: Context,
  email: string,
  by: { reason?: SuppressionReason; note?: string; actor: Actor },
): Promise<{ outcome: 'suppressed'; cancelled: number } | { outcome: 'already'; reason: SuppressionReason }> {
  const hash = addressHash(ctx.keys.suppression, email);
  const now = ctx.now();
  const reason = by.reason ?? 'manual';
  return transaction(ctx.db, async (tx) => {
    const before = await findSuppression(tx, hash);
    const added = await addSuppression(tx, { addressHash: hash, reason, note: by.note ?? null, at: now });
    if (!added) return { outcome: 'already', reason: before ?? reason };
    const reader = await findSubscriberByEmail(tx, email);
    const cancelled = reader ? await cancelDeliveries(tx, reader.id, 'suppressed', now, DELIVERY_KINDS, reason) : 0;
    await recordAct(tx, {
      at: now,
      actor: by.actor,
      action: 'suppress',
      subject: reader?.publicId ?? null,
      detail: { reason },
    });
    return { outcome: 'suppressed', cancelled };
  });
}

/**
 * Lifts what suppresses a canonical address, a decline of its mailbox included: an act of an admin, never of an import. An erasure only the
 * person lifts, by confirming again.
 */
export async function liftSuppression(
  ctx: Context,
  email: string,
  by: { actor: Actor },
): Promise<{ outcome: 'lifted'; reason: SuppressionReason } | { outcome: 'not-suppressed' } | { outcome: 'erased' }> {
  const hash = addressHash(ctx.keys.suppression, email);
  return transaction(ctx.db, async (tx) => {
    const found = await findSuppression(tx, hash);
    const declined = await removeSuppression(tx, mailboxHash(ctx.keys.suppression, email), ['manual']);
    if (found === 'erased' && !declined) return { outcome: 'erased' };
    const reason = mayStillAsk(found) ? 'manual' : found;
    if (!(await removeSuppression(tx, hash, [reason])) && !declined) return { outcome: 'not-suppressed' };
    const reader = await findSubscriberByEmail(tx, email);
    await recordAct(tx, {
      at: ctx.now(),
      actor: by.actor,
      action: 'lift-suppression',
      subject: reader?.publicId ?? null,
      detail: { reason },
    });
    return { outcome: 'lifted', reason };
  });
}
