/** What decides whether a backup is to be taken. */
export interface BackupTimes {
  now: Date;
  /** The time of day (UTC) at which one is. */
  at: { hour: number; minute: number };
  /** When the newest was finished; null where there is none. */
  newest: Date | null;
  /** When one was last tried that failed, since the newest; null where none was. */
  failedAt: Date | null;
}

const DAY_MS = 86_400_000;
/** How long after one that failed, or was found to be at fault, it is tried again. */
const AGAIN_MS = 3_600_000;
/** How long a backup is good after it was tried. */
const TRIED_FOR_MS = 7 * DAY_MS;

/**
 * Tells whether a backup is to be taken: none was since its time of day last came, so that a machine that slept catches
 * up; after a failure not before an hour.
 */
export function isDue({ now, at, newest, failedAt }: BackupTimes): boolean {
  if (failedAt !== null && now.getTime() - failedAt.getTime() < AGAIN_MS) return false;
  return newest === null || newest < lastTime(now, at);
}

function lastTime(now: Date, { hour, minute }: BackupTimes['at']): Date {
  const today = new Date(now);
  today.setUTCHours(hour, minute, 0, 0);
  return today > now ? new Date(today.getTime() - DAY_MS) : today;
}

/** Tells whether a backup is to be tried: none was for a week. */
export function isToBeTried(now: Date, triedAt: Date | null): boolean {
  return triedAt === null || now.getTime() - triedAt.getTime() >= TRIED_FOR_MS;
}

/** Tells whether one in which a fault was found is to be tried again: the job did nothing for an hour. */
export function isToBeTriedAgain(now: Date, ranAt: Date | null): boolean {
  return ranAt === null || now.getTime() - ranAt.getTime() >= AGAIN_MS;
}
