import type { OneMail } from '../../db/ledger/one-mail.ts';
import type { NamedPaper, PaperListing } from '../../db/digests/named-papers.ts';
import type { NotedNothing } from '../../db/newsletters/nothing.ts';
import type { SendingHold } from '../../db/sending/holds.ts';
import type { EditionState } from '../../model/edition.ts';
import type { Subscriber } from '../../model/subscriber.ts';
import type { SuppressionReason } from '../../model/suppression.ts';
import type { Explained } from '../../plan/explain-choice.ts';
import type { Slot } from '../../plan/due.ts';

/** Why no newsletter of an edition was planned, as far as the slot decides; null where it was, or would be. */
export type SlotStop =
  | 'no-slot'
  | 'still-to-come'
  | 'late'
  | 'in-doubt'
  | 'merged'
  | 'set-aside'
  | 'not-confirmed-yet'
  | 'none-due';

/** A reader, and what suppresses their address. */
export interface Who {
  reader: Subscriber;
  suppression: { reason: SuppressionReason; at: Date } | null;
}

/** What decides about the slot. */
export interface SlotFacts {
  edition: string | null;
  slot: Slot | null;
  /** When it was decided, or will be; of a past slot its own instant where that is not known any more. */
  decidedAt: Date;
  stop: SlotStop | null;
  /** Whether the pause holds at that moment. */
  paused: boolean;
  /** Whether it was decided before now, so that it is told rather than foreseen. */
  past: boolean;
  problem: string | null;
  /** What planning wrote down where it found nothing for them. */
  nothing: NotedNothing | null;
  /** How the reader stood when it was decided; null where that is as they stand now, or was not looked up. */
  stood: Who | null;
}

/** What the choice of papers came to; `open` is the same choice with nothing muted and nothing shown before. */
export interface ChoiceFacts {
  real: Explained;
  unmuted: Explained;
  open: Explained;
  waitsFor: 'interests' | 'papers' | null;
  lastNewsletterAt: Date | null;
  line: number;
  names: ReadonlyMap<number, string>;
  list: Omit<PaperListing, 'known'> | null;
}

/** What holds mail up beyond the reader. */
export interface SendingFacts {
  quietUntil: Date | null;
  quietHours: { from: number; to: number } | null;
  warmUp: { day: number; most: number; tried: number; held: number } | null;
  paceMs: number;
  perMinute: number | null;
  circuit: { openedAt: Date; problem: string } | null;
  /** While it stands, neither planning nor sending goes on. */
  hold: Pick<SendingHold, 'heldAt' | 'reason'> | null;
}

/** All that the gates look at, loaded once. */
export interface Facts extends Who {
  now: Date;
  slot: SlotFacts;
  mail: OneMail | null;
  /** What an operator did to the edition; null where nothing of it is there yet. */
  editionState: EditionState | null;
  paper: (NamedPaper & { listings: PaperListing[] }) | null;
  choice: ChoiceFacts | null;
  shownIn: { edition: string; at: Date } | null;
  /** Whether the paper, which was chosen, stands in the mail; null where that was not asked. */
  inMail: boolean | null;
  sending: SendingFacts;
  /** A report that came after the server had taken the mail. */
  later: { reason: SuppressionReason; at: Date } | null;
}
