import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import { recordAct } from '../db/operator/audit.ts';
import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts';
import { addSuppression, findSuppression } from '../db/subscribers/suppressions.ts';
import type { Actor } from '../model/actor.ts';
import { addressHash } from '../model/address.ts';
import { mailKinds } from '../model/mail-kind.ts';
import type { SuppressionReason } from '../model/suppression.ts';

/** Stops all mail to a canonical address at once, what is planned included; says so where it was suppressed already. */
export async function suppress(
  ctx: Context,
  { email, reason = 'manual', note = null }: { email: string; reason?: SuppressionReason; note?: string | null },
  by: Actor,
): Promise<{ outcome: 'suppressed'; cancelled: number } | { outcome: 'already'; reason: SuppressionReason }> {
  const hash = addressHash(ctx.keys.suppression, email);
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const before = await findSuppression(tx, hash);
    const added = await addSuppression(tx, { addressHash: hash, reason, note, at: now });
    if (!added) return { outcome: 'already', reason: before ?? reason };
    const reader = await findSubscriberByEmail(tx, email);
    const cancelled = reader ? await cancelDeliveries(tx, reader.id, 'suppressed', now, mailKinds(), reason) : 0;
    const subject = reader?.publicId ?? null;
    await recordAct(tx, { at: now, actor: by, action: 'suppress', subject, detail: { reason } });
    return { outcome: 'suppressed', cancelled };
  });
}
