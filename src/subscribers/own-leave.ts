import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { actsAfter, type ListedAct } from '../db/operator/acts-list.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';
import type { Subscriber } from '../model/subscriber.ts';

/** Who speaks for a reader: they by link or letter, and their mail program. */
const OWN: readonly string[] = ['reader', 'one-click'] satisfies Actor[];

/**
 * Keeps that a reader whom another's act has out wants to be out: taking that act back does not bring them back. It
 * changes nothing of them, so that they are out since when they were, and is written once.
 */
export async function noteOwnLeave(ctx: Context, tx: Tx, reader: Subscriber, actor: Actor): Promise<void> {
  if (!OWN.includes(actor)) return;
  const last = (await actsOut(tx, reader)).at(-1);
  if (!last || OWN.includes(last.actor)) return;
  const since = { unsubscribedAt: reader.unsubscribedAt?.toISOString() };
  const entry = { at: ctx.now(), actor, action: 'unsubscribe', subject: reader.publicId } as const;
  await recordAct(tx, { ...entry, before: since, after: since });
}

/** Tells whether a reader whom another's act had out wanted to be out since. */
export async function wantsOut(tx: Tx, reader: Subscriber): Promise<boolean> {
  const last = (await actsOut(tx, reader)).at(-1);
  return last !== undefined && !tookOut(last);
}

/** Finds the act that has a reader out; null where the log holds none. */
export async function findLeaving(tx: Tx, reader: Subscriber): Promise<ListedAct | null> {
  return (await actsOut(tx, reader)).findLast(tookOut) ?? null;
}

/** Acts that hold and say since when a reader is out, oldest first. */
async function actsOut(tx: Tx, { publicId, unsubscribedAt }: Subscriber): Promise<ListedAct[]> {
  if (unsubscribedAt === null) return [];
  const since = unsubscribedAt.toISOString();
  const acts = await actsAfter(tx, publicId, 0n);
  return acts.filter(({ after, undoneBy }) => undoneBy === null && after?.['unsubscribedAt'] === since);
}

function tookOut({ after }: ListedAct): boolean {
  return after?.['status'] === 'unsubscribed';
}
