import type pg from 'pg';
import PgBoss from 'pg-boss';
import type { Logger } from 'pino';
import type { JobName, Queue } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { messageOf } from '../lib/errors.ts';
import { persistently } from './persistently.ts';

/** The queue with the means to work it. */
export interface WorkQueue extends Queue {
  /** Lets this process take jobs; returns once it listens. */
  work(handlers: Record<JobName, () => Promise<unknown>>): Promise<void>;
  /** Takes no more jobs and lets go of the queue; what runs is its owner's to end. */
  close(): Promise<void>;
}

const QUEUES: readonly JobName[] = ['ingest', 'match', 'plan', 'deliver', 'housekeeping'];
/** pg-boss calls a job dead after this; the ledger's own leases are much shorter, so nothing hangs on it. */
const EXPIRE_SECONDS = 3_600;
const POLL_SECONDS = 0.5;

/**
 * Opens pg-boss on the shared pool (schema pgboss, made by itself under its own lock). Policy `short`: one waiting call per job,
 * so asking twice before it runs is asking once. It only wakes; no job carries data, and none is retried: the next tick asks again.
 */
export async function openQueue(pool: pg.Pool, log: Logger): Promise<WorkQueue> {
  const boss = new PgBoss({
    db: databaseOf(pool, log),
    schedule: false,
    archiveCompletedAfterSeconds: 3_600,
    deleteAfterDays: 1,
  });
  boss.on('error', (error) => log.warn({ problem: messageOf(error) }, 'queue'));
  await boss.start();
  for (const name of QUEUES) {
    await boss.createQueue(name, { name, policy: 'short', retryLimit: 0, expireInSeconds: EXPIRE_SECONDS });
  }
  return {
    wake: async (job, tx) => {
      await boss.send(job, {}, tx ? { db: transactionOf(tx) } : {});
    },
    work: async (handlers) => {
      for (const name of QUEUES) {
        await boss.work(name, { pollingIntervalSeconds: POLL_SECONDS }, () => handlers[name]());
      }
    },
    close: () => boss.stop({ graceful: false, wait: true, close: false }),
  };
}

/**
 * Gives pg-boss the shared pool. It reports the end of a job without waiting for the answer, so an outage then would end the process:
 * that answer is waited for and may be lost, since a job nobody reports ends by its expiry.
 */
function databaseOf(pool: pg.Pool, log: Logger): PgBoss.Db {
  return {
    executeSql: async (text, values) => {
      if (!/completed_on = now\(\)|deleted_jobs/.test(text)) return pool.query(text, values);
      try {
        return await persistently(() => pool.query(text, values));
      } catch (error) {
        log.warn({ problem: messageOf(error) }, 'queue: the end of a job could not be reported');
        return { rows: [] };
      }
    },
  };
}

/** Lets pg-boss speak inside Prisma's transaction: the job appears only if that commits. */
function transactionOf(tx: Tx): PgBoss.Db {
  return {
    executeSql: async (text, values) => ({ rows: await tx.$queryRawUnsafe<unknown[]>(text, ...(values as unknown[])) }),
  };
}
