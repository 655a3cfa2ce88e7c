import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { noteCorrection } from '../../db/feedback/anew.ts';
import { findEvent } from '../../db/feedback/list.ts';
import { lockStandings } from '../../db/feedback/standings.ts';
import { recordAct } from '../../db/operator/audit.ts';
import { changeOf } from '../../model/act.ts';
import type { Actor } from '../../model/actor.ts';
import type { FeedbackKind } from '../../model/feedback.ts';
import { weighWithin } from '../../standing/weigh-events.ts';
import { takeOut } from '../../standing/weigh-anew.ts';

/** What became of a correction: `kept` where something newer stands on what the event changed, which stays. */
export type CorrectOutcome = 'corrected' | 'kept' | 'unchanged' | 'unknown';

/**
 * Says what an event really is: what it changed is taken back, and the same report never counts again. The pair of the
 * two is kept for whoever writes rules.
 */
export async function correctEvent(
  ctx: Context,
  publicId: string,
  kind: FeedbackKind,
  by: Actor,
): Promise<{ outcome: CorrectOutcome }> {
  const told: (() => Promise<void>)[] = [];
  const outcome = await transaction(ctx.db, async (tx): Promise<CorrectOutcome> => {
    await lockStandings(tx);
    const event = await findEvent(tx, publicId);
    if (!event) return 'unknown';
    if (kind === (event.correctedKind ?? event.kind)) return 'unchanged';
    const { kept } = await takeOut(ctx, tx, [event.rowId]);
    await noteCorrection(tx, event.rowId, kind);
    told.push((await weighWithin(ctx, tx)).guarded.tell);
    const after = await findEvent(tx, publicId);
    const state = (one: typeof after) => ({ corrected: one?.correctedKind ?? null, effect: one?.effect ?? null });
    const entry = { at: ctx.now(), actor: by, action: 'feedback.correct', subject: `event:${publicId}` } as const;
    await recordAct(tx, { ...entry, detail: { taken: event.kind }, ...changeOf(state(event), state(after)) });
    return kept.length > 0 ? 'kept' : 'corrected';
  });
  for (const tell of told) await tell();
  return { outcome };
}
