import type { Context } from '../../context.ts';
import { foundByActsSince } from '../../db/operator/acts-list.ts';
import type { Snapshot } from '../../model/act.ts';
import type { SubscriberStatus } from '../../model/subscriber.ts';
import type { SuppressionReason } from '../../model/suppression.ts';
import type { Who } from './facts.ts';

/**
 * Tells how a reader stood at an instant: what an act has changed since is as the first such act found it. `returned`:
 * they had confirmed by then, and did so again since.
 */
export async function asThen(
  ctx: Context,
  { reader, suppression }: Who,
  at: Date,
): Promise<{ who: Who; returned: boolean }> {
  const acts = await foundByActsSince(ctx.db, reader.publicId, at);
  const found = firstFound(acts);
  const stood = {
    ...reader,
    ...('status' in found ? { status: found['status'] as SubscriberStatus } : {}),
    ...('unsubscribedAt' in found ? { unsubscribedAt: instantIn(found['unsubscribedAt']) } : {}),
    ...('pausedUntil' in found ? { pausedUntil: instantIn(found['pausedUntil']) } : {}),
  };
  const { confirmedAt } = reader;
  // What found them confirmed after they last did so says nothing of before.
  const before: Snapshot = confirmedAt ? firstFound(acts.filter((act) => act.at <= confirmedAt)) : {};
  return {
    who: { reader: stood, suppression: 'address' in found ? suppressionIn(found['address']) : suppression },
    returned: 'status' in before && before['status'] !== 'pending',
  };
}

function firstFound(acts: readonly { found: Snapshot }[]): Snapshot {
  return acts.reduceRight<Snapshot>((later, { found }) => ({ ...later, ...found }), {});
}

function instantIn(kept: unknown): Date | null {
  return typeof kept === 'string' ? new Date(kept) : null;
}

function suppressionIn(kept: unknown): Who['suppression'] {
  if (typeof kept !== 'object' || kept === null) return null;
  const { reason, at } = kept as { reason: SuppressionReason; at: string };
  return { reason, at: new Date(at) };
}
