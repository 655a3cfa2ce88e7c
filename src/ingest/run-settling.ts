import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { loadDigestEntries } from '../db/digests/entries.ts';
import { digestHistory, listFilling, settleDigest } from '../db/digests/save-digest.ts';
import { loadSources } from '../db/sources/standings.ts';
import { localDate } from '../lib/time.ts';
import { sourceHealth } from './source-health.ts';

/** Where a source's day ends last of all that are read: at its midnight no list fills any more. */
const LAST_ZONE = 'America/New_York';

/**
 * Judges the lists that were used while they filled, once their day is over and their source has answered since. What
 * came of them stays used; only the verdict is new. Returns how many now look wrong.
 */
export async function settleFilled(ctx: Pick<Context, 'db' | 'now'>): Promise<number> {
  const now = ctx.now();
  const filling = await listFilling(ctx.db);
  const sources = await loadSources(
    ctx.db,
    filling.map(({ source }) => source),
  );
  let wrong = 0;
  for (const { id, source, digestOn } of filling) {
    const answeredAt = sources.get(source)?.lastSuccessAt;
    if (!answeredAt || localDate(answeredAt, LAST_ZONE) <= digestOn) continue;
    const health = await transaction(ctx.db, async (tx) => {
      const entries = (await loadDigestEntries(tx, [id])).get(id) ?? [];
      const known = await digestHistory(tx, source, digestOn);
      const judged = sourceHealth({ digestOn, entries }, known, { now, zone: LAST_ZONE });
      await settleDigest(tx, id, judged);
      return judged;
    });
    if (health.verdict !== 'fresh') wrong++;
  }
  return wrong;
}
