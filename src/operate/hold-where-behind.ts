import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { newestTrace } from '../db/operator/newest-trace.ts';
import { findHold, holdSending, lastLetGo } from '../db/sending/holds.ts';
import { lookBehind, type Missing, type Traces } from '../journal/look-behind.ts';
import { noPeople } from '../journal/replay-people.ts';
import { messageOf } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';

/**
 * Puts all sending on hold where the journal of this machine knows of mails or decisions that the database does not: it
 * was brought back otherwise than by `offprint restore`, and would repeat them. Returns what is missing, in words; null
 * where nothing is, or all is on hold already.
 */
export async function holdWhereBehind(ctx: Context, by: Actor): Promise<string | null> {
  const { JOURNAL_DIR: folder } = ctx.config;
  if (folder === undefined || (await findHold(ctx.db))) return null;
  const traces = { newest: await newestTrace(ctx.db), letGoAt: await lastLetGo(ctx.db) };
  const { first, ...missing } = await looked(ctx, folder, traces);
  if (first === null) return null;
  const snapshotAt = traces.newest && traces.newest < first ? traces.newest : first;
  const reason = `brought back without what the journal in ${folder} knows of: ${inWords(missing)}`;
  await transaction(ctx.db, async (tx) => {
    await holdSending(tx, { kind: 'behind', reason, snapshotAt });
    const detail = { ...missing, since: snapshotAt.toISOString() };
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'sending.hold', subject: null, detail });
  });
  ctx.log.error({ reason, type: 'offprint journal replay, then offprint resume' }, 'nothing is sent');
  return reason;
}

/** A journal that cannot be read is told of; where it cannot be written either, no mail goes anyway. */
async function looked(ctx: Context, folder: string, traces: Traces): Promise<Missing> {
  try {
    return await lookBehind(ctx, folder, traces);
  } catch (error) {
    ctx.log.error({ problem: messageOf(error) }, 'the journal could not be compared with the database');
    return { mails: 0, ...noPeople(), first: null };
  }
}

function inWords({ mails, left, erased, suppressed, moved }: Omit<Missing, 'first'>): string {
  const counts = { mails, 'readers who left': left, erased, 'addresses suppressed': suppressed, moved };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}
