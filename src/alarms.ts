import type { Context } from './context.ts';
import { untoldTroubles } from './db/alarms.ts';
import { planNotice } from './db/deliveries.ts';

/** Older troubles than this are history: a new ADMIN_EMAIL is not flooded with them. */
const RECENT_MS = 7 * 86_400_000;

/** Plans one alarm to ADMIN_EMAIL for each held digest and rejected file it was not told of. Returns how many; none where it is unset. */
export async function raiseAlarms(ctx: Context): Promise<number> {
  const { ADMIN_EMAIL: email } = ctx.config;
  const key = ctx.keys.link[0];
  if (!email || !key) return 0;
  const now = ctx.now();
  const troubles = await untoldTroubles(ctx.db, email, new Date(now.getTime() - RECENT_MS));
  for (const trouble of troubles) {
    await planNotice(ctx.db, {
      kind: 'alarm',
      key: trouble.key,
      subscriberId: null,
      email,
      addressHash: null,
      payload: { subject: trouble.subject, lines: trouble.lines },
      language: 'en',
      keyId: key.id,
      generation: 0,
      now,
    });
  }
  return troubles.length;
}
