import { oneLine } from '../lib/errors.ts';
import { isTimeZone } from '../lib/time.ts';
import type { Schedule } from '../model/subscriber.ts';

interface Planned {
  id: number;
  schedule: Schedule;
}

/** Says in one line why a reader cannot be planned, the same for all who share the fault. */
export function planningProblem({ schedule }: Planned, error: unknown): string {
  return isTimeZone(schedule.timeZone)
    ? oneLine(error)
    : `the time zone «${schedule.timeZone.slice(0, 80)}» is not known to this system`;
}

/** Reckons something for each reader, and divides those for whom it can be done from those for whom it cannot. */
export function divide<Reader extends Planned, Found>(readers: readonly Reader[], reckon: (reader: Reader) => Found) {
  const able: { reader: Reader; found: Found }[] = [];
  const unable: { id: number; problem: string }[] = [];
  for (const reader of readers) {
    try {
      able.push({ reader, found: reckon(reader) });
    } catch (error) {
      unable.push({ id: reader.id, problem: planningProblem(reader, error) });
    }
  }
  return { able, unable };
}
