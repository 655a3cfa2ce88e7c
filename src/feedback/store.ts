import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { readEffects, recordEvents } from '../db/feedback/events.ts';
import { findMails, findOnlyMails, keepReports, notePlaces, placesRead } from '../db/feedback/reports.ts';
import { addressHash, canonicalAddress } from '../model/address.ts';
import type { Effect } from '../model/feedback.ts';
import { weighWithin } from '../standing/weigh-events.ts';
import { cluesIn, publicIdsIn, type Clues } from './clues.ts';
import { eventsOf, type KnownMail, type PlacedEvent } from './events-of.ts';
import type { FeedbackEvent } from './event.ts';
import type { ReadMail } from './read-mail.ts';
import type { Received, Taken, ToldEvent } from './received.ts';
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
  const now = ctx.now();
  const places = await placesRead(
    tx,
    items.flatMap(({ received }) => received.place ?? []),
  );
  const unread = items.filter(({ received: { place } }) => place === undefined || !places.has(place));
  const ids = await keepReports(tx, unread.map(reportOf), now);
  await notePlaces(
    tx,
    unread.flatMap(({ received: { place }, sha256 }) => (place === undefined ? [] : [{ place, sha256 }])),
  );
  const fresh = unread.flatMap((item, at) => (typeof ids[at] === 'bigint' ? [{ item, reportId: ids[at] }] : []));
  const placed = await placeAll(
    ctx,
    tx,
    fresh.map(({ item }) => item),
  );
  const rows = fresh.flatMap(({ item, reportId }, at) =>
    (placed[at] ?? []).map((event) => ({ item, reportId, event })),
  );
  const recorded = await recordEvents(
    tx,
    rows.map(({ item, reportId, event: { kind, mail, named, said, providerId } }) => {
      return { door: item.received.door, kind, reportId, deliveryId: mail?.id ?? null, named, providerId, ...said };
    }),
    now,
  );
  const [, { tell }] = await weighWithin(ctx, tx);
  told.push(tell);
  const effects = new Map((await readEffects(tx, [...recorded.values()])).map((row) => [row.id, row]));
  return items.map((item): Taken => {
    const own = rows.flatMap((row, at) => (row.item === item ? [{ ...row, id: recorded.get(at) }] : []));
    return {
      isNew: fresh.some((each) => each.item === item),
      events: own.map(({ event, id }) => ({
        kind: event.kind,
        address: event.mail?.email ?? event.named,
        delivery: event.mail?.publicId ?? null,
        effect: id === undefined ? 'already' : ((effects.get(id)?.effect ?? 'filed') as Effect),
      })),
    };
  });
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

type Placed = PlacedEvent & { providerId: string | null };

async function placeAll(ctx: Context, tx: Tx, items: readonly Understood[]): Promise<Placed[][]> {
  const told = items.map((item) => item.events.map((event) => ({ event, clues: cluesOf(ctx, item, event) })));
  const all = told.flat();
  const publicIds = all.flatMap(({ clues: { signed, mentioned } }) => (signed ? [signed] : mentioned));
  const addresses = all.flatMap(({ event }) => event.recipients.map(({ address }) => canonical(address) ?? []).flat());
  const hashOf = (address: string) => addressHash(ctx.keys.suppression, address).toString('hex');
  const hashes = new Map(addresses.map((address) => [address, hashOf(address)]));
  const only = await findOnlyMails(tx, [...new Set(hashes.values())], new Date(ctx.now().getTime() - ONLY_MS));
  const mails = await findMails(tx, { publicIds, ids: [...only.values()] });
  const byPublicId = new Map<string, KnownMail>(mails.map((mail) => [mail.publicId, mail]));
  const byId = new Map<bigint, KnownMail>(mails.map((mail) => [mail.id, mail]));
  const onlyMailTo = (address: string) => byId.get(only.get(hashes.get(canonical(address) ?? '') ?? '') ?? -1n) ?? null;
  return told.map((each) =>
    each.flatMap(({ event, clues }) => {
      const named = (clues.signed ? [clues.signed] : clues.mentioned).flatMap((id) => byPublicId.get(id) ?? []);
      const found = { ...clues, mail: named[0] ?? null, onlyMailTo };
      return eventsOf(plainAddresses(event), found).map((one) => ({
        ...one,
        providerId: 'id' in event ? event.id : null,
      }));
    }),
  );
}

function cluesOf(ctx: Context, { received, mail }: Understood, event: FeedbackEvent | ToldEvent): Clues {
  if (!('token' in event)) return cluesIn(ctx.keys.link, received.recipients, mail);
  const signed = event.token === null ? null : readToken(ctx.keys.link, event.token);
  const isForged = event.token !== null && signed === null;
  return { signed, isForged, leaves: false, mentioned: publicIdsIn(event.messageId ?? '') };
}

function plainAddresses(event: FeedbackEvent): FeedbackEvent {
  const recipients = event.recipients.map((each) => ({ ...each, address: canonical(each.address) ?? each.address }));
  return { ...event, recipients };
}

function canonical(address: string): string | null {
  const result = canonicalAddress(address);
  return result.ok ? result.address : null;
}
