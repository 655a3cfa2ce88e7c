import type { Context } from './context.ts';
import { untoldFailures, untoldTroubles } from './db/operator/alarms.ts';
import { planNotice } from './db/ledger/deliveries.ts';

/** Older troubles than this are history: a new ADMIN_EMAIL is not flooded with them. */
const RECENT_MS = 7 * 86_400_000;

/**
 * Plans one alarm to ADMIN_EMAIL for each held digest, rejected file, failing job and group of readers set aside it was not told of.
 * Returns how many; none where it is unset.
 */
export async function raiseAlarms(ctx: Context): Promise<number> {
  const { ADMIN_EMAIL: email, PUBLIC_URL: publicUrl } = ctx.config;
  if (!email) return 0;
  const now = ctx.now();
  const troubles = [
    ...(await untoldTroubles(ctx.db, email, { since: new Date(now.getTime() - RECENT_MS), publicUrl })),
    ...(await untoldFailures(ctx.db, email, { now, publicUrl })),
  ];
  for (const { key, subject, lines } of troubles) await tellOperator(ctx, key, subject, lines);
  return troubles.length;
}

/** Plans an alarm to ADMIN_EMAIL, once per key; nothing where that is unset. */
export async function tellOperator(ctx: Context, key: string, subject: string, lines: string[]): Promise<void> {
  const email = ctx.config.ADMIN_EMAIL;
  const linkKey = ctx.keys.link[0];
  if (!email || !linkKey) return;
  await planNotice(ctx.db, {
    kind: 'alarm',
    key,
    subscriberId: null,
    email,
    addressHash: null,
    payload: { subject, lines },
    language: 'en',
    keyId: linkKey.id,
    generation: 0,
    now: ctx.now(),
  });
}
