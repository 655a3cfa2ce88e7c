import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { changesSomething, replayJournal, type Replayed, type ReplayOptions } from '../journal/replay-journal.ts';
import type { Actor } from '../model/actor.ts';

/** Brings into this database what the journals have and it has not; the log says what came of it. */
export async function replayInto(ctx: Context, options: ReplayOptions, by: Actor): Promise<Replayed> {
  const replayed = await replayJournal(ctx, options);
  if (options.dryRun || !changesSomething(replayed)) return replayed;
  const { reading, ...counts } = replayed;
  const detail = { since: options.since.toISOString(), files: reading.files, ...counts };
  await transaction(ctx.db, (tx) => recordAct(tx, { at: ctx.now(), actor: by, action: 'journal.replay', detail }));
  return replayed;
}
