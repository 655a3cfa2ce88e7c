import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { findMails, findOnlyMails } from '../db/feedback/reports.ts';
import { readToken } from '../links/verp.ts';
import { addressHash, canonicalAddress } from '../model/address.ts';
import { findToldLeaver, findWriter, type LetterWriter } from '../standing/writers.ts';
import { cluesIn, leaveTokenIn, publicIdsIn, type Clues } from './clues.ts';
import type { FeedbackEvent } from './event.ts';
import { eventsOf, FROM_PEOPLE, type KnownMail, type PlacedEvent } from './events-of.ts';
import type { ReadMail } from './read-mail.ts';
import type { Received, ToldEvent } from './received.ts';

/** Something received, with what it was understood as. */
export interface Understood {
  received: Received;
  sha256: Uint8Array;
  mail: ReadMail | null;
  events: readonly (FeedbackEvent | ToldEvent)[];
  /** When a letter was written that asks to leave and is signed by its author's domain; else null. */
  provenAt: Date | null;
}

/** Something new, as it was kept. */
export interface Kept {
  item: Understood;
  reportId: bigint;
}

/** One event of something new. */
export interface Row extends Kept {
  event: PlacedEvent;
  providerId: string | null;
}

/** An address that got exactly one mail in so long is known by that alone, as far as anybody's word goes. */
const ONLY_MS = 7 * 86_400_000;

interface Clued extends Kept {
  told: FeedbackEvent | ToldEvent;
  clues: Clues;
  writer: LetterWriter | null;
}

/** Finds of which mails, and of whom, all speaks that is new. */
export async function placeAll(ctx: Context, tx: Tx, kept: readonly Kept[]): Promise<Row[]> {
  const all: Clued[] = [];
  for (const each of kept)
    for (const told of each.item.events)
      all.push({
        ...each,
        told,
        clues: cluesOf(ctx, each.item, told),
        writer: await writerOf(ctx, tx, each.item, told),
      });
  const publicIds = all.flatMap(({ clues: { signed, mentioned } }) => (signed ? [signed] : mentioned));
  const mails: KnownMail[] = await findMails(tx, { publicIds, ids: [] });
  const byPublicId = new Map(mails.map((mail) => [mail.publicId, mail]));
  const mailOf = ({ clues: { signed, mentioned } }: Clued) =>
    (signed ? [signed] : mentioned).flatMap((id) => byPublicId.get(id) ?? [])[0] ?? null;
  const byAddressAlone = all.filter((each) => each.clues.signed === null && mailOf(each) === null);
  const onlyMailTo = await findOnlyMailsTo(ctx, tx, byAddressAlone);
  return all.flatMap((each) => {
    const { told, clues, writer, item, reportId } = each;
    const found = { ...clues, isTold: item.received.told !== undefined, writer, mail: mailOf(each), onlyMailTo };
    const placed = eventsOf(plainAddresses(told), found);
    return placed.map((event): Row => ({ item, reportId, event, providerId: 'id' in told ? told.id : null }));
  });
}

/** Finds the only mail of the last days to each address that is named; what was signed needs none of that. */
async function findOnlyMailsTo(ctx: Context, tx: Tx, unsigned: readonly Clued[]) {
  const addresses = unsigned.flatMap(({ told }) => told.recipients.flatMap(({ address }) => canonical(address) ?? []));
  const key = ctx.keys.suppression;
  const hashes = new Map(addresses.map((address) => [address, addressHash(key, address).toString('hex')]));
  const only = await findOnlyMails(tx, [...new Set(hashes.values())], new Date(ctx.now().getTime() - ONLY_MS));
  const mails = await findMails(tx, { publicIds: [], ids: [...only.values()] });
  const byId = new Map(mails.map((mail) => [mail.id, mail]));
  return (address: string): KnownMail | null => {
    const id = only.get(hashes.get(canonical(address) ?? '') ?? '');
    return (id === undefined ? undefined : byId.get(id)) ?? null;
  };
}

/** Tells whether it is a letter by which its reader leaves, or asks to: who wrote the next one may depend on it. */
export function actsByItself({ mail, events: [event] }: Understood): boolean {
  if (mail === null || event === undefined || !FROM_PEOPLE.includes(event.kind)) return false;
  return event.kind === 'unsubscribe' || leaveTokenIn(mail) !== null;
}

/** Who wrote a letter from a person, or leaves as a provider tells. */
async function writerOf(
  ctx: Context,
  tx: Tx,
  { received, mail, provenAt }: Understood,
  { kind, recipients: [first] }: FeedbackEvent,
): Promise<LetterWriter | null> {
  if (received.told && kind === 'unsubscribe' && first) return findToldLeaver(tx, first.address);
  if (mail === null || !FROM_PEOPLE.includes(kind)) return null;
  if (mail.headers.get('auto-submitted')?.toLowerCase().startsWith('auto-replied')) return null; // RFC 3834 5
  return findWriter(ctx, tx, { token: leaveTokenIn(mail), from: mail.from, provenAt });
}

function cluesOf(ctx: Context, { received, mail }: Understood, event: FeedbackEvent | ToldEvent): Clues {
  if (!('token' in event)) return cluesIn(ctx.keys.link, received.recipients, mail);
  const signed = event.token === null ? null : readToken(ctx.keys.link, event.token);
  const isForged = event.token !== null && signed === null;
  return { signed, isForged, mentioned: publicIdsIn(event.messageId ?? '') };
}

function plainAddresses(event: FeedbackEvent): FeedbackEvent {
  const recipients = event.recipients.map((each) => ({ ...each, address: canonical(each.address) ?? each.address }));
  return { ...event, recipients };
}

function canonical(address: string): string | null {
  const result = canonicalAddress(address);
  return result.ok ? result.address : null;
}
