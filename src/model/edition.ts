import { addDays, isDate } from '../lib/time.ts';
import type { Cadence } from './subscriber.ts';

/** The kinds of edition. A weekdays reader gets the daily edition. */
export type EditionKind = 'daily' | 'weekly' | 'welcome';

/** What an operator did to an edition: paused ones wait, cancelled ones are over. */
export type EditionState = 'open' | 'paused' | 'cancelled';

/**
 * Returns the key of the edition a slot on this local date belongs to: `daily:2025-12-31`, `weekly:2026-W01` (ISO 8601
 * week).
 */
export function editionKey(cadence: Cadence, slotOn: string): string {
  return cadence === 'weekly' ? `weekly:${isoWeek(slotOn)}` : `daily:${slotOn}`;
}

/** Returns the key of a subscriber's N-th welcome: `welcome:1`. */
export function welcomeKey(confirmation: number): string {
  return `welcome:${confirmation}`;
}

/** Tells whether a key is that of a welcome: it has no day, never ends, and holds all welcomes that ever were. */
export function isWelcome(key: string): boolean {
  return key.startsWith('welcome:');
}

/** Tells which kind of edition a key names; throws on what is no edition. */
export function editionKind(key: string): EditionKind {
  if (!isEdition(key)) {
    const expected = 'daily:YYYY-MM-DD or weekly:YYYY-Www as a calendar has them, or welcome:N';
    throw new Error(`«${key}» is not an edition: expected ${expected}`);
  }
  return key.slice(0, key.indexOf(':')) as EditionKind;
}

/** Tells whether a text is the key of an edition, of a day or a week that a calendar has. */
export function isEdition(key: string): boolean {
  const name = key.slice(key.indexOf(':') + 1);
  if (key === `daily:${name}`) return isDate(name);
  if (key === `weekly:${name}`) return /^\d{4}-W\d{2}$/.test(name) && isoWeek(mondayOfWeek(name)) === name;
  return /^welcome:\d+$/.test(key);
}

/** Returns the ISO 8601 week of a date, `2026-W01`: the week's Thursday decides the year. */
export function isoWeek(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000));
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** Returns the Monday of an ISO 8601 week, `2026-W01` ▸ `2025-12-29`: 4 January always lies in the first week. */
export function mondayOfWeek(week: string): string {
  const [year = 0, number = 0] = week.split('-W').map(Number);
  const fourth = new Date(Date.UTC(year, 0, 4));
  const daysOn = (number - 1) * 7 + 1 - (fourth.getUTCDay() || 7);
  return new Date(fourth.getTime() + daysOn * 86_400_000).toISOString().slice(0, 10);
}

/** Returns the first and the last local date that slots of an edition may have; of a welcome there are none. */
export function editionDays(key: string): { from: string; to: string } {
  const kind = editionKind(key);
  if (kind === 'welcome') throw new Error(`«${key}» is no edition of a day or a week`);
  const name = key.slice(kind.length + 1);
  if (kind === 'daily') return { from: name, to: name };
  const monday = mondayOfWeek(name);
  return { from: monday, to: addDays(monday, 6) };
}

/** Tells whether a key names an edition of a day or a week that is not over, whether anything of it is there or not. */
export function isOpenToEditors(key: string, now: Date): boolean {
  const endsAt = isEdition(key) ? editionEndsAt(key) : null;
  return endsAt !== null && endsAt > now;
}

/**
 * Returns from when on no slot of an edition is to come, nor one late, anywhere on earth: its local date ends 12 hours
 * after the date does in UTC, and half a day is for those that were late. Null for a welcome, which never ends.
 */
export function editionEndsAt(key: string): Date | null {
  const kind = editionKind(key);
  if (kind === 'welcome') return null;
  const { to } = editionDays(key);
  return new Date(Date.parse(`${to}T00:00:00Z`) + 2 * 86_400_000);
}
