import { addDays, slotInstant } from '../lib/time.ts';

/** Returns when a day begins for the operator, or one so many days later; in the zone of this machine. */
export function dayStart(day: string, later = 0): Date {
  const on = addDays(day, later);
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return slotInstant(on, 0, timeZone) ?? new Date(`${on}T00:00:00Z`);
}
