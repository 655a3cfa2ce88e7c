import { cancelDeliveries, restoreDeliveries } from '../../db/ledger/deliveries.ts';
import { findSubscriber, lockSubscriber } from '../../db/subscribers/subscribers.ts';
import { readSuppressions, writeSuppressions } from '../../db/subscribers/suppression-state.ts';
import { mailKinds } from '../../model/mail-kind.ts';
import type { WayBack } from './way-back.ts';

/** Acts that suppress an address or lift that; `detail.hash` names it, `detail.mailbox` the mailbox behind it. */
export const suppressionWay: WayBack = {
  soft: [],
  read: async (_ctx, tx, { subject, detail }) => {
    if (isReader(subject) && !(await lockSubscriber(tx, subject))) return null;
    return readSuppressions(tx, hashesIn(detail));
  },
  restore: async (ctx, tx, { subject, detail, at, before, after }, { now }) => {
    await writeSuppressions(tx, hashesIn(detail), before);
    const reader = isReader(subject) ? await findSubscriber(tx, subject) : null;
    if (!reader || !('address' in before)) return null;
    if (before['address'] !== null)
      await cancelDeliveries(tx, reader.id, 'suppressed', now, mailKinds(), reasonIn(before['address']));
    else if (after['address'] !== null) {
      const restored = await restoreDeliveries(tx, reader.id, { reason: 'suppressed', at, now });
      if (restored > 0) await ctx.queue.wake('deliver', tx);
    }
    return null;
  },
};

/** An address that no reader holds is named by its hash. */
function isReader(subject: string | null): subject is string {
  return subject !== null && !subject.startsWith('address:');
}

function hashesIn({ hash, mailbox }: Record<string, unknown>): { address: string; mailbox: string } {
  return { address: String(hash), mailbox: String(mailbox) };
}

function reasonIn(suppression: unknown): string {
  return String((suppression as { reason?: unknown }).reason);
}
