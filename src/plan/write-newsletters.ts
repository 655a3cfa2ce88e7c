import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { internEditions } from '../db/newsletters/editions.ts';
import { insertNewslettersWithDeliveries } from '../db/newsletters/newsletters.ts';
import { lockWaitingNewsletters, replaceNewsletters } from '../db/newsletters/shown.ts';
import { chooseNewsletters, sinceOf, type Chosen, type Wanted } from './load-chosen.ts';

/** What became of the newsletters that were wanted. */
export interface Written {
  /** Readers who got one. */
  readers: Set<number>;
  replaced: number;
  /** Readers of each edition for whom there was nothing, or nothing new. */
  nothing: Map<string, number>;
}

/**
 * Chooses the papers of these newsletters and writes them with their deliveries. Older newsletters of the same readers
 * that still wait give way: their papers return first, and they end once the new one is written.
 */
export async function writeNewsletters(
  ctx: Context,
  tx: Tx,
  wanted: readonly Wanted[],
  options: { now: Date; dryRun: boolean },
): Promise<Written> {
  const ids = wanted.map(({ reader }) => reader.id);
  const waiting = options.dryRun ? [] : await lockWaitingNewsletters(tx, ids, sinceOf(wanted));
  const chosen = await chooseNewsletters(
    ctx,
    tx,
    wanted,
    waiting.map(({ deliveryId }) => deliveryId),
  );
  const nothing = countWithout(wanted, chosen);
  if (options.dryRun) return { readers: new Set(chosen.map(({ subscriberId }) => subscriberId)), replaced: 0, nothing };
  const editions = await internEditions(
    tx,
    chosen.map((row) => row.editionKey),
    options.now,
  );
  const rows = chosen.flatMap((row) => {
    const edition = editions.get(row.editionKey);
    return edition && edition.state !== 'cancelled' ? [{ ...row, editionId: edition.id }] : [];
  });
  const readers = await insertNewslettersWithDeliveries(tx, rows, options.now);
  const replaced = waiting.filter(({ subscriberId }) => readers.has(subscriberId)).map(({ deliveryId }) => deliveryId);
  await replaceNewsletters(tx, replaced, options.now);
  return { readers, replaced: replaced.length, nothing };
}

function countWithout(wanted: readonly Wanted[], chosen: readonly Chosen[]): Map<string, number> {
  const found = new Set(chosen.map(({ subscriberId }) => subscriberId));
  const counts = new Map<string, number>();
  for (const { reader, editionKey } of wanted)
    if (!found.has(reader.id)) counts.set(editionKey, (counts.get(editionKey) ?? 0) + 1);
  return counts;
}
