import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { loadAskTimes, makeDue } from '../db/sources/addresses.ts';
import { staysAway } from '../ingest/asking/pace.ts';
import type { Actor } from '../model/actor.ts';

/** What became of the wish to ask a source at once. */
export type FetchOutcome = { outcome: 'asked' } | { outcome: 'unknown' } | { outcome: 'resting'; until: Date };

/** Asks a source now rather than when it is due; never one that asked us to stay away. */
export async function fetchSource(ctx: Context, source: string, by: Actor): Promise<FetchOutcome> {
  if (!ctx.config.SOURCES.some(({ name }) => name === source)) return { outcome: 'unknown' };
  const now = ctx.now();
  return transaction(ctx.db, async (tx): Promise<FetchOutcome> => {
    const { retryAt = null } = (await loadAskTimes(tx, [source])).get(source) ?? {};
    // One address that says so keeps the others from being asked, too.
    if (retryAt && staysAway([{ retryAt }], now)) return { outcome: 'resting', until: retryAt };
    await makeDue(tx, source, now);
    await recordAct(tx, { at: now, actor: by, action: 'source.fetch', subject: source });
    await ctx.queue.wake('ingest', tx);
    return { outcome: 'asked' };
  });
}
