import type { Context } from '../context.ts';
import { lastActAt } from '../db/operator/acts-list.ts';
import type { Actor } from '../model/actor.ts';

/** Who did something within so many seconds sees it: longer than a replica that is used may be behind. */
const SEES_OWN_SECONDS = 30;

/**
 * Reads what a list or the archive shows, from the replica where there is one; `read` gets the context that reads
 * there, and may be called twice. Whoever has just changed something reads from the database itself, so that it is
 * there.
 */
export async function readAside<T>(ctx: Context, by: Actor | null, read: (ctx: Context) => Promise<T>): Promise<T> {
  const { readList } = ctx;
  if (!readList || (by !== null && (await actedLately(ctx, by)))) return read(ctx);
  return readList((db) => read({ ...ctx, db }));
}

async function actedLately({ db, now }: Context, by: Actor): Promise<boolean> {
  const at = await lastActAt(db, by);
  return at !== null && now().getTime() - at.getTime() < SEES_OWN_SECONDS * 1_000;
}
