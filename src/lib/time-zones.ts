import { Temporal } from 'temporal-polyfill';
import { isTimeZone } from './time.ts';

/**
 * Zones that ICU keeps under the name they had when it first knew them, and what the IANA database calls them today
 * (its files `backward` and `zone.tab`, release 2025b).
 */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['Africa/Asmera', 'Africa/Asmara'],
  ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['America/Catamarca', 'America/Argentina/Catamarca'],
  ['America/Coral_Harbour', 'America/Atikokan'],
  ['America/Cordoba', 'America/Argentina/Cordoba'],
  ['America/Godthab', 'America/Nuuk'],
  ['America/Indianapolis', 'America/Indiana/Indianapolis'],
  ['America/Jujuy', 'America/Argentina/Jujuy'],
  ['America/Louisville', 'America/Kentucky/Louisville'],
  ['America/Mendoza', 'America/Argentina/Mendoza'],
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Asia/Katmandu', 'Asia/Kathmandu'],
  ['Asia/Rangoon', 'Asia/Yangon'],
  ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
  ['Atlantic/Faeroe', 'Atlantic/Faroe'],
  ['Europe/Kiev', 'Europe/Kyiv'],
  ['Pacific/Enderbury', 'Pacific/Kanton'],
  ['Pacific/Ponape', 'Pacific/Pohnpei'],
  ['Pacific/Truk', 'Pacific/Chuuk'],
]);

/** A zone on offer. */
export interface ListedZone {
  /** Its name today. */
  name: string;
  /** The older name under which ICU, and with it many a browser, knows it; '' where that is the same. */
  also: string;
}

let listed: readonly ListedZone[] | undefined;
/** Names asked for before, small; as many as there are zones and other names of theirs. */
const known = new Map<string, string>();

/**
 * Lists the IANA time zones this system knows, UTC first, then by the name that each has today. What Intl lists is not
 * tried one by one, which takes a quarter of a second: a test does.
 */
export function listedZones(): readonly ListedZone[] {
  listed ??= [
    { name: 'UTC', also: '' },
    ...Intl.supportedValuesOf('timeZone')
      .filter((name) => name !== 'UTC')
      .map((name) => ({ name: nameToday(name), also: nameToday(name) === name ? '' : name }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  ];
  return listed;
}

/**
 * Returns the name that a time zone has today, whatever name of its was given («Asia/Calcutta», «US/Pacific»,
 * «europe/kiev»); null where slots cannot be reckoned in it (`isTimeZone`). Two names are one zone where the library
 * that reckons says so.
 */
export function todaysZone(given: string): string | null {
  const name = given.trim();
  const before = known.get(name.toLowerCase());
  if (before !== undefined) return before;
  if (!isTimeZone(name)) return null;
  const today = listedAs(name) ?? listedAs(nameInIcu(name)) ?? sameZoneAs(name);
  known.set(name.toLowerCase(), today);
  return today;
}

function listedAs(name: string): string | undefined {
  const small = name.toLowerCase();
  return listedZones().find((one) => one.name.toLowerCase() === small || one.also.toLowerCase() === small)?.name;
}

/** Returns the name under which Intl keeps a zone; by it most are found without reckoning in every zone there is. */
function nameInIcu(name: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
}

function sameZoneAs(name: string): string {
  const zone = start(name);
  return listedZones().find((one) => start(one.name).equals(zone))?.name ?? zone.timeZoneId;
}

function nameToday(name: string): string {
  const today = RENAMED.get(name);
  return today !== undefined && isTimeZone(today) ? today : name;
}

function start(name: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
}
