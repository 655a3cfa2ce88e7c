import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { endOutage, openOutages } from '../db/feedback/outages.ts';
import { tellOperator } from '../operate/tell-operator.ts';

/**
 * Ends a destination's outage: what waited for it is due at once, and the operator is told. Where a server of its own
 * gave the answer (`byAnswer`), only if sessions told of it, too: our own server's 250 proves nothing.
 */
export async function endOutageOf(
  ctx: Context,
  destination: string,
  { byAnswer = false }: { byAnswer?: boolean } = {},
): Promise<void> {
  const now = ctx.now();
  const ended = await transaction(ctx.db, async (tx) => {
    const [open] = await openOutages(tx, [destination]);
    return open && !(byAnswer && open.byReport) ? endOutage(tx, destination, now, false) : null;
  });
  if (!ended) return;
  const { beganAt, waited } = ended;
  await ctx.queue.wake('deliver');
  ctx.log.info({ destination, waited }, 'a destination knows its readers again');
  const lines = [
    `${destination} knows its readers again. From ${beganAt.toISOString()} to ${now.toISOString()} it had refused them as unknown.`,
    `Nobody lost anything by it: ${waited === 1 ? 'one newsletter that waited is' : `${waited} newsletters that waited are`} on the way now.`,
  ];
  const key = `refusals-over:${destination}:${beganAt.toISOString()}`;
  await tellOperator(ctx, { key, subject: `${destination} takes mail again`, lines }, 'job:deliver');
}
