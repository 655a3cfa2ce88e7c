import { addDays, isTimeZone, localDate, localHour, slotInstant } from '../../lib/time.ts';

/** From this full hour to that one, on the reader's clock; over midnight where `from` is the later. */
export interface QuietHours {
  from: number;
  to: number;
}

/** The hour after a slot belongs to it: who chose 23:00 wants mail at 23:20. */
const SLOT_MS = 3_600_000;

/**
 * Returns until when a reader is to be left alone; null where mail may go now. Readers choose their hour, so within the
 * hour of its slot a newsletter is never held: quiet hours are for what comes late, and for second tries.
 */
export function quietUntil(
  now: Date,
  { from, to }: QuietHours,
  reader: { timeZone: string; slotAt: Date | null },
): Date | null {
  const sinceSlotMs = reader.slotAt ? now.getTime() - reader.slotAt.getTime() : Infinity;
  if (sinceSlotMs >= 0 && sinceSlotMs < SLOT_MS) return null;
  // Nobody knows their night; planning sets such a reader aside and tells the operator.
  if (!isTimeZone(reader.timeZone)) return null;
  const hour = localHour(now, reader.timeZone);
  const quiet = from < to ? hour >= from && hour < to : hour >= from || hour < to;
  if (!quiet) return null;
  const today = localDate(now, reader.timeZone);
  const day = hour < to ? today : addDays(today, 1);
  return slotInstant(day, to, reader.timeZone) ?? slotInstant(addDays(day, 1), to, reader.timeZone);
}
