import { setTimeout as sleep } from 'node:timers/promises';
import { isOutage } from '../lib/outage.ts';
import type { Db } from './client.ts';
import { bool, orNull, text } from './columns.ts';
import { query, sql } from './statement.ts';

/** Reads a list from the replica where that keeps up, else from the database itself. `read` may be called twice. */
export type ReadList = <T>(read: (db: Db) => Promise<T>) => Promise<T>;

/** How a replica stands: it keeps up, is behind, or does not answer. */
export interface ReplicaStanding {
  state: 'well' | 'behind' | 'away';
  /** Why it does not answer. */
  problem?: unknown;
}

/** How often it is looked whether it keeps up: what it shows is older by at most this, and the second below. */
const LOOK_MS = 5_000;
/** How long a replica may take to come to where the database was when it was looked at. */
const CATCH_UP_MS = 1_000;
const STEP_MS = 50;

const logEnd = query('where the log ends', { at: text }, () => sql`SELECT pg_current_wal_lsn()::text AS at`);

/** One that was promoted, or is another database, stands where it is while ours goes on: that is behind as well. */
const hasReached = query(
  'whether a replica came so far',
  { so: orNull(bool) },
  (given: { at: string }) => sql`
    SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END >= ${given.at}::text::pg_lsn AS so`,
);

/** Looks whether a replica comes within a second to where the database stands now. */
export async function lookAtReplica(db: Db, replica: Db): Promise<ReplicaStanding> {
  const at = (await logEnd(db, {}))[0]?.at ?? '';
  const started = performance.now();
  try {
    for (;;) {
      if ((await hasReached(replica, { at }))[0]?.so) return { state: 'well' };
      if (performance.now() - started > CATCH_UP_MS) return { state: 'behind' };
      await sleep(STEP_MS);
    }
  } catch (problem) {
    return { state: 'away', problem };
  }
}

/**
 * Opens a replica for lists. It is used while it keeps up, which is looked at each 5 s when somebody reads; what breaks
 * off there is read from the database itself. `tell` hears of each change.
 */
export function openReplica(db: Db, replica: Db, tell: (standing: ReplicaStanding) => void): ReadList {
  let standing: ReplicaStanding = { state: 'well' };
  let lookedAt = -Infinity;
  let looking: Promise<void> | null = null;
  const note = (found: ReplicaStanding) => {
    if (found.state !== standing.state) tell(found);
    [standing, lookedAt] = [found, performance.now()];
  };
  const look = async () => {
    note(await lookAtReplica(db, replica));
  };
  return async (read) => {
    if (performance.now() - lookedAt > LOOK_MS) await (looking ??= look().finally(() => (looking = null)));
    if (standing.state !== 'well') return read(db);
    try {
      return await read(replica);
    } catch (problem) {
      if (!isOutage(problem)) throw problem;
      note({ state: 'away', problem });
      return read(db);
    }
  };
}
