/** How long one transaction over all mails of an edition may take, ms: a million rows are written in some minutes. */
export const LONG_ACT_MS = 15 * 60_000;
