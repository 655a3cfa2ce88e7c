import { transaction, type Db, type Tx } from '../client.ts';
import { float8, text } from '../columns.ts';
import { command, query, raw, sql } from '../statement.ts';

const reserve = query(
  'reserve places',
  { ms: float8 },
  (given: { totalMs: number }) => sql`
    INSERT INTO sending_paces AS p (name, free_at) VALUES ('all', clock_timestamp() + ${given.totalMs} * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE SET free_at = greatest(p.free_at, clock_timestamp()) + ${given.totalMs} * interval '1 millisecond'
    RETURNING (extract(epoch FROM free_at - clock_timestamp()) * 1000)::float8 AS ms`,
);

/**
 * Takes `places` places in the common pace, `gapMs` apart; returns how many milliseconds from now the first one is.
 * Idle time is not made up for.
 */
export async function reservePlaces(db: Tx, places: number, gapMs: number): Promise<number> {
  const rows = await reserve(db, { totalMs: places * gapMs });
  return Math.max(0, (rows[0]?.ms ?? 0) - places * gapMs);
}

/** What a destination was granted: so many mails soon, and when the ones after them may come. */
export interface Granted {
  places: number;
  /** Milliseconds from now. */
  nextInMs: number;
}

/** Makes the rows of paces that have none yet. */
export const makePaces = command(
  'make paces',
  (given: { names: string[] }) => sql`
        INSERT INTO sending_paces (name, free_at) SELECT n, clock_timestamp() FROM unnest(${given.names}::text[]) n ON CONFLICT (name) DO NOTHING`,
);

const lockPaces = query(
  'lock paces',
  { name: text, ms: float8 },
  (given: { names: string[] }) => sql`
      SELECT name, greatest(0, extract(epoch FROM free_at - clock_timestamp()) * 1000)::float8 AS ms
      FROM sending_paces WHERE name = ANY(${given.names}::text[]) ORDER BY name FOR UPDATE`,
);

/**
 * Asks for places at destinations within the next `horizonMs`, `gapMs` apart (null: as many as are wanted, unless the
 * destination asked us to slow down).
 */
export async function grantDomainPlaces(
  db: Db,
  wanted: ReadonlyMap<string, number>,
  gapMs: number | null,
  horizonMs: number,
): Promise<Map<string, Granted>> {
  const names = [...wanted.keys()].map((domain) => `domain:${domain}`).sort();
  return transaction(db, async (tx) => {
    if (gapMs !== null) await makePaces(tx, { names });
    const rows = await lockPaces(tx, { names });
    const granted = new Map<string, Granted>();
    for (const { name, ms } of rows) {
      const domain = name.slice('domain:'.length);
      const places = Math.min(wanted.get(domain) ?? 0, placesWithin(ms, gapMs, horizonMs));
      granted.set(domain, { places, nextInMs: ms + places * (gapMs ?? 0) });
    }
    if (gapMs !== null) await moveOn(tx, granted);
    return granted;
  });
}

/** Tells how many places there are before the horizon, the first one `ms` from now. */
function placesWithin(ms: number, gapMs: number | null, horizonMs: number): number {
  if (gapMs === null) return ms > 0 ? 0 : Infinity;
  return ms > horizonMs ? 0 : Math.floor((horizonMs - ms) / gapMs) + 1;
}

const freeIn = query(
  'when a pace is free',
  { ms: float8 },
  (given: { name: string }) => sql`
    SELECT greatest(0, extract(epoch FROM free_at - clock_timestamp()) * 1000)::float8 AS ms FROM sending_paces WHERE name = ${given.name}`,
);

/** Looks in how many milliseconds a destination may have its next mail; takes no place. */
export async function lookAtPace(db: Tx, domain: string): Promise<number> {
  return (await freeIn(db, { name: `domain:${domain}` }))[0]?.ms ?? 0;
}

const movePaces = command(
  'move paces on',
  (given: { names: string[]; inMs: number[] }) => sql`
    UPDATE sending_paces p SET free_at = clock_timestamp() + g.ms * interval '1 millisecond'
    FROM unnest(${given.names}::text[], ${given.inMs}::float8[]) AS g(name, ms)
    WHERE p.name = g.name`,
);

async function moveOn(tx: Tx, granted: ReadonlyMap<string, Granted>): Promise<void> {
  const taken = [...granted].filter(([, { places }]) => places > 0);
  if (taken.length === 0) return;
  await movePaces(tx, {
    names: taken.map(([domain]) => `domain:${domain}`),
    inMs: taken.map(([, { nextInMs }]) => nextInMs),
  });
}

/** First wait of a destination that asks us to slow down; it doubles with each strike, to at most 32 times that. */
const STRIKE_SECONDS = 30;
const MOST_STRIKES = 6;
const STRIKES = `CASE WHEN p.struck_at > clock_timestamp() - interval '1 hour' THEN least(p.strikes + 1, ${MOST_STRIKES}) ELSE 1 END`;
const restAfter = (strikes: string) => raw(`${STRIKE_SECONDS} * interval '1 second' * power(2, ${strikes} - 1)`);

/** Whether the rest of a strike goes on is asked of the strike: the ordinary rate moves `free_at` on as well. */
const strike = command(
  'slow a destination down',
  (given: { name: string }) => sql`
    INSERT INTO sending_paces AS p (name, free_at, strikes, struck_at)
    VALUES (${given.name}, clock_timestamp() + ${restAfter('1')}, 1, clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET
      strikes = ${raw(STRIKES)},
      struck_at = clock_timestamp(),
      free_at = greatest(p.free_at, clock_timestamp() + ${restAfter(STRIKES)})
    WHERE p.struck_at IS NULL OR p.struck_at + ${restAfter('p.strikes')} < clock_timestamp() + interval '2 seconds'`,
);

/**
 * Slows a destination down because it said so (421, 4.7.x). One burst of such answers is one strike; an hour of peace
 * forgets them.
 */
export async function strikeDomain(db: Tx, domain: string): Promise<void> {
  await strike(db, { name: `domain:${domain}` });
}
