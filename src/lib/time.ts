import { Temporal } from 'temporal-polyfill';

const DAY_MS = 86_400_000;
/** The first Monday since 1970, in days. */
const MONDAY = 4;

/** Adds days to a local date, YYYY-MM-DD. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Returns the ISO 8601 weekday of a local date, 1 = Monday. */
export function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** Returns the milliseconds of Mondays to Fridays (UTC) between a Monday long ago and an instant. */
export function weekdayMs(instant: Date): number {
  const since = instant.getTime() / DAY_MS - MONDAY;
  const weeks = Math.floor(since / 7);
  return (weeks * 5 + Math.min(since - weeks * 7, 5)) * DAY_MS;
}

/** Returns the whole days from one local date to another. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
}

/** Returns the local date of an instant in a zone. */
export function localDate(instant: Date, timeZone: string): string {
  return zoned(instant, timeZone).toPlainDate().toString();
}

/** Returns the local hour of an instant in a zone, 0 to 23. */
export function localHour(instant: Date, timeZone: string): number {
  return zoned(instant, timeZone).hour;
}

/**
 * Returns the first instant at or after HH:00 of a local date: where a clock change skips it, the next valid one; where
 * it repeats it, the first. Null where the zone skipped the whole date (Samoa had no 30 December 2011).
 */
export function slotInstant(date: string, hour: number, timeZone: string): Date | null {
  const wall = Temporal.PlainDate.from(date).toPlainDateTime({ hour });
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(wall)) return new Date(earlier.epochMilliseconds);
  // In a gap, «earlier» lies before the clock change: the change itself is the first valid instant after it.
  const change = earlier.getTimeZoneTransition('next');
  return change?.toPlainDate().toString() === date ? new Date(change.epochMilliseconds) : null;
}

/**
 * Tells whether a name is an IANA time zone this system knows, by reckoning in it: Intl alone also takes «PST» or
 * «IST», in which no slot can be reckoned (https://tc39.es/proposal-temporal/#sec-time-zone-identifiers).
 */
export function isTimeZone(name: string): boolean {
  if (KNOWN_ZONES.has(name)) return true;
  try {
    localDate(new Date(0), name);
  } catch {
    return false;
  }
  const isKnown = /^[A-Za-z]/.test(name);
  if (isKnown && KNOWN_ZONES.size < MOST_ZONES) KNOWN_ZONES.add(name);
  return isKnown;
}

/** Names found to be known, which are asked about for each of many readers; there are some 600, in any letter case. */
const KNOWN_ZONES = new Set<string>();
const MOST_ZONES = 2_000;

/**
 * Returns a zone this system knows: the one given, else UTC, for showing a time to a reader whose own is unknown here.
 */
export function knownZone(name: string): string {
  return isTimeZone(name) ? name : 'UTC';
}

/** Tells whether a text is a date that a calendar and the database know: YYYY-MM-DD, from the year 1 on. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001-01-01') return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && dateOnly(day) === text;
}

/** Turns a database `date` (midnight UTC) into YYYY-MM-DD. */
export function dateOnly(value: Date): string {
  return value.toISOString().slice(0, 10);
}

/** Turns YYYY-MM-DD into what a database `date` takes. */
export function asDate(date: string): Date {
  return new Date(`${date}T00:00:00.000Z`);
}

function zoned(instant: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
}

/** Reads an instant as JSON holds it. */
export function instantOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** Clocks of machines that work together differ by no more than this, in milliseconds. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/**
 * Returns the latest instant that something can have happened by now: what is said to have happened later was noted
 * while a clock was ahead, and tells nothing of what happened last.
 */
export function latestBy(now: Date): Date {
  return new Date(now.getTime() + CLOCKS_DIFFER_MS);
}
