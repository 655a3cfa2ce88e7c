import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { findSince, letWeighAnew } from '../db/feedback/anew.ts';
import { lockStandings } from '../db/feedback/standings.ts';
import { unwindEvents } from './unwind-events.ts';

/** What taking back came to. */
export interface TakenOut {
  /** Those that are taken back now. */
  out: bigint[];
  /** Those on which something stands that is no event: they stay as they are. */
  kept: bigint[];
}

/**
 * Takes events back within a transaction, with all that came after them for the same addresses: that waits to be
 * weighed anew, as if these had never been.
 */
export async function takeOut(ctx: Context, tx: Tx, ids: readonly bigint[]): Promise<TakenOut> {
  await lockStandings(tx);
  const { undone, kept } = await unwindEvents(ctx, tx, await findSince(tx, ids), 'undone');
  const these = new Set(ids);
  await letWeighAnew(
    tx,
    undone.filter((id) => !these.has(id)),
  );
  return { out: undone.filter((id) => these.has(id)), kept: kept.filter((id) => these.has(id)) };
}

/** Puts events back that were taken out: they are weighed anew, with all that came after them. */
export async function putBack(ctx: Context, tx: Tx, ids: readonly bigint[]): Promise<void> {
  await lockStandings(tx);
  const { undone } = await unwindEvents(ctx, tx, await findSince(tx, ids), 'undone');
  await letWeighAnew(tx, [...new Set([...ids, ...undone])]);
}
