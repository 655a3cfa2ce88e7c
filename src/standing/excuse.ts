import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { findExcusable } from '../db/feedback/outages.ts';
import { unwindEvents } from './unwind-events.ts';

/**
 * Takes back what a destination's refusals since did to addresses that had taken mails lately. Returns how many
 * addresses, the mails that were refused in their session, and when the first refusal came.
 */
export async function excuse(
  ctx: Context,
  tx: Tx,
  destination: string,
  since: Date,
): Promise<{ excused: number; deliveries: bigint[]; beganAt: Date }> {
  const events = await findExcusable(tx, destination, since);
  await unwindEvents(
    ctx,
    tx,
    events.map(({ id }) => id),
    'excused',
  );
  return {
    excused: new Set(events.map(({ hash }) => hash)).size,
    deliveries: events.flatMap(({ deliveryId, isSession }) => (isSession && deliveryId !== null ? deliveryId : [])),
    beganAt: events.at(-1)?.at ?? ctx.now(),
  };
}
