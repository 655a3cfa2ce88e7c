import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { internEditions } from '../db/newsletters/editions.ts';
import { insertNewslettersWithDeliveries } from '../db/newsletters/newsletters.ts';
import { lockWaitingNewsletters, replaceNewsletters } from '../db/newsletters/shown.ts';
import type { Without } from '../model/nothing.ts';
import { chooseNewsletters, sinceOf, type Wanted } from './load-chosen.ts';

/** What became of the newsletters that were wanted. */
export interface Written {
  /** Readers who got one. */
  readers: Set<number>;
  replaced: number;
  /** Readers for whom there was nothing, or nothing new. */
  without: Without[];
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
  const { chosen, without } = await chooseNewsletters(
    ctx,
    tx,
    wanted,
    waiting.map(({ deliveryId }) => deliveryId),
  );
  if (options.dryRun) return { readers: new Set(chosen.map(({ subscriberId }) => subscriberId)), replaced: 0, without };
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
  return { readers, replaced: replaced.length, without };
}
