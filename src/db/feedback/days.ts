import type { DestinationCount } from '../../model/destination-day.ts';
import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';

const add = command(
  'add to days of destinations',
  (given: { days: string[]; destinations: string[]; answers: string[]; abouts: string[]; counts: string[] }) => sql`
    INSERT INTO destination_days (day, destination, answer, about, n)
    SELECT v.day, v.destination, v.answer, v.about, v.n
    FROM unnest(${given.days}::date[], ${given.destinations}::text[], ${given.answers}::text[], ${given.abouts}::text[], ${given.counts}::bigint[])
      AS v(day, destination, answer, about, n)
    ORDER BY v.day, v.destination, v.answer, v.about
    ON CONFLICT (day, destination, answer, about) DO UPDATE SET n = destination_days.n + excluded.n`,
);

/** Adds to what is counted of destinations; always in the same order, so that nobody waits for each other. */
export async function addToDays(db: Tx, counts: readonly DestinationCount[]): Promise<void> {
  if (counts.length === 0) return;
  await add(db, {
    days: counts.map(({ day }) => day),
    destinations: counts.map(({ destination }) => destination),
    answers: counts.map(({ answer }) => answer),
    abouts: counts.map(({ about }) => about),
    counts: counts.map(({ n }) => String(n)),
  });
}
