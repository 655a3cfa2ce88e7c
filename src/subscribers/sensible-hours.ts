import { addDays, knownZone, localDate, localHour, slotInstant } from '../lib/time.ts';

/** Nobody is reminded of anything before this hour of their own day, nor from the second on. */
const FROM_HOUR = 9;
const UNTIL_HOUR = 20;

/** Returns the first instant from now on at which a mail that nobody waits for may come, by the reader's own clock. */
export function sensibleInstant(now: Date, timeZone: string): Date {
  const zone = knownZone(timeZone);
  const hour = localHour(now, zone);
  if (hour >= FROM_HOUR && hour < UNTIL_HOUR) return now;
  const today = localDate(now, zone);
  return slotInstant(hour < FROM_HOUR ? today : addDays(today, 1), FROM_HOUR, zone) ?? now;
}
