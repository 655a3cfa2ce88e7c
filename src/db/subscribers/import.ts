import type { Wish } from '../../model/interest.ts';
import type { Preferences, SubscriberStatus, Subscriber } from '../../model/subscriber.ts';
import type { Tx } from '../client.ts';
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
}

/** Writes subscribers in bulk; addresses that exist are left as they are. Returns the new ones by address. */
export async function insertImported(
  db: Tx,
  rows: readonly ImportedSubscriber[],
  now: Date,
): Promise<Map<string, Subscriber>> {
  await db.$executeRaw`
    INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, source,
      created_at, confirmed_at, unsubscribed_at, next_due_at, confirmations)
    SELECT v.public_id, v.email, decode(v.hash, 'hex'), v.status::subscriber_status, v.cadence::cadence, v.weekday, v.hour, v.time_zone,
      v.max_papers, v.language, v.source, v.created_at, v.confirmed_at, v.unsubscribed_at, v.next_due_at, v.confirmations
    FROM unnest(
      ${rows.map((row) => row.publicId)}::text[], ${rows.map((row) => row.email)}::text[],
      ${rows.map((row) => Buffer.from(row.addressHash).toString('hex'))}::text[], ${rows.map((row) => row.status)}::text[],
      ${rows.map((row) => row.preferences.cadence)}::text[], ${rows.map((row) => row.preferences.weekday)}::smallint[],
      ${rows.map((row) => row.preferences.hour)}::smallint[], ${rows.map((row) => row.preferences.timeZone)}::text[],
      ${rows.map((row) => row.preferences.maxPapers)}::smallint[], ${rows.map((row) => row.preferences.language)}::text[],
      ${rows.map((row) => row.source)}::text[], ${rows.map((row) => row.createdAt)}::timestamptz[],
      ${rows.map((row) => row.confirmedAt)}::timestamptz[], ${rows.map((row) => row.unsubscribedAt)}::timestamptz[],
      ${rows.map((row) => row.nextDueAt)}::timestamptz[], ${rows.map((row) => row.confirmations)}::int[]
    ) AS v (public_id, email, hash, status, cadence, weekday, hour, time_zone, max_papers, language, source, created_at, confirmed_at,
            unsubscribed_at, next_due_at, confirmations)
    ON CONFLICT (email) DO NOTHING`;
  const stored = await db.subscriber.findMany({ where: { publicId: { in: rows.map(({ publicId }) => publicId) } } });
  const byEmail = new Map(stored.map((row) => [row.email, toSubscriber(row)]));
  const taken = rows.flatMap((row) => {
    const subscriber = byEmail.get(row.email);
    return subscriber ? [{ ...row, id: subscriber.id }] : [];
  });
  await insertWishes(db, taken, now);
  await insertConsents(db, taken);
  return byEmail;
}

type Taken = ImportedSubscriber & { id: number };

async function insertWishes(db: Tx, rows: readonly Taken[], now: Date): Promise<void> {
  const links = rows.flatMap(({ id, wishes }) => wishes.map((wish) => ({ ...wish, id })));
  if (links.length === 0) return;
  const ids = await internInterests(db, links, now);
  await db.$executeRaw`
    INSERT INTO subscriber_interests (subscriber_id, interest_id, muted, wording)
    SELECT * FROM unnest(${links.map(({ id }) => id)}::int[], ${ids}::int[], ${links.map(({ muted }) => muted)}::boolean[],
      ${links.map(({ text }) => text)}::text[])
    ON CONFLICT DO NOTHING`;
}

async function insertConsents(db: Tx, rows: readonly Taken[]): Promise<void> {
  const given = rows.flatMap(({ id, consent, source }) => (consent ? [{ id, ...consent, via: source }] : []));
  await db.$executeRaw`
    INSERT INTO consents (subscriber_id, step, wording_version, wording, source, at)
    SELECT id, 'import', 'imported', source, via, at
    FROM unnest(${given.map(({ id }) => id)}::int[], ${given.map(({ source }) => source)}::text[],
      ${given.map(({ via }) => via)}::text[], ${given.map(({ at }) => at)}::timestamptz[]) AS v (id, source, via, at)`;
}
