import type { FeedbackKind } from '../model/feedback.ts';
import type { FeedbackEvent, ReportedRecipient } from './event.ts';

/** A mail of ours that a clue leads to. */
export interface KnownMail {
  id: bigint;
  publicId: string;
  /** Canonical address it went to; null once its reader is erased. */
  email: string | null;
  /** Its reader, where that is known. */
  subscriberId?: number | null;
}

/** An event with the mail it speaks of. */
export interface PlacedEvent {
  kind: FeedbackKind;
  mail: KnownMail | null;
  /** The address that is named, where the mail is not known, or by nothing else. */
  named: string | null;
  /** Who wrote it, of a letter. */
  writer: Writer | null;
  said: Omit<ReportedRecipient, 'address' | 'kind'>;
}

/** A reader who wrote: by our own token, by the signature of their domain, as a provider tells, or by From alone. */
export interface Writer {
  id: number;
  email: string;
  proof: 'token' | 'domain' | 'provider' | null;
}

/** Where the mails are that clues lead to. */
export interface Found {
  /** What we signed. */
  signed: string | null;
  /** By what we signed, or by its Message-ID: the mail it is about. */
  mail: KnownMail | null;
  isForged: boolean;
  /** A provider tells it by a webhook: its signature held. */
  isTold: boolean;
  writer: Writer | null;
  /** The only mail of the last days to an address. */
  onlyMailTo: (address: string) => KnownMail | null;
}

/** Kinds that are final: of nobody's mail they speak by an address alone, unless a provider tells. */
const FINAL: readonly FeedbackKind[] = ['hard', 'complaint', 'unsubscribe'];

/** Kinds that people write. */
export const FROM_PEOPLE: readonly FeedbackKind[] = ['reply', 'other', 'unsubscribe'];

/**
 * Says of which mails an event speaks. A known mail had one recipient: what is said of that address counts, or what is
 * said of the only one that is named (mails are forwarded). Without one, each named address must have got exactly one
 * mail lately; who leaves as a provider tells is known by their address. Since anybody can write an address, what is
 * final needs more, unless a provider tells it. What bears a false signature speaks of nobody.
 */
export function eventsOf(event: FeedbackEvent, found: Found): PlacedEvent[] {
  const { mail } = found;
  if (found.isForged) return [unplaced(event, 'its signature is false')];
  const { writer } = found;
  const isToldOf = writer?.proof === 'provider';
  if (writer && !isToldOf && FROM_PEOPLE.includes(event.kind)) return [ofWriter(event, writer)];
  if (mail) return [ofMail(event, mail)];
  if (found.signed !== null)
    return [{ ...unplaced(event, 'it is signed, for a mail that is not there'), kind: 'other' }];
  if (event.recipients.length === 0) return [unplaced(event, event.because)];
  return event.recipients.map((recipient) => {
    const { address, kind } = recipient;
    const only = found.isTold || !FINAL.includes(kind) ? found.onlyMailTo(address) : null;
    if (only && found.isTold) return placed(event, only, recipient);
    return isToldOf ? ofWriter(event, writer) : { ...placed(event, only, recipient), named: address };
  });
}

function ofWriter(event: FeedbackEvent, writer: Writer): PlacedEvent {
  const kind = writer.proof ? 'unsubscribe' : event.kind;
  return { kind, mail: null, named: writer.email, writer, said: saidOf(event.because) };
}

function ofMail(event: FeedbackEvent, mail: KnownMail): PlacedEvent {
  const { recipients } = event;
  const theirs = recipients.find(({ address }) => address === mail.email);
  const only = recipients.length === 1 ? (recipients[0] ?? null) : null;
  if (theirs || only || recipients.length === 0) return placed(event, mail, theirs ?? only);
  return { ...unplaced(event, 'it names several addresses, and not the one that the mail went to') };
}

function placed(event: FeedbackEvent, mail: KnownMail | null, recipient: ReportedRecipient | null): PlacedEvent {
  if (!recipient) return { kind: event.kind, mail, named: null, writer: null, said: saidOf(event.because) };
  const { kind, status, reply, about, rule, line } = recipient;
  return { kind, mail, named: null, writer: null, said: { status, reply, about, rule, line } };
}

function unplaced({ kind, recipients }: FeedbackEvent, because: string): PlacedEvent {
  return { kind, mail: null, named: recipients[0]?.address ?? null, writer: null, said: saidOf(because) };
}

function saidOf(line: string): PlacedEvent['said'] {
  return { status: null, reply: null, about: null, rule: null, line };
}
