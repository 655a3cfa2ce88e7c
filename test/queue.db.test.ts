import type pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobName } from '../src/model/job.ts';
import { transaction } from '../src/db/client.ts';
import { countByState } from '../src/db/ledger/deliveries.ts';
import { openQueue, REPORTS_ENDS, type WorkQueue } from '../src/queue.ts';
import { runDeliver } from '../src/deliver/run-deliver.ts';
import { until } from './support/until.ts';
import { testContext } from './support/context.ts';
import { testDatabase } from './support/database.ts';
import { startSmtp } from './support/smtp.ts';
import { clearLedger } from './world/ledger.ts';
import { plainComposer } from './world/composers.ts';
import { planMany } from './world/mails.ts';

const database = testDatabase();
const queues: WorkQueue[] = [];

beforeEach(async () => {
  await clearLedger(database.db);
  const queue = await open();
  await database.pool.query('DELETE FROM pgboss.job');
  await queue.close();
});
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.close();
});

async function open(): Promise<WorkQueue> {
  const queue = await openQueue(database.pool, pino({ level: 'silent' }));
  queues.push(queue);
  return queue;
}

function handlers(deliver: () => Promise<unknown>): Record<JobName, () => Promise<unknown>> {
  const nothing = () => Promise.resolve();
  return {
    ingest: nothing,
    match: nothing,
    plan: nothing,
    deliver,
    housekeeping: nothing,
    hooks: nothing,
    errands: nothing,
    resends: nothing,
    backup: async () => {},
    backfill: nothing,
  };
}

/** Calls that wait, run or are to be run again. */
async function left(): Promise<number> {
  const { rows } = await database.pool.query<{ count: string }>(
    "SELECT count(*) FROM pgboss.job WHERE state < 'completed' AND name NOT LIKE '\\_\\_%'",
  );
  return Number(rows[0]?.count);
}

async function waiting(): Promise<number> {
  const { rows } = await database.pool.query<{ count: string }>(
    "SELECT count(*) FROM pgboss.job WHERE state = 'created'",
  );
  return Number(rows[0]?.count);
}

/** The pool of these tests, which keeps what it is asked. */
function recordingPool(): { pool: pg.Pool; asked: string[] } {
  const asked: string[] = [];
  const query = (text: string, values: unknown[]) => {
    asked.push(text);
    return database.pool.query(text, values);
  };
  return { pool: Object.create(database.pool, { query: { value: query } }) as pg.Pool, asked };
}

describe('the queue', () => {
  it('when jobs end, well or not, then pg-boss reports that in the statements we know, and only that', async () => {
    const { pool, asked } = recordingPool();
    const queue = await openQueue(pool, pino({ level: 'silent' }));
    queues.push(queue);
    const runs = { good: 0, bad: 0 };
    await queue.work({
      ...handlers(() => Promise.resolve(++runs.good)),
      plan: () => Promise.reject(new Error(`no. ${++runs.bad}`)),
    });
    await queue.wake('deliver');
    await queue.wake('plan');
    const ended = "SELECT state::text FROM pgboss.job WHERE state IN ('completed', 'failed') ORDER BY 1";
    await until('both have ended', async () => (await database.pool.query(ended)).rows.length === 2);
    const { rows } = await database.pool.query<{ state: string }>(ended);
    expect(rows.map(({ state }) => state)).toEqual(['completed', 'failed']);
    expect(runs).toEqual({ good: 1, bad: 1 });
    expect(asked.filter((text) => REPORTS_ENDS.test(text))).toHaveLength(2);
  });

  it('when a job is asked for twice before it runs, then it runs once; asked for while it runs, it runs again', async () => {
    const queue = await open();
    await Promise.all([queue.wake('deliver'), queue.wake('deliver'), queue.wake('deliver')]);
    expect(await waiting()).toBe(1);
    let runs = 0;
    await queue.work(
      handlers(async () => {
        if (++runs === 1) await queue.wake('deliver');
      }),
    );
    await until('it ran again', () => runs === 2);
    await until('no call is left', async () => (await left()) === 0);
    expect(runs).toBe(2);
  });

  it('when the transaction that asks is rolled back, then nothing is woken; when it commits, then it is', async () => {
    const queue = await open();
    const broken = transaction(database.db, async (tx) => {
      await queue.wake('plan', tx);
      throw new Error('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    expect(await waiting()).toBe(0);
    await transaction(database.db, (tx) => queue.wake('plan', tx));
    expect(await waiting()).toBe(1);
  });

  it('when two workers listen, then one call is taken once', async () => {
    let runs = 0;
    const [one, two] = [await open(), await open()];
    for (const queue of [one, two]) await queue.work(handlers(() => Promise.resolve((runs += 1))));
    await one.wake('deliver');
    await until('it ran', () => runs > 0);
    await until('no call is left', async () => (await left()) === 0);
    expect(runs).toBe(1);
  });

  it('when a handler fails, then the queue goes on and the next call runs', async () => {
    const queue = await open();
    let runs = 0;
    await queue.work(
      handlers(() => {
        runs += 1;
        return Promise.reject(new Error('broken'));
      }),
    );
    await queue.wake('deliver');
    await until('it ran', () => runs === 1);
    await queue.wake('deliver');
    await until('it ran again', () => runs === 2);
  });

  it('when the queue is emptied in the middle of a run, then nothing is lost and nothing repeated', async () => {
    await planMany(database.db, 300);
    const smtp = await startSmtp();
    const queue = await open();
    const ctx = await testContext(
      database,
      { SMTP_URL: smtp.url, SEND_CONNECTIONS: '4' },
      { composer: () => Promise.resolve(plainComposer()), queue },
    );
    smtp.onMail = async () => {
      if (smtp.mails.length % 50 === 0) await database.pool.query('DELETE FROM pgboss.job');
    };
    await queue.work(handlers(() => runDeliver(ctx)));
    await queue.wake('deliver');
    await until('something was sent', async () => (await countByState(database.db)).sent === 300);
    expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(300);
    expect(smtp.mails).toHaveLength(300);
    await database.pool.query('DELETE FROM pgboss.job');
    await queue.wake('deliver');
    await smtp.close();
  });
});
