import { addDays } from '../lib/time.ts';
import { mondayOfWeek } from '../model/edition.ts';
import type { Cadence, Schedule } from '../model/subscriber.ts';
import { decideDue, slotOn, type Slot } from './due.ts';

/** What decides whether a reader missed an edition in which they have no delivery. */
export interface Standing {
  schedule: Schedule;
  confirmedAt: Date;
  /** Their next slot as planning has left it. */
  dueAt: Date;
  lastSlotOn: string | null;
  lastNewsletterAt: Date | null;
  pausedUntil: Date | null;
  /** The address is in doubt: no newsletter before. */
  restUntil: Date | null;
}

/** The cadences that have a slot in an edition; none for a welcome, which is never too late to be planned. */
export function cadencesOf(edition: string): readonly Cadence[] {
  if (edition.startsWith('daily:')) return ['daily', 'weekdays'];
  return edition.startsWith('weekly:') ? ['weekly'] : [];
}

/** Returns the slot that a schedule has in an edition; null where it has none. */
export function slotOfEdition(schedule: Schedule, edition: string): Slot | null {
  if (!cadencesOf(edition).includes(schedule.cadence)) return null;
  const date = edition.slice(edition.indexOf(':') + 1);
  const on = schedule.cadence === 'weekly' ? addDays(mondayOfWeek(date), schedule.weekday - 1) : date;
  const at = slotOn(schedule, on);
  return at && { at, on };
}

/**
 * Returns the slot of an edition that a reader missed: it came while they were confirmed and not paused, planning
 * passed it over or would do so as too late, and no newsletter since has taken its place (what merged into the next one
 * has not been missed).
 */
export function missedSlot(reader: Standing, edition: string, now: Date, lateHours: number): Slot | null {
  const slot = slotOfEdition(reader.schedule, edition);
  if (!slot || slot.at > now || reader.confirmedAt > slot.at) return null;
  if (rests(reader, slot.at)) return null;
  if (reader.lastNewsletterAt && reader.lastNewsletterAt >= slot.at) return null;
  if (reader.dueAt > slot.at) return reader.lastSlotOn !== null && reader.lastSlotOn >= slot.on ? slot : null;
  const soon = decideDue(reader.schedule, reader.dueAt, reader.lastSlotOn, now, lateHours).slot;
  return soon ? null : slot;
}

/** Returns the slot of an edition that is still to be planned for a reader; null where it was, or will not be. */
export function slotToCome(reader: Standing, edition: string, now: Date, lateHours: number): Slot | null {
  const slot = slotOfEdition(reader.schedule, edition);
  if (!slot || reader.confirmedAt > slot.at || reader.dueAt > slot.at) return null;
  if (rests(reader, slot.at)) return null;
  if (reader.lastSlotOn !== null && reader.lastSlotOn >= slot.on) return null;
  if (slot.at > now) return slot;
  return decideDue(reader.schedule, reader.dueAt, reader.lastSlotOn, now, lateHours).slot?.on === slot.on ? slot : null;
}

function rests({ pausedUntil, restUntil }: Standing, at: Date): boolean {
  return (pausedUntil !== null && pausedUntil > at) || (restUntil !== null && restUntil > at);
}
