import type { Context } from '../context.ts';
import { untoldFailures } from '../db/operator/alarms.ts';
import { untoldTroubles } from '../db/operator/digest-alarms.ts';
import type { Actor } from '../model/actor.ts';
import { eventOf } from './alarms/codes.ts';
import { tellOfSources } from './tell-of-sources.ts';
import { tellOperator } from './tell-operator.ts';

/** Older troubles than this are history: a new ADMIN_EMAIL is not flooded with them. */
const RECENT_MS = 7 * 86_400_000;

/**
 * Plans one alarm to ADMIN_EMAIL for each held digest, rejected file, failing job, group of readers set aside and
 * source in trouble it was not told of. Where it is unset, ALARM_URLS hear of rejected files: what lasts is seen for
 * them by `alarms/watch.ts`. Returns how many; none where neither is set.
 */
export async function raiseAlarms(ctx: Context, by: Actor): Promise<number> {
  const { ADMIN_EMAIL: email, PUBLIC_URL: publicUrl } = ctx.config;
  const now = ctx.now();
  const want = { since: new Date(now.getTime() - RECENT_MS), publicUrl };
  if (!email) return ctx.config.ALARM_URLS.length > 0 ? raiseEvents(ctx, want, by) : 0;
  const troubles = [
    ...(await untoldTroubles(ctx.db, email, want)),
    ...(await untoldFailures(ctx.db, email, { now, publicUrl })),
  ];
  for (const trouble of troubles) await tellOperator(ctx, trouble, by);
  return troubles.length + (await tellOfSources(ctx, by));
}

async function raiseEvents(ctx: Context, want: { since: Date; publicUrl: string }, by: Actor): Promise<number> {
  const events = (await untoldTroubles(ctx.db, null, want)).filter(({ key }) => eventOf(key) !== null);
  for (const event of events) await tellOperator(ctx, event, by);
  return events.length;
}
