import { asDate, dateOnly } from '../../lib/time.ts';
import type { Tx } from '../client.ts';
import { int4 } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** What is left of a day while warming up. */
export interface DayPlaces {
  /** The n-th day on which newsletters are sent, and how many mails it may have. */
  day: number;
  most: number;
  /** Newsletters of `wanted` that may go. */
  places: number;
  /** As many more may go today if all that others have in hand comes back untried. */
  perhaps: number;
}

const lockDay = command(
  'lock a sending day',
  (given: { today: Date }) =>
    sql`INSERT INTO sending_days (day) VALUES (${given.today}::date) ON CONFLICT (day) DO UPDATE SET day = excluded.day`,
);

const triedOn = query(
  'mails tried and held on a day',
  { tried: int4, held: int4 },
  (given: { today: Date }) => sql`
    SELECT (SELECT count(*)::int FROM attempts WHERE at >= ${given.today} AND at < ${given.today}::timestamptz + interval '1 day' AND outcome <> 'failed') AS tried,
      (SELECT count(*)::int FROM deliveries WHERE state = 'sending') AS held`,
);

/** The day of a warm-up as it stands: the n-th, with so many mails, of which so many are tried or in hand. */
interface DayStanding {
  day: number;
  most: number;
  tried: number;
  held: number;
}

/** Looks at a day (UTC) of the warm-up, the first mails of which make it one; null once the steps are behind us. */
export async function lookAtDay(db: Tx, steps: readonly number[], now: Date): Promise<DayStanding | null> {
  const today = asDate(dateOnly(now));
  const before = await db.sendingDay.count({ where: { day: { lt: today } } });
  const most = steps[before];
  if (most === undefined) return null;
  const [{ tried, held } = { tried: 0, held: 0 }] = await triedOn(db, { today });
  return { day: before + 1, most, tried, held };
}

/**
 * Asks how many of the `wanted` newsletters just claimed a day (UTC) may still have; null once the steps are behind us.
 * Every try of any kind counts, and whatever any worker has in hand counts as tried: nothing is reserved, so nothing is
 * lost with a worker that dies. The day's row is locked until the transaction ends, in which what may not go is to be
 * set aside.
 */
export async function askDay(tx: Tx, steps: readonly number[], now: Date, wanted: number): Promise<DayPlaces | null> {
  await lockDay(tx, { today: asDate(dateOnly(now)) });
  const standing = await lookAtDay(tx, steps, now);
  if (!standing) return null;
  const { day, most, tried, held } = standing;
  const places = Math.max(0, Math.min(wanted, most - tried - (held - wanted)));
  return { day, most, places, perhaps: Math.max(0, most - tried - places) };
}
