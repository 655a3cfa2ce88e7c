import { addDays, daysBetween, weekdayOf } from '../lib/time.ts';
import type { SourceRecord, SourceState, SourceTrouble } from '../model/source.ts';

/** A source that fails for less than this, in milliseconds, may well mend itself. */
const FAILING_MS = 6 * 3_600_000;
/** So many weekdays without anything new are nothing, for a source of which no more is known. */
const QUIET_WEEKDAYS = 3;
/** A wait is unusual from this many times the second longest one known: the longest may have been an outage. */
const UNUSUAL = 1.5;

/** How a source stands, for people, pages and machines. */
export interface Standing {
  state: SourceState;
  /** Weekdays that are over, on which it answered and had nothing new. */
  quietWeekdays: number;
  /** More of them than this and it is silent. */
  habit: number;
}

/** What tells how a source stands. */
export interface SourceEvidence {
  /** Null where it was never asked. */
  record: SourceRecord | null;
  /** The newest days on which it had news, YYYY-MM-DD, oldest first. */
  newsDays: readonly string[];
  /** Days (UTC) on which it answered, YYYY-MM-DD. */
  answeredDays: readonly string[];
}

/** Tells how a source stands at an instant. Failing counts before silent: what does not answer cannot show anything. */
export function standingOf({ record, newsDays, answeredDays }: SourceEvidence, now: Date): Standing {
  const habit = quietHabit(newsDays);
  const last = record?.lastNewAt?.toISOString().slice(0, 10) ?? '';
  const today = now.toISOString().slice(0, 10);
  const quiet = answeredDays.filter((day) => day > last && day < today && isWeekday(day)).length;
  const trouble = !record ? null : isFailing(record, now) ? 'failing' : quiet > habit ? 'silent' : null;
  const hasAnswered = (record?.lastSuccessAt ?? record?.lastNewAt ?? null) !== null;
  return { state: trouble ?? (hasAnswered ? 'well' : 'new'), quietWeekdays: quiet, habit };
}

function isFailing({ failingSince }: SourceRecord, now: Date): boolean {
  return failingSince !== null && now.getTime() - failingSince.getTime() >= FAILING_MS;
}

/**
 * Returns how many weekdays without news are usual for a source: three, or half as much again as its second longest
 * wait of late.
 */
export function quietHabit(newsDays: readonly string[]): number {
  const waits = newsDays.slice(1).map((day, index) => weekdaysBetween(newsDays[index] ?? day, day));
  const usual = waits.sort((a, b) => b - a)[1] ?? 0;
  return Math.max(QUIET_WEEKDAYS, Math.ceil(usual * UNUSUAL));
}

/** Counts the weekdays that lie between two dates, neither of them included. */
export function weekdaysBetween(from: string, to: string): number {
  const days = Math.max(0, daysBetween(from, to) - 1);
  const rest = Array.from({ length: days % 7 }, (_, index) => addDays(from, index + 1)).filter(isWeekday).length;
  return Math.floor(days / 7) * 5 + rest;
}

/** Tells whether a date is one of Monday to Friday. */
export function isWeekday(day: string): boolean {
  return weekdayOf(day) <= 5;
}

/** What an operator is to hear of a source. */
export type News = SourceTrouble | 'well';

/** Tells what is news of a source: its trouble once, and once that it is well again, when it answers without fail. */
export function newsOf(record: Pick<SourceRecord, 'told' | 'failingSince'>, { state }: Standing): News | null {
  const trouble = state === 'failing' || state === 'silent' ? state : null;
  if (trouble) return record.told ? null : trouble;
  return record.told && record.failingSince === null ? 'well' : null;
}
