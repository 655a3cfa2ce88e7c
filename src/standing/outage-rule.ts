/**
 * So many proven addresses of one destination, and so large a share of them, are not all unknown within an hour: it
 * errs.
 */
export const LEAST_REFUSED = 20;
export const SHARE_REFUSED = 0.03;
/** Refusals are looked at over so long. */
export const WINDOW_MS = 3_600_000;
/** One mail finds out so often whether a destination knows its readers again. */
export const PROBE_MS = 3_600_000;
/** So many mails in a row it must take to be believed again: it may err about some of its readers only. */
export const SURE = 20;
/** What goes on for longer is believed: a provider may really give up its mailboxes. */
export const LONGEST_MS = 24 * 3_600_000;
/** A destination that was believed is not excused again for so long. */
export const BELIEVED_MS = 7 * 24 * 3_600_000;

/** Returns how many proven addresses a destination must have for so many refusals to be the truth. */
export function provenNeeded(refused: number): number {
  return Math.ceil(refused / SHARE_REFUSED);
}

/** Tells whether a destination errs that refuses so many of its proven addresses as unknown within the hour. */
export function errs(refused: number, proven: number): boolean {
  return refused >= LEAST_REFUSED && refused > proven * SHARE_REFUSED;
}
