import { addDays, isDate, slotInstant } from '../lib/time.ts';
import { MAX_PAUSE_DAYS } from '../subscribers/pause.ts';

/** Returns when a day begins for the operator, or one so many days later; in the zone of this machine. */
export function dayStart(day: string, later = 0): Date {
  const on = addDays(day, later);
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return slotInstant(on, 0, timeZone) ?? new Date(`${on}T00:00:00Z`);
}

/** Returns when a pause ends that lasts until a day; null where that is no day to come, or one too far ahead. */
export function pauseEnd(day: string, now: Date): Date | null {
  const at = isDate(day) ? dayStart(day) : null;
  const ahead = at ? (at.getTime() - now.getTime()) / 86_400_000 : 0;
  return ahead > 0 && ahead <= MAX_PAUSE_DAYS ? at : null;
}
