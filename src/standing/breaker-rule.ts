/** What mailbox providers take for bad (Google's and Yahoo's rules for senders): complaints over what was sent. */
export const WARN = { share: 0.001, least: 5 };
export const PAUSE = { share: 0.003, least: 10 };
/** Complaints are counted over so long. */
export const COMPLAINT_MS = 7 * 24 * 3_600_000;
/** An edition that so many addresses refuse, and so large a share, went to a list that nobody looked after. */
export const REFUSED = { share: 0.05, least: 50 };

/** Tells whether so many of all are too many. */
export function exceeds(count: number, all: number, { share, least }: { share: number; least: number }): boolean {
  return count >= least && count >= all * share;
}

/** Writes a share in percent. */
export function percent(count: number, all: number): string {
  return all === 0 ? '100 %' : `${((count / all) * 100).toFixed(2)} %`;
}
