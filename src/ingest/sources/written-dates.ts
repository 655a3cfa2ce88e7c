import { toDate } from './list-day.ts';

/** How names of months begin in English, German, French, Spanish, Portuguese, Italian and Dutch. */
const MONTHS = [
  'jan jän gen ene',
  'feb fév fev',
  'mar mär mrt maa mars',
  'apr avr abr',
  'may mai mag mei',
  'jun juin giu',
  'jul juil lug',
  'aug aoû aou ago',
  'sep set',
  'oct okt ott out',
  'nov',
  'dec dez déc dic',
].map((starts) => starts.split(' '));
const WEEKDAY = String.raw`(?:\p{L}{2,12}\.?(?:,\s*|\s+))?`;
const MONTH = `(${MONTHS.flat()
  .sort((a, b) => b.length - a.length)
  .join('|')})\\p{L}{0,7}\\.?`;
const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;

/** How a date is written, and which of its groups are year, month and day. */
interface Form {
  pattern: RegExp;
  at: [year: number, month: number, day: number];
}

/** Forms that dates of feeds come in, each with an example. */
const FORMS: readonly Form[] = [
  // 2026-11-20T06:00:00Z (RFC 3339), 2026-11-9 (bioRxiv), 2026/11/20 10:00, 2026.11.20
  { pattern: /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/, at: [1, 3, 4] },
  // 20261120, 20261120T060000Z (ISO 8601, basic)
  { pattern: /^(20\d{2})(\d{2})(\d{2})(?!\d)/, at: [1, 2, 3] },
  // Fri, 20 Nov 2026 06:00:00 GMT (RFC 822 and 5322), fri,20 november 26, 20-Nov-2026, 20th November 2026
  {
    pattern: new RegExp(`^${WEEKDAY}${DAY}[\\s.-]+(?:de\\s+)?${MONTH},?[\\s-]+(?:de\\s+)?(\\d{4}|\\d{2})(?!\\d)`, 'iu'),
    at: [3, 2, 1],
  },
  // November 20, 2026; Nov. 20th 2026
  { pattern: new RegExp(`^${WEEKDAY}${MONTH}\\s+${DAY},?\\s+(\\d{4})(?!\\d)`, 'iu'), at: [3, 1, 2] },
  // Fri Nov 20 10:00:00 2026 (asctime), also with a zone before the year
  {
    pattern: new RegExp(
      `^${WEEKDAY}${MONTH}\\s+${DAY}\\s+[\\d:]{5,8}\\s+(?:[a-z]{2,5}\\s+|[+-]\\d{4}\\s+)?(\\d{4})(?!\\d)`,
      'iu',
    ),
    at: [3, 1, 2],
  },
  // 2026 Nov 20 (PubMed)
  { pattern: new RegExp(`^(\\d{4})[\\s-]+${MONTH}[\\s-]+${DAY}(?!\\d)`, 'iu'), at: [1, 2, 3] },
  // 20.11.2026
  { pattern: /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)/, at: [3, 2, 1] },
  // 2026年11月20日
  { pattern: /^(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日/, at: [1, 2, 3] },
];
/** 11/20/2026 or 20/11/2026, where one of the two can be no month. */
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?!\d)/;
/** Seconds or milliseconds since 1970. */
const EPOCH = /^(\d{10})(?:\d{3})?$/;

/**
 * Reads the day of a date as people and programs write it, in its own zone, YYYY-MM-DD; null where it is none, where
 * the calendar has no such day, and where day and month cannot be told apart (3/4/2026).
 */
export function writtenDay(text: string): string | null {
  const trimmed = text.trim().slice(0, 100);
  for (const { pattern, at } of FORMS) {
    const found = pattern.exec(trimmed);
    if (found) return known(toDate(yearOf(found[at[0]] ?? ''), monthOf(found[at[1]] ?? ''), Number(found[at[2]])));
  }
  const slashed = SLASHED.exec(trimmed);
  if (slashed) return ofSlashed(Number(slashed[1]), Number(slashed[2]), Number(slashed[3]));
  const epoch = EPOCH.exec(trimmed);
  return epoch ? new Date(Number(epoch[1]) * 1000).toISOString().slice(0, 10) : null;
}

/** The day that programs write where they know none. */
function known(day: string | null): string | null {
  return day === '1970-01-01' ? null : day;
}

/** Two digits stand for years from 2000 on (RFC 5322 4.3: 00 to 49), else for the last century's. */
function yearOf(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

function monthOf(text: string): number {
  return /^\d/.test(text) ? Number(text) : MONTHS.findIndex((starts) => starts.includes(text.toLowerCase())) + 1;
}

function ofSlashed(first: number, second: number, year: number): string | null {
  if (first > 12) return toDate(year, second, first);
  return second > 12 || first === second ? toDate(year, first, second) : null;
}
