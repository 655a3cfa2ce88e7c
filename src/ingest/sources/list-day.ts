import { AppError } from '../../lib/errors.ts';
import { addDays } from '../../lib/time.ts';

/** A date as a page prints it: the year only where it is not the page's own. */
export interface PrintedDate {
  month: number;
  day: number;
  year: number | null;
}

/** What is known besides the page itself when its day is asked for. */
export interface DayHints {
  /** Name of the capture, for messages and for a full date in it. */
  name: string;
  /** The list day as the operator gave it, YYYY-MM-DD. */
  on?: string | undefined;
  fetchedAt: Date;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const PRINTED =
  /^(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? (\d{1,2})(?:, ?(\d{4}))?$/i;

/**
 * Returns the latest day that a list can bear at an instant, YYYY-MM-DD: tomorrow's, since somewhere it is tomorrow
 * already.
 */
export function latestListDay(now: Date): string {
  return addDays(now.toISOString().slice(0, 10), 1);
}

/**
 * Returns the day of what a stream's address answers: the one given, else the one it was asked on, since items are
 * dated when they were written; null for a file, which says its day itself.
 */
export function askedDay({ name, on, fetchedAt }: DayHints): string | null {
  if (on !== undefined) return on;
  return /^https?:\/\//i.test(name) ? fetchedAt.toISOString().slice(0, 10) : null;
}

/** Reads `Dec 31` or `Dec 31, 2025`; null for anything else. */
export function readPrintedDate(text: string): PrintedDate | null {
  const found = PRINTED.exec(text);
  if (!found) return null;
  const month = MONTHS.indexOf((found[1] ?? '').slice(0, 3).toLowerCase()) + 1;
  return { month, day: Number(found[2]), year: found[3] ? Number(found[3]) : null };
}

/** Returns YYYY-MM-DD, or null where the calendar has no such date. */
export function toDate(year: number, month: number, day: number): string | null {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return isDate(text) ? text : null;
}

/** Tells whether a text is a date of the calendar, YYYY-MM-DD, of this era. */
export function isDate(text: string): boolean {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * Finds a full date in a file name or URL, `2025-12-31` or `20251231`, not part of a longer number or word; null where
 * there is none.
 */
export function fullDateIn(name: string): string | null {
  const pattern = /(?<![\dA-Za-z])(20\d{2})([-_.]?)(\d{2})\2(\d{2})(?![\dA-Za-z])/g;
  for (const found of name.matchAll(pattern)) {
    const date = toDate(Number(found[1]), Number(found[3]), Number(found[4]));
    if (date) return date;
  }
  return null;
}

/**
 * Finds the list day of a page that prints none of its years: the day given, else the printed day in the nearest past
 * of the date in the file name, else of the fetch time; checked against the years that its entries print, which all lie
 * before the digest's own. Throws AppError bad-input where no day fits.
 */
export function listDay(
  header: PrintedDate | null,
  entries: PrintedDate[],
  hints: DayHints,
): { digestOn: string; problems: string[] } {
  const named = fullDateIn(hints.name);
  if (hints.on) return { digestOn: hints.on, problems: mismatch(header, hints.on) };
  if (!header) {
    if (named) return { digestOn: named, problems: ['the page does not show its day; taken from the file name'] };
    throw new AppError(
      'bad-input',
      `${hints.name}: no list day; expected a line such as «Dec 31» above the first paper, a date in the file name, or --on YYYY-MM-DD`,
      { said: { name: 'capture.noDay', values: { file: hints.name } } },
    );
  }
  if (header.year) {
    const printed = toDate(header.year, header.month, header.day);
    if (printed) return { digestOn: printed, problems: [] };
  }
  const digestOn = nearestPast(header, named ? addDays(named, 1) : latestListDay(hints.fetchedAt));
  if (!digestOn)
    throw new AppError(
      'bad-input',
      `${hints.name}: «${header.month}/${header.day}» is no day of the calendar; expected a list day, or --on YYYY-MM-DD`,
      { said: { name: 'capture.badDay', values: { file: hints.name, month: header.month, day: header.day } } },
    );
  return { digestOn, problems: checkYears(digestOn, entries, { ...hints, sure: digestOn === named }) };
}

/**
 * Refuses a file in which a page of another day follows, as when one capture is appended to another; `others` holds the
 * day above each that follows, null where none is printed. Throws AppError bad-input.
 */
export function refuseTwoLists(first: PrintedDate, others: (PrintedDate | null)[], { name }: DayHints): void {
  const other = others.find(
    (date) =>
      date !== null &&
      (date.month !== first.month || date.day !== first.day || (date.year ?? first.year) !== (first.year ?? date.year)),
  );
  if (!other) return;
  const [one, two] = [first, other].map(({ month, day }) => `${month}/${day}`);
  throw new AppError('bad-input', `${name}: two lists in one file, of ${one} and ${two}; expected one list a file`, {
    said: { name: 'capture.twoLists', values: { file: name } },
  });
}

/** Returns a date as a page prints it, of YYYY-MM-DD. */
export function printedDate(on: string): PrintedDate {
  const [year = 0, month = 0, day = 0] = on.split('-').map(Number);
  return { year, month, day };
}

/**
 * Returns the date of an entry on a digest: its printed year, else the digest's, else, where that lies after the
 * digest, the year before.
 */
export function entryDay(
  printed: PrintedDate,
  digestOn: string,
): { publishedOn: string | null; problem: string | null } {
  const year = printed.year ?? Number(digestOn.slice(0, 4));
  const date = toDate(year, printed.month, printed.day);
  if (!date) return { publishedOn: null, problem: `no such date: ${year}-${printed.month}-${printed.day}` };
  if (date <= digestOn) return { publishedOn: date, problem: null };
  if (printed.year) return { publishedOn: date, problem: 'printed date lies after the list day' };
  const before = toDate(year - 1, printed.month, printed.day);
  return {
    publishedOn: before,
    problem: 'no year printed and later than the list day in its year: taken as the year before',
  };
}

function nearestPast(printed: PrintedDate, reference: string): string | null {
  const year = Number(reference.slice(0, 4));
  for (let back = 0; back <= 8; back++) {
    const date = toDate(year - back, printed.month, printed.day); // 29 February needs up to eight years
    if (date && date <= reference) return date;
  }
  return null;
}

function checkYears(digestOn: string, entries: PrintedDate[], hints: { name: string; sure: boolean }): string[] {
  const years = entries.flatMap((entry) => entry.year ?? []);
  if (years.length === 0) return [];
  const year = Number(digestOn.slice(0, 4));
  const newest = years.reduce((latest, one) => Math.max(latest, one));
  if (newest + 1 === year || (hints.sure && newest < year)) return [];
  if (newest < year)
    return [`the printed years end in ${newest}: the list may be of ${newest + 1}; taken as ${year}, give --on if not`];
  const later = entries.some(
    (entry) => entry.year !== null && (toDate(entry.year, entry.month, entry.day) ?? '') > digestOn,
  );
  if (hints.sure || (!later && newest === year))
    return [`a paper bears the list's own year ${newest}, which the page leaves out otherwise`];
  throw new AppError(
    'bad-input',
    `${hints.name}: cannot tell the year of the list: ${digestOn} is its nearest past, but a paper bears ${newest}; expected all printed years before the list's own, or --on YYYY-MM-DD`,
    { said: { name: 'capture.unsureYear', values: { file: hints.name, day: digestOn, newest } } },
  );
}

function mismatch(header: PrintedDate | null, on: string): string[] {
  if (!header) return [];
  const same = Number(on.slice(5, 7)) === header.month && Number(on.slice(8)) === header.day;
  return same ? [] : [`the page shows month ${header.month}, day ${header.day}; ${on} was given`];
}
