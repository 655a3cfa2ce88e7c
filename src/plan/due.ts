import { addDays, isTimeZone, localDate, slotInstant, weekdayOf } from '../lib/time.ts';
import { editionDays } from '../model/edition.ts';
import type { Cadence, Schedule } from '../model/subscriber.ts';

/** One moment at which a reader is due. */
export interface Slot {
  /** First instant at or after HH:00 of the local date. */
  at: Date;
  /** Local date it bears, YYYY-MM-DD. */
  on: string;
}

/** What is to be done for a reader whose slot has come. */
export interface DueDecision {
  /** The slot to plan now; null where every slot that came is too late and merges into the next. */
  slot: Slot | null;
  /** Local date of the last slot that came, planned or passed over. */
  lastSlotOn: string;
  next: Slot;
}

/** A weekly newsletter is still worth sending three days late. */
export const WEEKLY_LATE_HOURS = 72;

/** Longest search: a week and the days a zone may skip. */
const SEARCH_DAYS = 16;
const HOUR_MS = 3_600_000;

/**
 * Finds the first slot of a schedule at or after an instant whose local date lies after `lastSlotOn`: one slot per
 * local date, whatever changes.
 */
export function nextSlot(schedule: Schedule, from: Date, lastSlotOn: string | null): Slot {
  let on = localDate(from, schedule.timeZone);
  if (lastSlotOn !== null && on <= lastSlotOn) on = addDays(lastSlotOn, 1);
  for (let step = 0; step < SEARCH_DAYS; step++, on = addDays(on, 1)) {
    const at = slotOn(schedule, on);
    if (at && at >= from) return { at, on };
  }
  throw new Error(`No slot within ${SEARCH_DAYS} days of ${from.toISOString()} in ${schedule.timeZone}`);
}

/**
 * Returns when a schedule is due next: its next slot, or at once where this system does not know its time zone.
 * Planning then sets the reader aside, with the reason and an alarm, and takes them up again once the zone is known or
 * changed; nothing that the reader does fails for it.
 */
export function nextDue(schedule: Schedule, from: Date, lastSlotOn: string | null): Date {
  return isTimeZone(schedule.timeZone) ? nextSlot(schedule, from, lastSlotOn).at : from;
}

/**
 * Makes a `nextDue` for readers who had nothing yet, from one instant, that remembers: those who come together share
 * few schedules. To reckon in zones for each anew leaves garbage that only a whole collection takes away.
 */
export function createFirstDue(from: Date): (schedule: Schedule) => Date {
  const known = new Map<string, Date>();
  return (schedule) => {
    const { cadence, weekday, hour, timeZone } = schedule;
    const key = `${cadence} ${weekday} ${hour} ${timeZone}`;
    const due = known.get(key) ?? nextDue(schedule, from, null);
    known.set(key, due);
    return due;
  };
}

/**
 * Decides what to do for a reader due since `dueAt`: the latest slot that has come is planned unless it is later than
 * the late limit; earlier ones merge into it, so that downtime never ends in a burst. Hours: `lateHours` for daily and
 * weekdays, 72 for weekly.
 */
export function decideDue(
  schedule: Schedule,
  dueAt: Date,
  lastSlotOn: string | null,
  now: Date,
  lateHours: number,
): DueDecision {
  const latest = latestSlot(schedule, dueAt, lastSlotOn, now);
  const inTime = now.getTime() - latest.at.getTime() <= lateLimitHours(schedule.cadence, lateHours) * HOUR_MS;
  return {
    slot: inTime ? latest : null,
    lastSlotOn: latest.on,
    next: nextSlot(schedule, new Date(now.getTime() + 1), latest.on),
  };
}

/** Returns how many hours after its slot a newsletter may still go out. */
export function lateLimitHours(cadence: Cadence, lateHours: number): number {
  return cadence === 'weekly' ? WEEKLY_LATE_HOURS : lateHours;
}

/**
 * Returns the local date after which a changed schedule may have its next slot. A reader has one newsletter per ISO
 * week at most where it names the edition: `weekHad` is the key of the last such edition they were given.
 */
export function lastSlotAfterChange(after: Cadence, lastSlotOn: string | null, weekHad: string | null): string | null {
  if (after !== 'weekly' || weekHad === null) return lastSlotOn;
  const sunday = editionDays(weekHad).to;
  return lastSlotOn !== null && lastSlotOn > sunday ? lastSlotOn : sunday;
}

/**
 * Returns from when on a changed schedule is to have its next slot: what came and is not planned yet is still owed, so
 * that the new schedule's slot of that day counts, whether its hour is over or to come.
 */
export function owedFrom({ timeZone }: Schedule, dueAt: Date | null, now: Date): Date {
  if (dueAt === null || dueAt > now) return now;
  if (!isTimeZone(timeZone)) return dueAt;
  return slotInstant(localDate(dueAt, timeZone), 0, timeZone) ?? dueAt;
}

/**
 * Returns when somebody who comes back is due: when they were before, where their schedule still has that slot and
 * nothing came of it since; else at their next one.
 */
export function dueAgain(
  schedule: Schedule & { pausedUntil: Date | null; lastSlotOn: string | null },
  wasDueAt: Date | null,
  now: Date,
): Date {
  const { timeZone, pausedUntil, lastSlotOn } = schedule;
  if (wasDueAt && isTimeZone(timeZone)) {
    const on = localDate(wasDueAt, timeZone);
    const isOpen = lastSlotOn === null || on > lastSlotOn;
    if (isOpen && slotOn(schedule, on)?.getTime() === wasDueAt.getTime()) return wasDueAt;
  }
  return nextDue(schedule, pausedUntil && pausedUntil > now ? pausedUntil : now, lastSlotOn);
}

/** Makes a `decideDue` that remembers: a million readers share a few thousand distinct schedules and due times. */
export function createDueClock(now: Date, lateHours: number): typeof decide {
  const known = new Map<string, DueDecision>();
  return decide;

  function decide(schedule: Schedule, dueAt: Date, lastSlotOn: string | null): DueDecision {
    const { cadence, weekday, hour, timeZone } = schedule;
    const key = `${cadence} ${weekday} ${hour} ${timeZone} ${dueAt.getTime()} ${lastSlotOn ?? ''}`;
    const found = known.get(key);
    if (found) return found;
    const decision = decideDue(schedule, dueAt, lastSlotOn, now, lateHours);
    if (known.size < 200_000) known.set(key, decision);
    return decision;
  }
}

function latestSlot(schedule: Schedule, dueAt: Date, lastSlotOn: string | null, now: Date): Slot {
  let on = localDate(now, schedule.timeZone);
  for (let step = 0; step < SEARCH_DAYS; step++, on = addDays(on, -1)) {
    if (lastSlotOn !== null && on <= lastSlotOn) break;
    const at = slotOn(schedule, on);
    if (at && at <= now && at >= dueAt) return { at, on };
  }
  return { at: dueAt, on: localDate(dueAt, schedule.timeZone) };
}

/** Returns the slot's instant where the cadence has one on that date and the date exists in the zone. */
export function slotOn(schedule: Schedule, on: string): Date | null {
  const weekday = weekdayOf(on);
  if (schedule.cadence === 'weekdays' && weekday > 5) return null;
  if (schedule.cadence === 'weekly' && weekday !== schedule.weekday) return null;
  return slotInstant(on, schedule.hour, schedule.timeZone);
}
