import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { cancelDeliveries } from '../db/ledger/deliveries.ts';
import { recordAct } from '../db/operator/audit.ts';
import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts';
import { readSuppressions } from '../db/subscribers/suppression-state.ts';
import { addSuppression, findSuppression } from '../db/subscribers/suppressions.ts';
import type { Actor } from '../model/actor.ts';
import { changeOf } from '../model/act.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
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
    const hashes = { address: hash.toString('hex'), mailbox: mailboxHash(ctx.keys.suppression, email).toString('hex') };
    const before = await readSuppressions(tx, hashes);
    const known = await findSuppression(tx, hash);
    const added = await addSuppression(tx, { addressHash: hash, reason, note, at: now });
    if (!added) return { outcome: 'already', reason: known ?? reason };
    const reader = await findSubscriberByEmail(tx, email);
    const cancelled = reader ? await cancelDeliveries(tx, reader.id, 'suppressed', now, mailKinds(), reason) : 0;
    const subject = reader?.publicId ?? `address:${hashes.address}`;
    const detail = { reason, hash: hashes.address, mailbox: hashes.mailbox };
    const change = changeOf(before, await readSuppressions(tx, hashes));
    await recordAct(tx, { at: now, actor: by, action: 'suppress', subject, detail, ...change });
    return { outcome: 'suppressed', cancelled };
  });
}
