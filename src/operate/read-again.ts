import type { Context } from '../context.ts';
import { replayCaptures, type Replay } from '../ingest/replay.ts';

/** Reads the captures of one source's list day again and tells what would be otherwise. Changes nothing. */
export function readAgain(ctx: Context, { source, digestOn }: { source: string; digestOn: string }): Promise<Replay> {
  return replayCaptures(ctx, { source, from: digestOn, to: digestOn });
}
