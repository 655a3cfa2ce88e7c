import type { Door, Effect } from '../model/feedback.ts';
import type { FeedbackEvent } from './event.ts';
import type { ReadMail } from './read-mail.ts';

/** Something that came in by a door, not yet stored. */
export interface Received {
  door: Exclude<Door, 'session'>;
  /** Where exactly, for people: a file's name, a mailbox and number, a provider. */
  name: string;
  bytes: Uint8Array;
  /** To whom the envelope brought it (RCPT TO); empty where no envelope is known. */
  recipients: readonly string[];
  /** The place in a mailbox it was read from (UIDVALIDITY and UID, RFC 9051 2.3.1.1), which is never read again. */
  place?: string;
  /** What the mail was understood as, where the door did that already. */
  understood?: { event: FeedbackEvent; mail: ReadMail | null };
  /** What a provider tells of single mails, read already; a mail is parsed where this is missing. */
  told?: readonly ToldEvent[];
}

/** What a provider's notification says of one mail to one recipient. */
export interface ToldEvent extends FeedbackEvent {
  /** The provider's own id of it: it counts once. */
  id: string | null;
  /** What our header carried and the provider handed back: public id of the delivery and signature, as in VERP. */
  token: string | null;
  /** Message-ID of our mail, without brackets. */
  messageId: string | null;
}

/** What became of something received. */
export interface Taken {
  /** False where it was received before: nothing was changed by it now. */
  isNew: boolean;
  events: readonly TakenEvent[];
}

/** One event as it was stored, and what followed. */
export interface TakenEvent {
  kind: FeedbackEvent['kind'];
  address: string | null;
  /** Public id of the delivery it speaks of; null where it could not be placed. */
  delivery: string | null;
  /** What it changed. */
  effect: Effect;
}

/** Stores what a door received with its events and applies them, in one transaction; resolves after the commit. */
export type TakeIn = (received: Received) => Promise<Taken>;
