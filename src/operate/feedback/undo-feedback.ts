import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { findChanging, type ChangingEvent, type EventSpan } from '../../db/feedback/changes.ts';
import { lockStandings } from '../../db/feedback/standings.ts';
import { recordAct } from '../../db/operator/audit.ts';
import type { Actor } from '../../model/actor.ts';
import { unwindEvents } from '../../standing/unwind-events.ts';

/** What to take back: refusals of a span, with its complaints where that is said. */
export interface UndoSpan extends EventSpan {
  complaints: boolean;
}

/** What taking back came to: how many events by what they had done, and how many stay since something newer stands. */
export interface UndoneFeedback {
  undone: number;
  kept: number;
  byEffect: Record<string, number>;
  /** What is never taken back, since readers asked to leave, and complaints that are not to be. */
  leftOut: { left: number; complaints: number };
}

/** Says what would be taken back, changing nothing. */
export async function foreseeUndoFeedback(ctx: Context, span: UndoSpan): Promise<UndoneFeedback> {
  const { events, leftOut } = chosen(await findChanging(ctx.db, span), span);
  return { undone: events.length, kept: 0, byEffect: counted(events), leftOut };
}

/**
 * Takes back what refusals of a span did to addresses and readers: each sets back exactly what it changed, newest
 * first, where nothing newer stands on it. The events stay, as taken back. Who asked to leave stays out.
 */
export async function undoFeedback(ctx: Context, span: UndoSpan, by: Actor): Promise<UndoneFeedback> {
  return transaction(
    ctx.db,
    async (tx) => {
      await lockStandings(tx);
      const { events, leftOut } = chosen(await findChanging(tx, span), span);
      const ids = events.map(({ id }) => id);
      const { undone, kept } = await unwindEvents(ctx, tx, ids, 'undone');
      const { domain, since, until, complaints } = span;
      const from = { domain: domain ?? '', since: since.toISOString(), until: until.toISOString() };
      const detail = { ...from, ...(complaints && { complaints }) };
      const counts = { undone: undone.length, kept: kept.length };
      const entry = { at: ctx.now(), actor: by, action: 'feedback.undo', subject: null } as const;
      await recordAct(tx, { ...entry, detail: { ...detail, ...counts } });
      await ctx.queue.wake('deliver', tx);
      const back = new Set(undone);
      return { ...counts, byEffect: counted(events.filter(({ id }) => back.has(id))), leftOut };
    },
    TIMEOUT_MS,
  );
}

/** Some hundred thousand events take a while. */
const TIMEOUT_MS = 10 * 60_000;

/** Parts what is to be taken back from what is left out. */
function chosen(all: readonly ChangingEvent[], { complaints }: UndoSpan) {
  const theirs = all.filter(({ asked }) => !asked);
  const events = theirs.filter(({ isComplaint }) => complaints || !isComplaint);
  const leftOut = { left: all.length - theirs.length, complaints: theirs.length - events.length };
  return { events, leftOut };
}

function counted(events: readonly { effect: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { effect } of events) counts[effect] = (counts[effect] ?? 0) + 1;
  return counts;
}
