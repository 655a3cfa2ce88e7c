import type pg from 'pg';
import PgBoss from 'pg-boss';
import type { Logger } from 'pino';
import type { Queue } from './context.ts';
import type { Tx } from './db/client.ts';
import { askForLibrary, askWithin } from './db/for-libraries.ts';
import { messageOf } from './lib/errors.ts';
import { persistently } from './lib/persistently.ts';
import { JOB_NAMES, type JobName } from './model/job.ts';

/** What a process does for each job that it takes; the others are left to other processes. */
export type Handlers = Partial<Record<JobName, () => Promise<unknown>>>;

/** The queue with the means to work it. */
export interface WorkQueue extends Queue {
  /** Lets this process take jobs; returns once it listens. */
  work(handlers: Handlers): Promise<void>;
  /** Takes no more jobs; what runs goes on. */
  rest(): Promise<void>;
  /** Takes no more jobs and lets go of the queue; what runs is its owner's to end. */
  close(): Promise<void>;
}

/** pg-boss calls a job dead after this; the ledger's own leases are much shorter, so nothing hangs on it. */
const EXPIRE_SECONDS = 3_600;
const POLL_SECONDS = 0.5;
/** How long the end of a job waits for a database that restarts, before it is left to its expiry. */
const REPORT_PATIENCE_MS = 60_000;
/**
 * How pg-boss 10 ends every statement that reports the end of jobs (`plans.js`): its caller reads `count` of the one
 * row.
 */
export const REPORTS_ENDS = /SELECT COUNT\(\*\) FROM results\s*$/i;
/** The answer to a report that changed nothing. */
const NO_ENDS = [{ count: '0' }];

/**
 * Opens pg-boss on the shared pool (schema pgboss, made by itself under its own lock). Policy `short`: one waiting call
 * per job, so asking twice before it runs is asking once. It only wakes; no job carries data, and none is retried: the
 * next tick asks again.
 */
export async function openQueue(
  pool: pg.Pool,
  log: Logger,
  { patienceMs = REPORT_PATIENCE_MS }: { patienceMs?: number } = {},
): Promise<WorkQueue> {
  const patience = { ms: patienceMs };
  const boss = new PgBoss({
    db: databaseOf(pool, log, patience),
    schedule: false,
    archiveCompletedAfterSeconds: 3_600,
    deleteAfterDays: 1,
  });
  boss.on('error', (error) => log.warn({ problem: messageOf(error) }, 'queue'));
  await boss.start();
  for (const name of JOB_NAMES) {
    const options = { name, policy: 'short', retryLimit: 0, expireInSeconds: EXPIRE_SECONDS } as const;
    // Processes that start together on a new database deadlock here.
    await persistently(() => boss.createQueue(name, options));
  }
  return {
    wake: async (job, tx) => {
      await boss.send(job, {}, tx ? { db: transactionOf(tx) } : {});
    },
    work: async (handlers) => {
      for (const name of JOB_NAMES) {
        const handle = handlers[name];
        if (handle) await boss.work(name, { pollingIntervalSeconds: POLL_SECONDS }, () => handle());
      }
    },
    rest: async () => {
      for (const name of JOB_NAMES) await boss.offWork(name);
    },
    close: () => {
      patience.ms = 0; // SIGTERM must be done in 10 s
      return boss.stop({ graceful: false, wait: true, close: false });
    },
  };
}

/**
 * Gives pg-boss the shared pool. It reports the end of a job without waiting for the answer, so whatever went wrong
 * there would be a rejection that is nobody's and end the process: that answer is waited for, may be lost, and never
 * rejects, since a job nobody reports ends by its expiry. All else that pg-boss asks is awaited by it or by us.
 */
function databaseOf(pool: pg.Pool, log: Logger, patience: { ms: number }): PgBoss.Db {
  return {
    executeSql: async (text, values) => {
      if (!REPORTS_ENDS.test(text)) return askForLibrary(pool, text, values);
      try {
        return await persistently(() => askForLibrary(pool, text, values), patience.ms);
      } catch (error) {
        log.warn({ problem: messageOf(error) }, 'queue: the end of a job could not be reported');
        return { rows: NO_ENDS };
      }
    },
  };
}

/** Lets pg-boss speak inside Prisma's transaction: the job appears only if that commits. */
function transactionOf(tx: Tx): PgBoss.Db {
  return {
    executeSql: (text, values) => askWithin(tx, text, values as unknown[]),
  };
}
