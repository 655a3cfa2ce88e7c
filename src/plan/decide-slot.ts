import type { Schedule } from '../model/subscriber.ts';
import { nextSlot, type DueDecision, type Slot } from './due.ts';

/** A reader whose slot has come. */
export interface DueReader {
  schedule: Schedule;
  dueAt: Date;
  lastSlotOn: string | null;
  pausedUntil: Date | null;
  /** The address is in doubt: no newsletter before. */
  restUntil: Date | null;
  /** Whether a newsletter may not go to this address at all. */
  suppressed: boolean;
}

/** What is done for a reader whose slot has come. */
export interface SlotDecision {
  /** The slot to plan; null where it is passed over. */
  slot: Slot | null;
  /** Why it is passed over; null where it is planned. */
  passedOver: 'paused' | 'suppressed' | 'in-doubt' | 'late' | null;
  lastSlotOn: string;
  nextDueAt: Date;
}

/**
 * Decides which slot of a reader to plan, if any, and when the next one is; `decideDue` reckons with the schedule.
 * Throws where that cannot be reckoned with.
 */
export function decideSlot(
  { schedule, dueAt, lastSlotOn: last, pausedUntil, restUntil, suppressed }: DueReader,
  now: Date,
  decideDue: (schedule: Schedule, dueAt: Date, lastSlotOn: string | null) => DueDecision,
): SlotDecision {
  const { slot, lastSlotOn, next } = decideDue(schedule, dueAt, last);
  if (pausedUntil !== null && pausedUntil > now)
    return { slot: null, passedOver: 'paused', lastSlotOn, nextDueAt: nextSlot(schedule, pausedUntil, lastSlotOn).at };
  if (suppressed) return { slot: null, passedOver: 'suppressed', lastSlotOn, nextDueAt: next.at };
  if (restUntil !== null && restUntil > now)
    return { slot: null, passedOver: 'in-doubt', lastSlotOn, nextDueAt: nextSlot(schedule, restUntil, lastSlotOn).at };
  return { slot, passedOver: slot ? null : 'late', lastSlotOn, nextDueAt: next.at };
}
