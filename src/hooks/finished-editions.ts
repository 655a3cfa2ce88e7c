import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { countByState } from '../db/ledger/deliveries.ts';
import { listUnfinished, markFinished } from '../db/newsletters/finished.ts';
import { editionEndsAt } from '../model/edition.ts';
import { reportEdition } from '../operate/report-edition.ts';
import { announce } from './announce.ts';

/**
 * Finds editions that are over and tells of each once, hooks and operator, with its sums: no slot of it is to come
 * anywhere on earth, and nothing of it waits. Returns how many.
 */
export async function announceFinished(ctx: Context): Promise<number> {
  const now = ctx.now();
  let finished = 0;
  for (const { id, key } of await listUnfinished(ctx.db)) {
    const endsAt = editionEndsAt(key);
    if (!endsAt || endsAt > now) continue;
    finished += await transaction(ctx.db, async (tx) => {
      if (!(await markFinished(tx, id, now))) return 0;
      const counts = await countByState(tx, key);
      const told = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
      await announce(ctx, tx, 'edition.finished', { edition: key, counts: told });
      await reportEdition(ctx, tx, { id, key });
      return 1;
    });
  }
  return finished;
}
