import { beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../src/context.ts';
import { JOB_NAMES, type JobName } from '../src/model/job.ts';
import { closeDeadRuns, forgetRuns, listRuns } from '../src/db/operator/runs.ts';
import { jobNamed, jobs, runJob, type Counts, type Job } from '../src/jobs.ts';
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

  test('when mails were sent, then editions that are over are told without waiting for a tick', () => {
    expect(jobNamed('deliver')?.wakes).toEqual(['hooks']);
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
      await new Promise((resolve) => setTimeout(resolve, 40)); // long enough for the others to come in, if they could
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

describe('a job that fails', () => {
  const fails = job(() => Promise.reject(new Error('no disk')));
  const works = job(() => Promise.resolve({}));
  const alarms = async () =>
    (await database.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: { id: 'asc' } })).map(
      ({ payload }) => payload as { subject: string; lines: string[] },
    );
  const times = async (many: number, what: Job) => {
    for (let nth = 0; nth < many; nth++) {
      ctx.setNow(new Date(ctx.now().getTime() + 60_000));
      await runJob(ctx, what).catch(() => {});
    }
  };

  beforeEach(async () => {
    ctx = await testContext(database, { ADMIN_EMAIL: 'ops@digest.example.org' });
    await database.db.delivery.deleteMany();
  });

  test('when it fails three times in a row, then that is one alarm, told again only after it recovered and failed anew', async () => {
    await times(2, fails);
    expect(await alarms()).toEqual([]);
    await times(6, fails);
    expect(await alarms()).toMatchObject([{ subject: 'The job plan fails' }]);
    expect((await alarms())[0]!.lines[0]).toBe(
      'It has failed 3 times in a row since 2026-01-05T12:01:00.000Z; the last time: no disk',
    );
    expect(ctx.woken).toContain('deliver');
    await times(1, works);
    await times(2, fails);
    expect(await alarms()).toHaveLength(1);
    await times(3, fails);
    expect(await alarms()).toHaveLength(2);
  });

  test('when it fails now and then, or the runs of a streak are forgotten while it lasts, then there is no further alarm', async () => {
    for (let round = 0; round < 3; round++) {
      await times(2, fails);
      await times(1, works);
    }
    expect(await alarms()).toEqual([]);
    await times(4, fails);
    await forgetRuns(database.db, new Date(ctx.now().getTime() - 90_000), new Date(ctx.now().getTime() - 90_000));
    await times(4, fails);
    expect(await alarms()).toHaveLength(1);
  });

  test('when the process dies in it each time, then that is a failure too', async () => {
    const dies = () => database.db.run.create({ data: { job: 'plan', startedAt: ctx.now() } });
    for (let nth = 0; nth < 3; nth++) {
      await closeDeadRuns(database.db, 'plan', ctx.now());
      await dies();
    }
    await times(1, fails);
    expect(await alarms()).toMatchObject([{ subject: 'The job plan fails' }]);
  });
});

test('the jobs are named once each and stand in the order of the journey', () => {
  expect(jobs.map(({ name }) => name)).toEqual(JOB_NAMES);
});
