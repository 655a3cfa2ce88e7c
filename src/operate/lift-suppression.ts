import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts';
import { readSuppressions } from '../db/subscribers/suppression-state.ts';
import { findSuppression, removeSuppression } from '../db/subscribers/suppressions.ts';
import { changeOf } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';
import { addressHash, mailboxHash } from '../model/address.ts';
import { mayStillAsk, type SuppressionReason } from '../model/suppression.ts';

/**
 * Lifts what suppresses a canonical address, a decline of its mailbox included: an act of an admin, never of an import.
 * An erasure only the person lifts, by confirming again.
 */
export async function liftSuppression(
  ctx: Context,
  email: string,
  by: Actor,
): Promise<{ outcome: 'lifted'; reason: SuppressionReason } | { outcome: 'not-suppressed' } | { outcome: 'erased' }> {
  const hash = addressHash(ctx.keys.suppression, email);
  return transaction(ctx.db, async (tx) => {
    const mailbox = mailboxHash(ctx.keys.suppression, email);
    const hashes = { address: hash.toString('hex'), mailbox: mailbox.toString('hex') };
    const before = await readSuppressions(tx, hashes);
    const found = await findSuppression(tx, hash);
    const declined = await removeSuppression(tx, mailbox, ['manual']);
    if (found === 'erased' && !declined) return { outcome: 'erased' };
    const reason = mayStillAsk(found) ? 'manual' : found;
    if (!(await removeSuppression(tx, hash, [reason])) && !declined) return { outcome: 'not-suppressed' };
    const reader = await findSubscriberByEmail(tx, email);
    const subject = reader?.publicId ?? `address:${hashes.address}`;
    const detail = { reason, hash: hashes.address, mailbox: hashes.mailbox };
    const change = changeOf(before, await readSuppressions(tx, hashes));
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'lift-suppression', subject, detail, ...change });
    return { outcome: 'lifted', reason };
  });
}
