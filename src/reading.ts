import type { Logger } from 'pino';
import { openPool, openPrisma, type Db } from './db/client.ts';
import { openReplica, type ReadList } from './db/replica.ts';
import { messageOf } from './lib/errors.ts';

/** Sessions that lists take at most, and how long one that does not answer keeps somebody waiting, in milliseconds. */
const READING = { sessions: 8, patience: { connectionTimeoutMillis: 2_000, query_timeout: 30_000 } };

/** Opens the replica, where there is one, and tells the log when it is used and when it is not. */
export function readListFrom(
  url: string | undefined,
  db: Db,
  log: Logger,
  closers: (() => Promise<void>)[],
): ReadList | undefined {
  if (url === undefined) return undefined;
  const pool = openPool(url, READING.sessions, () => {}, READING.patience);
  const replica = openPrisma(pool);
  closers.push(
    () => pool.end(),
    () => replica.$disconnect(),
  );
  return openReplica(db, replica, ({ state, problem }) =>
    state === 'well'
      ? log.info('lists are read from the replica')
      : log.warn(
          { state, ...(problem !== undefined && { problem: messageOf(problem) }) },
          'lists are read from the database itself',
        ),
  );
}
