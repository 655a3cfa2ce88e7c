import { pauseEdition, resumeEdition } from '../../db/ledger/edition-acts.ts';
import { lockEdition } from '../../db/newsletters/editions.ts';
import type { WayBack } from './way-back.ts';

/** Pausing an edition and resuming it. */
export const editionWay: WayBack = {
  soft: [],
  read: async (_ctx, tx, { subject }) => {
    const state = await lockEdition(tx, subject ?? '');
    return state && { state };
  },
  restore: async (ctx, tx, { subject, before }, { now }) => {
    const key = subject ?? '';
    if (before['state'] === 'paused') await pauseEdition(tx, key);
    else {
      await resumeEdition(tx, key, now);
      await ctx.queue.wake('deliver', tx);
    }
    return null;
  },
};
