import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { readEffects, recordEvents, SIGNED, type NewEvent } from '../db/feedback/events.ts';
import { findMails, findOnlyMails, keepReports, notePlaces, placesRead } from '../db/feedback/reports.ts';
import { addressHash, canonicalAddress } from '../model/address.ts';
import type { Effect } from '../model/feedback.ts';
import { weighWithin } from '../standing/weigh-events.ts';
import { askByLink, findWriter, type LetterWriter } from '../standing/writers.ts';
import { cluesIn, leaveTokenIn, publicIdsIn, type Clues } from './clues.ts';
import { eventsOf, FROM_PEOPLE, type KnownMail, type PlacedEvent } from './events-of.ts';
import type { FeedbackEvent } from './event.ts';
import type { ReadMail } from './read-mail.ts';
import type { Received, Taken, TakenEvent, ToldEvent } from './received.ts';
import { readToken } from '../links/verp.ts';

/** Something received, with what it was understood as. */
export interface Understood {
  received: Received;
  sha256: Uint8Array;
  mail: ReadMail | null;
  events: readonly (FeedbackEvent | ToldEvent)[];
}

/** An address that got exactly one mail in so long is known by that alone. */
const ONLY_MS = 7 * 86_400_000;

/** Keeps, records and weighs what was received, within a transaction; `told` gathers what is to be told after it. */
export async function storeWithin(
  ctx: Context,
  tx: Tx,
  items: readonly Understood[],
  told: (() => Promise<void>)[],
): Promise<Taken[]> {
  const kept = await keepAll(tx, items, ctx.now());
  const rows = await placeAll(ctx, tx, kept);
  for (const { event } of rows) {
    const { kind, writer } = event;
    if (kind === 'unsubscribe' && writer && !writer.isSigned) await askByLink(ctx, tx, writer);
  }
  const recorded = await recordEvents(tx, rows.map(newEvent), ctx.now());
  const [, { tell }] = await weighWithin(ctx, tx);
  told.push(tell);
  const effects = new Map((await readEffects(tx, [...recorded.values()])).map(({ id, effect }) => [id, effect]));
  const taken = new Map<Understood, TakenEvent[]>(kept.map(({ item }) => [item, []]));
  for (const [at, { item, event }] of rows.entries()) {
    const id = recorded.get(at);
    const effect = id === undefined ? 'already' : ((effects.get(id) ?? 'filed') as Effect);
    const { kind, mail, named } = event;
    taken.get(item)?.push({ kind, address: mail?.email ?? named, delivery: mail?.publicId ?? null, effect });
  }
  return items.map((item) => ({ isNew: taken.has(item), events: taken.get(item) ?? [] }));
}

/** Something new, as it was kept. */
interface Kept {
  item: Understood;
  reportId: bigint;
}

/** One event of something new. */
interface Row extends Kept {
  event: PlacedEvent;
  providerId: string | null;
}

async function keepAll(tx: Tx, items: readonly Understood[], now: Date): Promise<Kept[]> {
  const placeOf = ({ received: { place } }: Understood) => place ?? [];
  const read = await placesRead(tx, items.flatMap(placeOf));
  const unread = items.filter(({ received: { place } }) => place === undefined || !read.has(place));
  const ids = await keepReports(tx, unread.map(reportOf), now);
  const places = unread.flatMap(({ received: { place }, sha256 }) => (place === undefined ? [] : [{ place, sha256 }]));
  await notePlaces(tx, places);
  return unread.flatMap((item, at) => {
    const reportId = ids[at] ?? null;
    return reportId === null ? [] : [{ item, reportId }];
  });
}

function newEvent({ item, reportId, event: { kind, mail, named, writer, said }, providerId }: Row): NewEvent {
  const about = { deliveryId: mail?.id ?? null, subscriberId: writer?.id ?? null, named, providerId };
  return { door: item.received.door, kind, reportId, ...about, ...said, ...(writer?.isSigned && { rule: SIGNED }) };
}

function reportOf({ received: { door, name, bytes }, sha256, mail, events }: Understood) {
  const kind = events[0]?.kind ?? 'other';
  const because = events[0]?.because ?? 'it tells of nothing';
  const isLetter = mail !== null && (kind === 'reply' || kind === 'other');
  const sender = mail?.from ?? null;
  return {
    door,
    name,
    sha256,
    bytes,
    kind,
    because,
    sender,
    subject: mail?.subject.slice(0, 500) ?? null,
    waits: isLetter,
  };
}

interface Clued extends Kept {
  told: FeedbackEvent | ToldEvent;
  clues: Clues;
  writer: LetterWriter | null;
}

async function placeAll(ctx: Context, tx: Tx, kept: readonly Kept[]): Promise<Row[]> {
  const all: Clued[] = [];
  for (const each of kept)
    for (const told of each.item.events)
      all.push({
        ...each,
        told,
        clues: cluesOf(ctx, each.item, told),
        writer: await writerOf(ctx, tx, each.item, told),
      });
  const addresses = all.flatMap(({ told }) => told.recipients.flatMap(({ address }) => canonical(address) ?? []));
  const key = ctx.keys.suppression;
  const hashes = new Map(addresses.map((address) => [address, addressHash(key, address).toString('hex')]));
  const since = new Date(ctx.now().getTime() - ONLY_MS);
  const only = await findOnlyMails(tx, [...new Set(hashes.values())], since);
  const publicIds = all.flatMap(({ clues: { signed, mentioned } }) => (signed ? [signed] : mentioned));
  const mails: KnownMail[] = await findMails(tx, { publicIds, ids: [...only.values()] });
  const byPublicId = new Map(mails.map((mail) => [mail.publicId, mail]));
  const byId = new Map(mails.map((mail) => [mail.id, mail]));
  const onlyMailTo = (address: string) => {
    const id = only.get(hashes.get(canonical(address) ?? '') ?? '');
    return (id === undefined ? undefined : byId.get(id)) ?? null;
  };
  return all.flatMap(({ told, clues, writer, ...each }) => {
    const named = (clues.signed ? [clues.signed] : clues.mentioned).flatMap((id) => byPublicId.get(id) ?? []);
    const placed = eventsOf(plainAddresses(told), { ...clues, writer, mail: named[0] ?? null, onlyMailTo });
    return placed.map((event): Row => ({ ...each, event, providerId: 'id' in told ? told.id : null }));
  });
}

/** Who wrote a letter from a person. */
async function writerOf(
  ctx: Context,
  tx: Tx,
  { mail }: Understood,
  { kind }: FeedbackEvent,
): Promise<LetterWriter | null> {
  if (mail === null || !FROM_PEOPLE.includes(kind)) return null;
  if (mail.headers.get('auto-submitted')?.toLowerCase().startsWith('auto-replied')) return null; // RFC 3834 5
  return findWriter(ctx, tx, { token: leaveTokenIn(mail), from: mail.from });
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
