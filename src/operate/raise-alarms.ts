import type { Context } from '../context.ts';
import { untoldFailures } from '../db/operator/alarms.ts';
import { untoldTroubles } from '../db/operator/digest-alarms.ts';
import type { Actor } from '../model/actor.ts';
import { tellOfSources } from './tell-of-sources.ts';
import { tellOperator } from './tell-operator.ts';

/** Older troubles than this are history: a new ADMIN_EMAIL is not flooded with them. */
const RECENT_MS = 7 * 86_400_000;

/**
 * Plans one alarm to ADMIN_EMAIL for each held digest, rejected file, failing job, group of readers set aside and
 * source in trouble it was not told of. Returns how many; none where it is unset.
 */
export async function raiseAlarms(ctx: Context, by: Actor): Promise<number> {
  const { ADMIN_EMAIL: email, PUBLIC_URL: publicUrl } = ctx.config;
  if (!email) return 0;
  const now = ctx.now();
  const troubles = [
    ...(await untoldTroubles(ctx.db, email, { since: new Date(now.getTime() - RECENT_MS), publicUrl })),
    ...(await untoldFailures(ctx.db, email, { now, publicUrl })),
  ];
  for (const trouble of troubles) await tellOperator(ctx, trouble, by);
  return troubles.length + (await tellOfSources(ctx, by));
}
