import { beforeEach, describe, expect, test } from 'vitest';
import type { Context, JobName } from '../src/context.ts';
import { forgetRuns, listRuns } from '../src/db/runs.ts';
import { jobs, runJob, type Counts, type Job } from '../src/jobs.ts';
import { testContext, type TestContext } from './support/context.ts';
import { testDatabase } from './support/database.ts';

const database = testDatabase();
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database);
  await database.db.run.deleteMany();
});

function job(run: (ctx: Context) => Promise<Counts>, wakes: JobName[] = []): Job {
  return { name: 'plan', cron: '* * * * *', does: 'something', exclusive: true, run, wakes };
}

describe('runJob', () => {
  test('when a job did something, then the run is recorded with its counts and the next ones are woken', async () => {
    const counts = await runJob(
      ctx,
      job(() => Promise.resolve({ newsletters: 3 }), ['deliver']),
    );
    expect(counts).toEqual({ newsletters: 3 });
    expect(await listRuns(database.db, 1)).toMatchObject([
      { job: 'plan', outcome: 'done', counts: { newsletters: 3 }, startedAt: ctx.now() },
    ]);
    expect(ctx.woken).toEqual(['deliver']);
  });

  test('when there was nothing to do, then nobody is woken', async () => {
    await runJob(
      ctx,
      job(() => Promise.resolve({ newsletters: 0 }), ['deliver']),
    );
    expect(ctx.woken).toEqual([]);
  });

  test('when a job throws, then the run says why and the error reaches the caller', async () => {
    await expect(
      runJob(
        ctx,
        job(() => Promise.reject(new Error('no disk'))),
      ),
    ).rejects.toThrow('no disk');
    expect(await listRuns(database.db, 1)).toMatchObject([{ outcome: 'failed', error: 'no disk', counts: null }]);
  });

  test('when two processes run it at once, then one waits for the other', async () => {
    let inside = 0;
    let most = 0;
    const slow = job(async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 40));
      inside--;
      return {};
    });
    await Promise.all([runJob(ctx, slow), runJob(ctx, slow), runJob(ctx, slow)]);
    expect(most).toBe(1);
  });

  test('when a process died in the middle, then the next run says so of the old one', async () => {
    await database.db.run.create({ data: { job: 'plan', startedAt: new Date('2026-01-01') } });
    await runJob(
      ctx,
      job(() => Promise.resolve({})),
    );
    const runs = await listRuns(database.db, 5);
    expect(runs.map(({ outcome }) => outcome)).toEqual(['done', 'failed']);
    expect(runs[1]?.error).toMatch(/process ended/);
  });

  test('when old runs are forgotten, then those that did something stay longer', async () => {
    const started = [
      ['2025-11-01', { sent: 1 }],
      ['2026-01-01', { sent: 1 }],
      ['2026-01-01', { sent: 0 }],
      ['2026-01-05', { sent: 0 }],
    ] as const;
    for (const [day, counts] of started) {
      await database.db.run.create({ data: { job: 'deliver', startedAt: new Date(day), outcome: 'done', counts } });
    }
    expect(await forgetRuns(database.db, new Date('2025-12-06'), new Date('2026-01-04'))).toBe(2);
    expect((await listRuns(database.db, 5)).map(({ counts }) => counts)).toEqual([{ sent: 0 }, { sent: 1 }]);
  });
});

test('the jobs are named once each and stand in the order of the journey', () => {
  expect(jobs.map(({ name }) => name)).toEqual(['ingest', 'match', 'plan', 'deliver', 'housekeeping']);
});
