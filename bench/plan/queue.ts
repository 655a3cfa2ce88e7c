import pino from 'pino';
import type { Queue } from '../../src/context.ts';
import { openPool } from '../../src/db/client.ts';
import { openQueue } from '../../src/queue.ts';

/**
 * Opens the queue on sessions of its own and takes each job at once, so that its tables come to hold what they do where
 * workers wait.
 */
export async function openTakenQueue(url: string): Promise<Queue & { close(): Promise<void> }> {
  const pool = openPool(url, 2, () => {});
  const queue = await openQueue(pool, pino({ level: 'silent' }));
  const nothing = () => Promise.resolve();
  await queue.work({
    ingest: nothing,
    match: nothing,
    plan: nothing,
    deliver: nothing,
    housekeeping: nothing,
    hooks: nothing,
    errands: nothing,
    resends: nothing,
    backfill: nothing,
  });
  return {
    wake: (job, tx) => queue.wake(job, tx),
    close: async () => {
      await queue.close();
      await pool.end();
    },
  };
}
