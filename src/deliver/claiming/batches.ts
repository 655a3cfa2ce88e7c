import type { Composer } from '../../model/newsletter.ts';
import type { Claimed } from '../sending/prepare-mail.ts';
import { claimsOf } from './claims.ts';
import type { SendingRun } from '../sending/sending-run.ts';

/** What is claimed, and what composes it. */
export interface ToCompose {
  composer: Composer;
  claimed: Claimed;
}

/**
 * Returns what brings the next batch with its composer, which is opened once something is due: most runs find nothing.
 */
export function batchesOf(run: SendingRun): () => Promise<ToCompose[] | null> {
  const claims = claimsOf(run);
  return async () => {
    const batch = await claims();
    if (!batch) return null;
    const composer = await run.ctx.composer();
    return batch.map((claimed) => ({ composer, claimed }));
  };
}
