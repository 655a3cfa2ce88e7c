import type { Keep } from '../backup-settings.ts';

const DAY_MS = 86_400_000;

/**
 * Tells which backups are kept: the newest of each of the last days, weeks (from Monday) and months that have one, in
 * UTC, and the newest of all whatever is asked. The others may go.
 */
export function kept(takenAt: readonly Date[], { days, weeks, months }: Keep): Set<Date> {
  const newestFirst = [...takenAt].sort((a, b) => b.getTime() - a.getTime());
  return new Set([
    ...newestFirst.slice(0, 1),
    ...newestOfEach(newestFirst, days, (at) => at.toISOString().slice(0, 10)),
    ...newestOfEach(newestFirst, weeks, weekOf),
    ...newestOfEach(newestFirst, months, (at) => at.toISOString().slice(0, 7)),
  ]);
}

function newestOfEach(newestFirst: readonly Date[], most: number, nameOf: (at: Date) => string): Date[] {
  const found = new Map<string, Date>();
  for (const at of newestFirst) {
    const name = nameOf(at);
    if (!found.has(name) && found.size < most) found.set(name, at);
  }
  return [...found.values()];
}

/** The first day of 1970 was a Thursday. */
function weekOf(at: Date): string {
  return String(Math.floor((at.getTime() / DAY_MS + 3) / 7));
}
