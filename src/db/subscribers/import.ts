import type { Wish } from '../../model/interest.ts';
import type { Preferences, SubscriberStatus, Subscriber } from '../../model/subscriber.ts';
import type { Tx } from '../client.ts';
import { int4, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { internInterests } from '../interests/interests.ts';
import { toSubscriber } from './subscribers.ts';

/** A subscriber to be taken in with everything that hangs on them. */
export interface ImportedSubscriber {
  publicId: string;
  email: string;
  addressHash: Uint8Array;
  status: SubscriberStatus;
  preferences: Preferences;
  source: string;
  createdAt: Date;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  nextDueAt: Date | null;
  confirmations: number;
  wishes: readonly Wish[];
  consent: { at: Date; source: string } | null;
  /** The errand that takes them in; null where a command does. */
  importId: number | null;
}

const insertSubscribers = query(
  'import subscribers',
  { id: int4, email: text },
  (given: {
    publicIds: string[];
    emails: string[];
    hashes: string[];
    statuses: string[];
    cadences: string[];
    weekdays: number[];
    hours: number[];
    timeZones: string[];
    maxPapers: number[];
    selectivities: string[];
    perhaps: boolean[];
    languages: string[];
    sources: string[];
    createdAt: Date[];
    confirmedAt: (Date | null)[];
    unsubscribedAt: (Date | null)[];
    nextDueAt: (Date | null)[];
    confirmations: number[];
    importIds: (number | null)[];
  }) => sql`
    INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, selectivity, perhaps, language, source,
      created_at, confirmed_at, unsubscribed_at, next_due_at, confirmations, import_id)
    SELECT v.public_id, v.email, decode(v.hash, 'hex'), v.status::subscriber_status, v.cadence::cadence, v.weekday, v.hour, v.time_zone,
      v.max_papers, v.selectivity::selectivity, v.perhaps, v.language, v.source, v.created_at, v.confirmed_at, v.unsubscribed_at, v.next_due_at, v.confirmations, v.import_id
    FROM unnest(
      ${given.publicIds}::text[], ${given.emails}::text[],
      ${given.hashes}::text[], ${given.statuses}::text[],
      ${given.cadences}::text[], ${given.weekdays}::smallint[],
      ${given.hours}::smallint[], ${given.timeZones}::text[],
      ${given.maxPapers}::smallint[], ${given.selectivities}::text[], ${given.perhaps}::boolean[], ${given.languages}::text[],
      ${given.sources}::text[], ${given.createdAt}::timestamptz[],
      ${given.confirmedAt}::timestamptz[], ${given.unsubscribedAt}::timestamptz[],
      ${given.nextDueAt}::timestamptz[], ${given.confirmations}::int[], ${given.importIds}::int[]
    ) AS v (public_id, email, hash, status, cadence, weekday, hour, time_zone, max_papers, selectivity, perhaps, language, source, created_at,
            confirmed_at, unsubscribed_at, next_due_at, confirmations, import_id)
    ON CONFLICT (email) DO NOTHING RETURNING id, email`,
);

/** Writes subscribers in bulk; addresses that exist are left as they are. Returns the new ones' numbers by address. */
export async function insertImported(
  db: Tx,
  rows: readonly ImportedSubscriber[],
  now: Date,
): Promise<Map<string, number>> {
  const stored = await insertSubscribers(db, {
    publicIds: rows.map((row) => row.publicId),
    emails: rows.map((row) => row.email),
    hashes: rows.map((row) => Buffer.from(row.addressHash).toString('hex')),
    statuses: rows.map((row) => row.status),
    cadences: rows.map((row) => row.preferences.cadence),
    weekdays: rows.map((row) => row.preferences.weekday),
    hours: rows.map((row) => row.preferences.hour),
    timeZones: rows.map((row) => row.preferences.timeZone),
    maxPapers: rows.map((row) => row.preferences.maxPapers),
    perhaps: rows.map((row) => row.preferences.perhaps),
    selectivities: rows.map((row) => row.preferences.selectivity),
    languages: rows.map((row) => row.preferences.language),
    sources: rows.map((row) => row.source),
    createdAt: rows.map((row) => row.createdAt),
    confirmedAt: rows.map((row) => row.confirmedAt),
    unsubscribedAt: rows.map((row) => row.unsubscribedAt),
    nextDueAt: rows.map((row) => row.nextDueAt),
    confirmations: rows.map((row) => row.confirmations),
    importIds: rows.map((row) => row.importId),
  });
  const ids = new Map(stored.map(({ id, email }) => [email, id]));
  const taken = rows.flatMap((row) => {
    const id = ids.get(row.email);
    return id === undefined ? [] : [{ row, id }];
  });
  await insertWishes(db, taken, now);
  await insertConsents(db, taken);
  return ids;
}

/** Returns subscribers by their numbers, by address. */
export async function subscribersWith(db: Tx, ids: readonly number[]): Promise<Map<string, Subscriber>> {
  if (ids.length === 0) return new Map();
  const rows = await db.subscriber.findMany({ where: { id: { in: [...ids] } } });
  return new Map(rows.map((row) => [row.email, toSubscriber(row)]));
}

interface Taken {
  row: ImportedSubscriber;
  id: number;
}

const linkInterests = command(
  'import wishes',
  (given: { subscriberIds: number[]; interestIds: number[]; muted: boolean[]; wordings: string[] }) => sql`
    INSERT INTO subscriber_interests (subscriber_id, interest_id, muted, wording)
    SELECT * FROM unnest(${given.subscriberIds}::int[], ${given.interestIds}::int[], ${given.muted}::boolean[],
      ${given.wordings}::text[])
    ON CONFLICT DO NOTHING`,
);

async function insertWishes(db: Tx, rows: readonly Taken[], now: Date): Promise<void> {
  const links = rows.flatMap(({ id, row: { wishes } }) => wishes.map((wish) => ({ id, wish })));
  if (links.length === 0) return;
  const wishes = links.map(({ wish }) => wish);
  const ids = await internInterests(db, wishes, now);
  await linkInterests(db, {
    subscriberIds: links.map(({ id }) => id),
    interestIds: ids,
    muted: wishes.map(({ muted }) => muted),
    wordings: wishes.map(({ text: wording }) => wording),
  });
}

const keepConsents = command(
  'import consents',
  (given: { ids: number[]; sources: string[]; via: string[]; at: Date[] }) => sql`
    INSERT INTO consents (subscriber_id, step, wording_version, wording, source, at)
    SELECT id, 'import', 'imported', source, via, at
    FROM unnest(${given.ids}::int[], ${given.sources}::text[],
      ${given.via}::text[], ${given.at}::timestamptz[]) AS v (id, source, via, at)`,
);

async function insertConsents(db: Tx, rows: readonly Taken[]): Promise<void> {
  const given = rows.flatMap(({ id, row: { consent, source: via } }) => (consent ? [{ id, consent, via }] : []));
  await keepConsents(db, {
    ids: given.map(({ id }) => id),
    sources: given.map(({ consent }) => consent.source),
    via: given.map(({ via }) => via),
    at: given.map(({ consent }) => consent.at),
  });
}
