/** Longest mail that is taken, in bytes; of a longer one in a mailbox or a file so much of its beginning is. */
export const MOST_MAIL_BYTES = 10 * 1024 * 1024;

/** A door that stands open. */
export interface Door {
  close: () => Promise<void>;
}
