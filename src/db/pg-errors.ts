import type pg from 'pg';

/** connection_failure, as PostgreSQL would call what `pg` has only words for. */
const CONNECTION_FAILURE = '08006';

/**
 * All that `pg` and its pool say of a connection that is gone or was not had in time, where neither server nor system
 * gave a code.
 */
const WORDS = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
]);

type Callback = (error: unknown, ...rest: unknown[]) => unknown;
type Call = (...args: unknown[]) => unknown;

/**
 * Gives what a pool and its sessions throw a code where `pg` has only words: here is the one place that knows them, and
 * test/db/pg-errors.db.test.ts hears them from the real library.
 */
export function codeErrors(pool: pg.Pool): void {
  pool.connect = coding(pool.connect.bind(pool)) as typeof pool.connect;
  pool.on('connect', (client) => {
    client.query = coding(client.query.bind(client)) as typeof client.query;
  });
}

/** The error is coded before whoever waits hears of it, on the same promise or callback: nothing is waited for. */
function coding(call: Call): Call {
  return (...args) => {
    const last = args.at(-1);
    if (typeof last === 'function')
      args[args.length - 1] = (error: unknown, ...rest: unknown[]) => (last as Callback)(coded(error), ...rest);
    const answer = call(...args);
    if (answer instanceof Promise) answer.catch(coded);
    return answer;
  };
}

function coded(error: unknown): unknown {
  if (error instanceof Error && !('code' in error) && WORDS.has(error.message))
    Object.assign(error, { code: CONNECTION_FAILURE });
  return error;
}
