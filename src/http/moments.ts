import { knownZone, localDate } from '../lib/time.ts';

/** An instant as a page shows it: how long ago or until, and exactly where that is asked for (partial `when`). */
export interface WhenView {
  iso: string;
  near: string;
  exact: string;
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** Further away than this an instant is named by its date. */
const NEAR_DAYS = 7;

/**
 * Writes an instant for the operator, so that no country reads another day: «Sat, 28 Nov 2026, 19:05 CET». In the zone
 * of this machine, which TZ names.
 */
export function momentText(language: string, at: Date, timeZone = machineZone()): string {
  return new Intl.DateTimeFormat(localeOf(language), {
    timeZone: knownZone(timeZone),
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}

/** Prepares an instant for the operator: «12 minutes ago», «yesterday», «28 Nov», with the exact moment behind it. */
export function whenView(at: Date, now: Date, language: string, timeZone = machineZone()): WhenView {
  return {
    iso: at.toISOString(),
    near: nearText(at, now, language, timeZone),
    exact: momentText(language, at, timeZone),
  };
}

function nearText(at: Date, now: Date, language: string, timeZone: string): string {
  const away = at.getTime() - now.getTime();
  const relative = new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'auto' });
  if (Math.abs(away) < MINUTE) return relative.format(0, 'second');
  if (Math.abs(away) < HOUR) return relative.format(Math.trunc(away / MINUTE), 'minute');
  const zone = knownZone(timeZone);
  const [day, today] = [localDate(at, zone), localDate(now, zone)];
  if (day === today || Math.abs(away) < 6 * HOUR) return relative.format(Math.trunc(away / HOUR), 'hour');
  const days = (Date.parse(day) - Date.parse(today)) / DAY;
  if (Math.abs(days) < NEAR_DAYS) return relative.format(days, 'day');
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  return new Intl.DateTimeFormat(localeOf(language), {
    ...{ timeZone: zone, day: 'numeric', month: 'short' },
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/** Day before month reads the same to everyone; plain «en» would put the month first. */
function localeOf(language: string): string {
  return language === 'en' ? 'en-GB' : language;
}

function machineZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
