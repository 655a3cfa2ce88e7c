import type { Tx } from '../client.ts';
import { filled, float8, int4, orNull } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** The pace of one mail server, as it made us learn. */
export interface RelayPace {
  gapMs: number;
  /** How often it said «slower» with nothing getting through in between. */
  strikes: number;
}

/** A slowdown within this long of the last one is the same. */
const SAME_SLOWDOWN = '1 second';
/** Down at once, by this much; up slowly, each so many seconds of peace. */
const DOWN = 0.7;
const UP = 1.05;
const UP_AFTER = '10 seconds';
/** The slowest pace. */
const MOST_GAP_MS = 60_000;
/** A server that has not complained for so long has no pace. */
const FORGOTTEN_AFTER = '1 hour';
/** Places taken at a time, in milliseconds of the pace. */
const TAKE_MS = 250;

const nameOf = (relay: string) => `relay:${relay}`;

const slowDown = query(
  'slow a relay down',
  { gapMs: filled(float8), strikes: int4 },
  (given: { name: string; first: number }) => sql`
    INSERT INTO sending_paces AS p (name, free_at, strikes, struck_at, gap_ms)
    VALUES (${given.name}, clock_timestamp() + ${given.first} * interval '1 millisecond', 1, clock_timestamp(), ${given.first})
    ON CONFLICT (name) DO UPDATE SET struck_at = clock_timestamp(),
      strikes = CASE WHEN p.struck_at > clock_timestamp() - ${FORGOTTEN_AFTER}::interval THEN p.strikes + 1 ELSE 1 END,
      gap_ms = CASE WHEN p.struck_at > clock_timestamp() - ${FORGOTTEN_AFTER}::interval
        THEN least(${MOST_GAP_MS}::float8, greatest(p.gap_ms / ${DOWN}::float8, excluded.gap_ms)) ELSE excluded.gap_ms END,
      free_at = greatest(p.free_at, clock_timestamp() + least(${MOST_GAP_MS}::float8, p.gap_ms / ${DOWN}::float8) * interval '1 millisecond')
    WHERE p.struck_at IS NULL OR p.struck_at < clock_timestamp() - ${SAME_SLOWDOWN}::interval
    RETURNING gap_ms AS "gapMs", strikes`,
);

/**
 * Slows a mail server down because it said so: first to `gapMs` between two mails (as much as it took), then by a third
 * each time, at most once a second over all processes. Returns its pace; null where that was done within the last
 * second.
 */
export async function slowRelay(db: Tx, relay: string, gapMs: number): Promise<RelayPace | null> {
  const first = Math.min(gapMs, MOST_GAP_MS);
  const rows = await slowDown(db, { name: nameOf(relay), first });
  return rows[0] ?? null;
}

/** Notes that something got through: what it said before was heeded. */
export async function relayTookMail(db: Tx, relay: string): Promise<void> {
  await db.sendingPace.updateMany({ where: { name: nameOf(relay), strikes: { gt: 0 } }, data: { strikes: 0 } });
}

const findPace = query(
  'pace of a relay',
  { gapMs: orNull(float8) },
  (given: { name: string }) => sql`
    SELECT gap_ms AS "gapMs" FROM sending_paces
    WHERE name = ${given.name} AND struck_at > clock_timestamp() - ${FORGOTTEN_AFTER}::interval`,
);

/** Returns the gap of a mail server's pace, in milliseconds; null where it has none. */
export async function findRelayPace(db: Tx, relay: string): Promise<number | null> {
  const rows = await findPace(db, { name: nameOf(relay) });
  return rows[0]?.gapMs ?? null;
}

/** Forgets a mail server's pace: speed was not what it meant. */
export async function forgetRelayPace(db: Tx, relay: string): Promise<void> {
  await db.sendingPace.deleteMany({ where: { name: nameOf(relay) } });
}

/** Places in a server's pace. */
export interface RelayPlaces {
  /** Milliseconds from now to the first one. */
  inMs: number;
  gapMs: number;
  places: number;
}

const takePlaces = query(
  'take places at a relay',
  { inMs: float8, gapMs: float8, places: int4 },
  (given: { name: string }) => sql`
    WITH pace AS (
      SELECT name, greatest(struck_at, raised_at) < clock_timestamp() - ${UP_AFTER}::interval AS up,
        gap_ms / CASE WHEN greatest(struck_at, raised_at) < clock_timestamp() - ${UP_AFTER}::interval THEN ${UP}::float8 ELSE 1 END AS gap,
        greatest(free_at, clock_timestamp()) AS free
      FROM sending_paces WHERE name = ${given.name} AND struck_at > clock_timestamp() - ${FORGOTTEN_AFTER}::interval FOR UPDATE
    ), taken AS (SELECT *, greatest(1, floor(${TAKE_MS}::float8 / gap))::int AS places FROM pace)
    UPDATE sending_paces p SET gap_ms = t.gap, raised_at = CASE WHEN t.up THEN clock_timestamp() ELSE p.raised_at END,
      free_at = t.free + t.places * t.gap * interval '1 millisecond'
    FROM taken t WHERE p.name = t.name
    RETURNING greatest(0, extract(epoch FROM t.free - clock_timestamp()) * 1000)::float8 AS "inMs", t.gap AS "gapMs", t.places`,
);

/**
 * Takes the next places in a server's pace, which rises a little after each ten seconds of peace; null where it has
 * none any more.
 */
export async function takeRelayPlaces(db: Tx, relay: string): Promise<RelayPlaces | null> {
  const rows = await takePlaces(db, { name: nameOf(relay) });
  return rows[0] ?? null;
}
