import { lockLetter, setWaits } from '../../db/feedback/letters.ts';
import type { WayBack } from './way-back.ts';

/** Settling a letter, and taking it up again. */
export const letterWay: WayBack = {
  soft: [],
  read: async (_ctx, tx, { subject }) => {
    const letter = await lockLetter(tx, idIn(subject));
    return letter && { waits: letter.waits };
  },
  restore: async (_ctx, tx, { subject, before }) => {
    await setWaits(tx, idIn(subject), before['waits'] === true);
    return null;
  },
};

function idIn(subject: string | null): string {
  return (subject ?? '').replace('letter:', '');
}
