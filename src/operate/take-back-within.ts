import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { actsAfter, findAct, type ListedAct } from '../db/operator/acts-list.ts';
import { recordAct } from '../db/operator/audit.ts';
import { changeOf, isAsLeft, pick, standingOn, undoing } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';
import type { ActWithChange } from './ways-back/way-back.ts';
import { wayBackOf } from './ways-back/ways-back.ts';

/** What became of the wish to take an act back. */
export type TakeBackOutcome =
  | { outcome: 'taken-back'; act: ListedAct; by: bigint }
  /** Something newer stands on it: that must be taken back first. */
  | { outcome: 'newer'; act: ListedAct; newer: ListedAct }
  | { outcome: 'already'; act: ListedAct; by: bigint }
  /** Its subject is not as it left it, by no act. */
  | { outcome: 'moved-on'; act: ListedAct }
  /** What it changed was used: a mail cannot be called back. */
  | { outcome: 'in-use'; act: ListedAct; words: string }
  | { outcome: 'gone'; act: ListedAct }
  | { outcome: 'no-way'; act: ListedAct }
  /** Of an act on many: it is being taken back, reader by reader. */
  | { outcome: 'job'; act: ListedAct; by: bigint }
  | { outcome: 'unknown' };

/** Takes an act back within a transaction; as part of taking back an act on many, where that is said. */
export async function takeBackWithin(
  ctx: Context,
  tx: Tx,
  act: ListedAct,
  by: Actor,
  partOf: bigint | null = null,
): Promise<Exclude<TakeBackOutcome, { outcome: 'unknown' | 'job' }>> {
  const way = wayBackOf(act.action);
  if (!way || !hasChange(act)) return { outcome: act.before || !way ? 'no-way' : 'gone', act };
  const state = await way.read(ctx, tx, act);
  if (!state) return { outcome: 'gone', act };
  // Read behind the lock: of two who press at once, the second sees what the first did.
  const { undoneBy } = (await findAct(tx, act.id)) ?? act;
  if (undoneBy !== null) return { outcome: 'already', act, by: undoneBy };
  const later = await actsAfter(tx, act.subject, act.id);
  const standing = standingOn(act, later, way.soft);
  const newer = standing && later.find(({ id }) => id === standing.id);
  if (newer) return { outcome: 'newer', act, newer };
  if (!isAsLeft(act, state, way.soft)) return { outcome: 'moved-on', act };
  const now = ctx.now();
  const hindered = await way.restore(ctx, tx, act, { later, now });
  if (hindered) return { outcome: 'in-use', act, words: hindered.words };
  const names = Object.keys(act.before);
  const after = await way.read(ctx, tx, act);
  const change = changeOf(pick(state, names), pick(after ?? {}, names));
  const entry = { at: now, actor: by, action: undoing(act.action), subject: act.subject, undoes: act.id, partOf };
  const detail = act.detail as Record<string, string>;
  return { outcome: 'taken-back', act, by: await recordAct(tx, { ...entry, detail, ...change }) };
}

function hasChange(act: ListedAct): act is ActWithChange {
  return act.before !== null && act.after !== null;
}
