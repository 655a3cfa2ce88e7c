import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { findSubscriber } from '../db/subscribers/subscribers.ts';
import { addSuppression, findSuppression } from '../db/subscribers/suppressions.ts';
import type { SuppressionReason } from '../model/suppression.ts';
import { erase } from '../subscribers/erase.ts';
import { MAX_PAUSE_DAYS, pause } from '../subscribers/pause.ts';
import { unsubscribe } from '../subscribers/unsubscribe.ts';
import type { LastWords } from './last-words.ts';

const DAY_MS = 86_400_000;
const BY = { actor: 'job:journal' } as const;

/** What was done with what people had decided. */
export interface PeopleCounts {
  left: number;
  erased: number;
  suppressed: number;
  /** Readers who had moved to an address that is lost: paused, so that nobody is mailed at an address they gave up. */
  moved: number;
}

/** Begins to count. */
export function noPeople(): PeopleCounts {
  return { left: 0, erased: 0, suppressed: 0, moved: 0 };
}

/** Has readers leave, be erased and rest who had, and addresses suppressed that were; each at most once. */
export async function replayPeople(
  ctx: Context,
  words: LastWords,
  { counts, dryRun }: { counts: PeopleCounts; dryRun: boolean },
): Promise<void> {
  for (const [hash, { reason, at }] of words.addresses) {
    if (reason !== null && (await suppressAgain(ctx, { hash, reason, at }, dryRun))) counts.suppressed += 1;
  }
  for (const [reader, { what }] of words.readers) {
    if (what === 'returned') continue; // as they were: whoever had left before the snapshot signs up again
    const found = await findSubscriber(ctx.db, reader);
    if (!found || (what === 'left' && found.status === 'unsubscribed')) continue;
    counts[what] += 1;
    if (dryRun) continue;
    if (what === 'left') await unsubscribe(ctx, { publicId: reader }, BY);
    else await erase(ctx, { email: found.email }, BY);
  }
  for (const [reader, { hash }] of words.moved) {
    const found = await findSubscriber(ctx.db, reader);
    const isElsewhere = found && Buffer.from(found.addressHash).toString('hex') !== hash;
    if (!isElsewhere || found.status !== 'confirmed' || isPaused(found.pausedUntil, ctx.now())) continue;
    counts.moved += 1;
    if (!dryRun) await pause(ctx, { publicId: reader }, new Date(ctx.now().getTime() + MAX_PAUSE_DAYS * DAY_MS), BY);
  }
}

function isPaused(until: Date | null, now: Date): boolean {
  return until !== null && until > now;
}

/** The claims of its mails look at it again. Its note is lost: somebody may have written an address into it. */
async function suppressAgain(
  ctx: Context,
  { hash, reason, at }: { hash: string; reason: SuppressionReason; at: Date },
  dryRun: boolean,
): Promise<boolean> {
  const addressHash = Buffer.from(hash, 'hex');
  return transaction(ctx.db, async (tx) => {
    const known = await findSuppression(tx, addressHash);
    if (known !== null && (known !== 'erased' || reason === 'erased')) return false;
    if (!dryRun) await addSuppression(tx, { addressHash, reason, note: null, at });
    return true;
  });
}
