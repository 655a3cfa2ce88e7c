import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobName } from '../../src/model/job.ts';
import { openPool } from '../../src/db/client.ts';
import { openQueue, type WorkQueue } from '../../src/queue.ts';
import { testDatabase } from '../support/database.ts';
import { startWire, type Wire } from '../support/wire.ts';
import { until } from '../support/until.ts';

const database = testDatabase();
const closers: (() => Promise<unknown>)[] = [];
const NAMES: JobName[] = ['ingest', 'match', 'plan', 'deliver', 'housekeeping'];
/** An outage of two minutes and the minute of patience, twenty times as fast. */
const OUTAGE_MS = 6_000;
const PATIENCE_MS = 3_000;

let wire: Wire;
let strays: unknown[];
const stray = (reason: unknown) => void strays.push(reason);

beforeEach(async () => {
  strays = [];
  process.on('unhandledRejection', stray);
  wire = await startWire(database.url);
  closers.push(() => wire.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  process.off('unhandledRejection', stray);
});

/** A process's own pool and queue over the wire. */
async function open(patienceMs = PATIENCE_MS): Promise<WorkQueue> {
  const pool = openPool(wire.url, 8, () => {});
  closers.push(() => pool.end());
  const queue = await openQueue(pool, pino({ level: 'silent' }), { patienceMs });
  closers.push(() => queue.close());
  return queue;
}

const handlersOf = (handler: () => Promise<unknown>) =>
  Object.fromEntries(NAMES.map((name) => [name, handler])) as Record<JobName, () => Promise<unknown>>;

it('when jobs of a service and of workers end, well or not, at every moment of an outage longer than the patience, then no rejection is left over and all go on', async () => {
  const processes = await Promise.all(Array.from({ length: 6 }, () => open()));
  let [taken, after] = [0, 0];
  let startsAt = Infinity;
  let over = false;
  const handler = async () => {
    if (over) return void (after += 1);
    const nth = taken++;
    await until('the outage is set', () => startsAt < Infinity);
    // From just before the cut to just after it is mended.
    await sleep(startsAt - performance.now() + (nth / 30) * (OUTAGE_MS + 1_000) - 500);
    if (nth % 3 === 0) throw new Error('broken');
    return { nth };
  };
  for (const queue of processes) await queue.work(handlersOf(handler));
  await until('one of each name runs in each process', async () => {
    for (const name of NAMES) await processes[0]!.wake(name);
    return taken >= 30;
  });
  // From here time is the subject: jobs end before, in and after an outage of fixed length.
  startsAt = performance.now() + 500;
  await sleep(500);
  wire.cut();
  await sleep(OUTAGE_MS);
  wire.mend();
  await sleep(1_500);
  over = true;
  const { rows } = await database.pool.query<{ state: string }>(
    "SELECT state::text FROM pgboss.job WHERE state = 'active'",
  );
  expect(rows.length).toBeGreaterThan(0); // some ends were never reported: that is what was to be survived
  expect(strays).toEqual([]);
  for (const name of NAMES) {
    const before: number = after;
    await processes[1]!.wake(name);
    await until(`${name} runs again`, () => after > before);
  }
  expect(strays).toEqual([]);
});

it('when a process closes while its database is away and a job runs, then closing takes no minute and rejects nothing', async () => {
  const patienceMs = 60_000;
  const queue = await open(patienceMs);
  let running = false;
  let end: () => void = () => {};
  await queue.work(
    handlersOf(() => {
      running = true;
      return new Promise<void>((resolve) => (end = resolve));
    }),
  );
  await queue.wake('deliver');
  await until('the job runs', () => running);
  wire.cut();
  const startedMs = performance.now();
  await queue.close();
  end();
  expect(performance.now() - startedMs).toBeLessThan(patienceMs / 2);
  await sleep(200); // time for a rejection that nobody caught
  expect(strays).toEqual([]);
});
