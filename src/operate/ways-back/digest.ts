import { findEditionFrom, lockDigest, restoreDigest, type DigestStanding } from '../../db/digests/arrivals.ts';
import type { WayBack } from './way-back.ts';

/** Releasing a digest and discarding it: back only while no newsletter was made from it since. */
export const digestWay: WayBack = {
  soft: ['arrived'],
  read: async (_ctx, tx, { subject }) => ({ ...(await lockDigest(tx, Number(subject))) }),
  restore: async (ctx, tx, { subject, at, before, after }) => {
    const id = Number(subject);
    const isTaken = before['state'] === 'held' && after['state'] === 'released';
    const edition = isTaken ? await findEditionFrom(tx, id, at) : null;
    if (edition !== null) return { words: `the edition ${edition} was made from it` };
    await restoreDigest(tx, id, standing(before), standing(after));
    await ctx.queue.wake('match', tx);
    return null;
  },
};

function standing({ state, arrived }: Readonly<Record<string, unknown>>): DigestStanding {
  return { state: state as DigestStanding['state'], arrived: (arrived ?? {}) as DigestStanding['arrived'] };
}
