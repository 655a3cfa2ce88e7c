import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { addLinkKey } from '../db/keys.ts';
import { deleteLinkKeys } from '../db/keys-list.ts';
import { withLock } from '../db/locks.ts';
import { recordAct } from '../db/operator/audit.ts';
import type { Actor } from '../model/actor.ts';

/** Makes a new link key, which signs from now on in every process, and deletes older ones for good: their links die. */
export async function rotateKeys(
  ctx: Context,
  { retire }: { retire: number[] },
  by: Actor,
): Promise<{ key: number; retired: number[] }> {
  const now = ctx.now();
  return withLock(ctx.db, 'keys', () =>
    transaction(ctx.db, async (tx) => {
      const key = await addLinkKey(tx, ctx.keys, now);
      const retired = await deleteLinkKeys(tx, retire);
      await recordAct(tx, { at: now, actor: by, action: 'keys.rotate', detail: { key, retired } });
      return { key, retired };
    }),
  );
}
