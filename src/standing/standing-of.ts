import type { Context } from '../context.ts';
import { readHeld } from '../db/feedback/standing-of.ts';
import { addressHash } from '../model/address.ts';
import type { Standing } from '../model/feedback.ts';
import type { Cadence } from '../model/subscriber.ts';
import { cadenceMs, REST_MS, rested } from './policy.ts';

/** Tells what is held against a reader's address now, less what has been made good since; null where nothing is. */
export async function standingOf(
  ctx: Context,
  { email, cadence }: { email: string; cadence: Cadence },
): Promise<Standing | null> {
  const now = ctx.now();
  const hash = addressHash(ctx.keys.suppression, email);
  const held = await readHeld(ctx.db, hash, new Date(now.getTime() - REST_MS));
  if (!held) return null;
  const since = { at: now, quietSince: held.quietSince, cadenceMs: cadenceMs(cadence) };
  const standing = rested(held.standing, since);
  return standing.doubtedAt === null && standing.refusedAt === null ? null : standing;
}
