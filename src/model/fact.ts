import type { MailKind } from './mail-kind.ts';
import type { SuppressionReason } from './suppression.ts';

/** A mail whose body is about to go over. */
export interface HandedFact {
  what: 'handed';
  /** Public id of its delivery. */
  mail: string;
  kind: MailKind;
  /** Number of its claim. */
  attempt: number;
  /** Public id of the reader, and the key by which the mail is theirs once; null where it goes to no reader. */
  to: { reader: string; key: string } | null;
  /** Of a newsletter: the local date it bears, and every paper that it names, by its number in the database. */
  shown: { issuedOn: string; paperIds: readonly number[] } | null;
}

/** What became of it: the server said 250, or it surely did not arrive. What is handed over and neither is in doubt. */
export interface AnsweredFact {
  what: 'sent' | 'unsent';
  mail: string;
}

/** What a reader did. `moved`: to another address, known by its keyed hash. */
export type ReaderFact =
  | { what: 'left' | 'returned' | 'erased'; reader: string }
  | { what: 'moved'; reader: string; hash: string };

/** What was decided about an address, by its keyed hash (hexadecimal). */
export type AddressFact =
  | { what: 'suppressed'; hash: string; reason: SuppressionReason }
  | { what: 'lifted'; hash: string };

/** What was promised to somebody, or done to them, and must hold whatever becomes of the database. */
export type Fact = HandedFact | AnsweredFact | ReaderFact | AddressFact;

/** What a paper is known by, so that it is found again under any number. */
export interface PaperName {
  publicId: string;
  title: string;
  arxivIds: string[];
  dois: string[];
  titleKeys: string[];
}
