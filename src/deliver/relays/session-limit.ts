/** How many mails one session may carry, as set and as learned from the server in the course of a run. */
export interface SessionLimit {
  /** Tells whether a session that has carried so many mails is to be closed. */
  isSpent(carried: number): boolean;
  /** Notes that a session ended after so many mails: `surely` because of their number, or `perhaps`. */
  ended(carried: number, how: 'surely' | 'perhaps'): void;
}

/** Sessions that perhaps ended for their number, after the same number, before it is believed. */
const BELIEVED_AFTER = 2;

/** Creates the limit of one server, at first as it is set. A number that another session has passed is not believed. */
export function createSessionLimit(set: number): SessionLimit {
  let most = set;
  let longest = 0;
  const ends = new Map<number, number>();
  return {
    isSpent: (carried) => {
      longest = Math.max(longest, carried);
      return carried >= most;
    },
    ended: (carried, how) => {
      if (carried < 1 || carried >= most) return;
      const times = (ends.get(carried) ?? 0) + 1;
      ends.set(carried, times);
      if (how === 'surely' || (times >= BELIEVED_AFTER && carried >= longest)) most = carried;
    },
  };
}
