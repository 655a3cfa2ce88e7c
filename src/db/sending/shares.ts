import { transaction, type Db, type Tx } from '../client.ts';
import { int4, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { makePaces } from './paces.ts';

/** How many mails to a destination a worker may have in flight, and how many it has now. */
interface Claimant {
  worker: string;
  leaseSeconds: number;
  /** Destinations, and the worker's mails in flight to each. */
  inFlight: ReadonlyMap<string, number>;
}

const keepShares = command(
  'keep shares',
  (given: { worker: string; leaseSeconds: number; destinations: string[]; places: number[] }) => sql`
      INSERT INTO sending_shares AS s (destination, worker, places, until)
      SELECT d.destination, ${given.worker}, d.places, clock_timestamp() + ${given.leaseSeconds} * interval '1 second'
      FROM unnest(${given.destinations}::text[], ${given.places}::int[]) AS d(destination, places)
      ON CONFLICT (destination, worker) DO UPDATE SET places = excluded.places, until = excluded.until`,
);

/**
 * Shares the places at destinations, at most `most` at each over all workers, evenly among those who have mail for it:
 * who has more lets go as its mails in flight end. A share lasts as long as a lease, so that a dead worker's falls to
 * the others.
 */
export async function shareDestinations(db: Db, by: Claimant, most: number): Promise<Map<string, number>> {
  const destinations = [...by.inFlight.keys()].sort();
  if (destinations.length === 0) return new Map();
  return transaction(db, async (tx) => {
    const allowed = await lockDestinations(tx, destinations, most);
    const others = await othersShares(tx, destinations, by.worker);
    const shares = new Map<string, number>();
    for (const destination of destinations) {
      const { workers, places } = others.get(destination) ?? { workers: 0, places: 0 };
      const limit = allowed.get(destination) ?? most;
      const fair = Math.ceil(limit / (workers + 1));
      const share = Math.max(fair, by.inFlight.get(destination) ?? 0);
      shares.set(destination, Math.max(0, Math.min(share, limit - places)));
    }
    await keepShares(tx, {
      worker: by.worker,
      leaseSeconds: by.leaseSeconds,
      destinations,
      places: destinations.map((name) => shares.get(name) ?? 0),
    });
    return shares;
  });
}

/** Gives a worker's shares back, all of them or those at other destinations than `but`. */
export async function releaseShares(db: Tx, worker: string, but: readonly string[] = []): Promise<void> {
  await db.sendingShare.deleteMany({ where: { worker, destination: { notIn: [...but] } } });
}

/**
 * Says the most places at a destination for now: halved with each strike of the last hour, and one more again with each
 * minute of peace.
 */
const lockAllowed = query(
  'lock paces and tell places',
  { name: text, allowed: int4 },
  (given: { names: string[]; most: number }) => sql`
    SELECT name, least(${given.most}::int,
        greatest(1, ${given.most}::int >> CASE WHEN struck_at > clock_timestamp() - interval '1 hour' THEN strikes ELSE 0 END)
        + coalesce(floor(extract(epoch FROM clock_timestamp() - struck_at) / 60), 0))::int AS allowed
    FROM sending_paces WHERE name = ANY(${given.names}::text[]) ORDER BY name FOR UPDATE`,
);

/** Locks the rows of the destinations, always in the same order, and returns how many places each allows for now. */
async function lockDestinations(tx: Tx, destinations: string[], most: number): Promise<Map<string, number>> {
  const names = destinations.map((destination) => `domain:${destination}`);
  await makePaces(tx, { names });
  const rows = await lockAllowed(tx, { names, most });
  return new Map(rows.map(({ name, allowed }) => [name.slice('domain:'.length), allowed]));
}

const sharesOfOthers = query(
  'shares of other workers',
  { destination: text, workers: int4, places: int4 },
  (given: { destinations: string[]; worker: string }) => sql`
    SELECT destination, count(*)::int AS workers, sum(places)::int AS places FROM sending_shares
    WHERE destination = ANY(${given.destinations}::text[]) AND worker <> ${given.worker} AND until > clock_timestamp() GROUP BY destination`,
);

async function othersShares(
  tx: Tx,
  destinations: string[],
  worker: string,
): Promise<Map<string, { workers: number; places: number }>> {
  const rows = await sharesOfOthers(tx, { destinations, worker });
  return new Map(rows.map((row) => [row.destination, row]));
}
