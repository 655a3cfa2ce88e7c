import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { endOutage, openOutages, passProbe, type Probe } from '../db/feedback/outages.ts';
import { endWait } from '../db/feedback/outage-mails.ts';
import { SURE } from './outage-rule.ts';
import { tellOperator } from '../operate/tell-operator.ts';

/**
 * Notes that a destination took a probe. One alone may be a reader it knows, so the next ones go; after so many in a
 * row, or with nobody left to wait, the outage is over. Where reports told of it, our own server's 250 proves nothing
 * before an hour without a report.
 */
export async function passProbeOf(ctx: Context, probe: Probe): Promise<void> {
  const { destination } = probe;
  const isOver = await transaction(ctx.db, async (tx) => {
    const [open] = await openOutages(tx, [destination]);
    if (!open) return false;
    const passed = await passProbe(tx, probe);
    if (open.byReport) return false;
    const left = SURE - passed;
    return left <= 0 || (open.passed === 0 && (await endWait(tx, destination, ctx.now(), left)) === 0);
  });
  if (isOver) await endOutageOf(ctx, destination);
}

/** Ends a destination's outage: what waited for it is due at once, and the operator is told. */
export async function endOutageOf(ctx: Context, destination: string): Promise<void> {
  const now = ctx.now();
  const ended = await transaction(ctx.db, (tx) => endOutage(tx, destination, now, false));
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
