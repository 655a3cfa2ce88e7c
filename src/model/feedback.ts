/** Where what comes back comes in; `session` is the answer that a mail heard while it was sent. */
export const DOORS = ['session', 'smtp', 'imap', 'file', 'webhook'] as const;

/** One of them. */
export type Door = (typeof DOORS)[number];

/** What came back is: hard and soft are refusals; `delayed` one that the mail server goes on with. */
export const FEEDBACK_KINDS = [
  ...(['hard', 'soft', 'complaint', 'auto-reply', 'delayed'] as const),
  ...(['delivered', 'challenge', 'unsubscribe', 'reply', 'other'] as const),
] as const;

/** What a mail that came back is. */
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

/**
 * What a refusal speaks of: the address itself · its reader's mailbox · us (name, sender, address, account, login) ·
 * what the mail holds · the way there · a decision that says no more.
 */
export type RefusalTopic = 'address' | 'mailbox' | 'us' | 'content' | 'network' | 'policy';

/**
 * What an event changed. `suppressed` nothing more goes there · `in-doubt` its next newsletter comes some days later ·
 * `half-point` its mailbox refused something today · `left` its reader complained, or asked to leave · `excused` its
 * destination refuses whom it knows · `asked` its reader was sent a link · `undone` all that was taken back. The others
 * changed nothing: `already` (suppressed before) · `same-day` (a mailbox counts once a day) · `in-doubt-already` ·
 * `outranked` (the mail was refused for good, or complained of) · `not-theirs` (it speaks of us, of what we wrote, of
 * the way) · `only-a-test` · `filed` · `unplaced`.
 */
export const EFFECTS = [
  ...(['suppressed', 'in-doubt', 'half-point', 'left', 'excused', 'asked', 'undone'] as const),
  ...(['already', 'same-day', 'in-doubt-already', 'outranked', 'not-theirs', 'only-a-test'] as const),
  ...(['filed', 'unplaced'] as const),
] as const;

/** What an event changed, as one word. */
export type Effect = (typeof EFFECTS)[number];

/** How an address stands that mail was refused for. */
export interface Standing {
  /** Since when it is in doubt: it took mail lately, and was refused as unknown. */
  doubtedAt: Date | null;
  /** No newsletter goes to it before. */
  restUntil: Date | null;
  /** What its mailbox refused: one for each day, until all is quiet again. */
  halfPoints: number;
  refusedAt: Date | null;
}
