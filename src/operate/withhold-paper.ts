import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { lockPaper, setWithheld } from '../db/digests/withheld.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/**
 * Keeps a paper from everybody from now on, or frees it: newsletters, previews and welcomes draw on it no more; what
 * is chosen already goes out as it is. `unchanged` where it stands so already, `unknown` where there is none.
 */
export async function withholdPaper(
  ctx: Context,
  publicId: string,
  withhold: boolean,
  by: Actor,
): Promise<{ outcome: 'withheld' | 'freed' | 'unchanged' | 'unknown' }> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const paper = await lockPaper(tx, publicId);
    if (!paper) return { outcome: 'unknown' };
    if ((paper.withheldAt !== null) === withhold) return { outcome: 'unchanged' };
    await setWithheld(tx, paper.id, withhold ? now : null);
    const change = { before: { withheld: !withhold }, after: { withheld: withhold } };
    const action = withhold ? 'paper.withhold' : 'paper.free';
    await recordAct(tx, { at: now, actor: by, action, subject: paper.publicId, ...change });
    return { outcome: withhold ? 'withheld' : 'freed' };
  });
}
