import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { lockLetter, setWaits } from '../../db/feedback/letters.ts';
import { recordAct } from '../../db/operator/audit.ts';
import type { Actor } from '../../model/actor.ts';

/** Says of a person's letter that nothing more is to be done about it, or that it waits again after all. */
export async function settleLetter(
  ctx: Context,
  publicId: string,
  waits: boolean,
  by: Actor,
): Promise<{ outcome: 'done' | 'waits' | 'unchanged' | 'unknown' }> {
  return transaction(ctx.db, async (tx) => {
    const letter = await lockLetter(tx, publicId);
    if (!letter) return { outcome: 'unknown' };
    if (letter.waits === waits) return { outcome: 'unchanged' };
    await setWaits(tx, publicId, waits);
    const change = { before: { waits: !waits }, after: { waits } };
    const action = waits ? 'letter.again' : 'letter.done';
    await recordAct(tx, { at: ctx.now(), actor: by, action, subject: `letter:${publicId}`, ...change });
    return { outcome: waits ? 'waits' : 'done' };
  });
}
