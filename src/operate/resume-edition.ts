import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { resumeEdition as resume, type SteerOutcome } from '../db/ledger/edition-acts.ts';
import { lockEdition } from '../db/newsletters/editions.ts';
import { recordAct } from '../db/operator/audit.ts';
import { changeOf } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';
import { LONG_ACT_MS } from './long-act.ts';

/** Lets a paused edition go on: what was set aside is due again, and delivery is woken. */
export async function resumeEdition(ctx: Context, key: string, by: Actor): Promise<SteerOutcome> {
  const now = ctx.now();
  const act = async (tx: Tx): Promise<SteerOutcome> => {
    const before = { state: await lockEdition(tx, key) };
    const result = await resume(tx, key, now);
    if (result.outcome !== 'done') return result;
    const change = changeOf(before, { state: 'open' });
    await recordAct(tx, { at: now, actor: by, action: 'edition.resume', subject: key, ...change });
    await ctx.queue.wake('deliver', tx);
    return result;
  };
  return transaction(ctx.db, act, LONG_ACT_MS);
}
