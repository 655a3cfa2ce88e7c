import { transaction, type Db, type Tx } from '../client.ts';

/** How many mails to a destination a worker may have in flight, and how many it has now. */
interface Claimant {
  worker: string;
  leaseSeconds: number;
  /** Destinations, and the worker's mails in flight to each. */
  inFlight: ReadonlyMap<string, number>;
}

/** The most places at a destination for now: halved with each strike of the last hour, and one more again with each minute of peace. */
const ALLOWED = `least($2::int, greatest(1, $2::int >> CASE WHEN struck_at > clock_timestamp() - interval '1 hour' THEN strikes ELSE 0 END)
  + coalesce(floor(extract(epoch FROM clock_timestamp() - struck_at) / 60), 0))::int`;

/**
 * Shares the places at destinations, at most `most` at each over all workers, evenly among those who have mail for it: who has more
 * lets go as its mails in flight end. A share lasts as long as a lease, so that a dead worker's falls to the others.
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
    await tx.$executeRaw`
      INSERT INTO sending_shares AS s (destination, worker, places, until)
      SELECT d.destination, ${by.worker}, d.places, clock_timestamp() + ${by.leaseSeconds} * interval '1 second'
      FROM unnest(${destinations}::text[], ${destinations.map((name) => shares.get(name) ?? 0)}::int[]) AS d(destination, places)
      ON CONFLICT (destination, worker) DO UPDATE SET places = excluded.places, until = excluded.until`;
    return shares;
  });
}

/** Gives a worker's shares back, all of them or those at other destinations than `but`. */
export async function releaseShares(db: Tx, worker: string, but: readonly string[] = []): Promise<void> {
  await db.$executeRaw`DELETE FROM sending_shares WHERE worker = ${worker} AND destination <> ALL(${[...but]}::text[])`;
}

/** Locks the rows of the destinations, always in the same order, and returns how many places each allows for now. */
async function lockDestinations(tx: Tx, destinations: string[], most: number): Promise<Map<string, number>> {
  const names = destinations.map((destination) => `domain:${destination}`);
  await tx.$executeRaw`
    INSERT INTO sending_paces (name, free_at) SELECT n, clock_timestamp() FROM unnest(${names}::text[]) n ON CONFLICT (name) DO NOTHING`;
  const rows = await tx.$queryRawUnsafe<{ name: string; allowed: number }[]>(
    `SELECT name, ${ALLOWED} AS allowed FROM sending_paces WHERE name = ANY($1::text[]) ORDER BY name FOR UPDATE`,
    names,
    most,
  );
  return new Map(rows.map(({ name, allowed }) => [name.slice('domain:'.length), allowed]));
}

async function othersShares(
  tx: Tx,
  destinations: string[],
  worker: string,
): Promise<Map<string, { workers: number; places: number }>> {
  const rows = await tx.$queryRaw<{ destination: string; workers: number; places: number }[]>`
    SELECT destination, count(*)::int AS workers, sum(places)::int AS places FROM sending_shares
    WHERE destination = ANY(${destinations}::text[]) AND worker <> ${worker} AND until > clock_timestamp() GROUP BY destination`;
  return new Map(rows.map((row) => [row.destination, row]));
}
