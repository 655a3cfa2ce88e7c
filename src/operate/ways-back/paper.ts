import { lockPaper, setWithheld } from '../../db/digests/withheld.ts';
import type { WayBack } from './way-back.ts';

/** Withholding a paper and freeing it. */
export const paperWay: WayBack = {
  soft: [],
  read: async (_ctx, tx, { subject }) => {
    const paper = await lockPaper(tx, subject ?? '');
    return paper && { withheld: paper.withheldAt !== null };
  },
  restore: async (_ctx, tx, { subject, before }, { now }) => {
    const paper = await lockPaper(tx, subject ?? '');
    if (paper) await setWithheld(tx, paper.id, before['withheld'] === true ? now : null);
    return null;
  },
};
