import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { makeReader } from '../plan/world.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, signUp } from './readers.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeEach(async () => {
  ctx = await testContext(database);
  web = await startWeb(ctx);
});
afterEach(() => web.close());

const lines = async (path: string, headers = {}) => {
  const answer = await web.get(path, headers);
  expect(answer.status).toBe(200);
  return (await answer.text()).trimEnd().split('\n');
};

describe('/readyz', () => {
  it('when a job fails three times in a row and a reader is set aside, then ?verbose says so, the plain answer stays as it is, and both are ready', async () => {
    expect(await lines('/readyz?verbose')).toEqual(['ready', 'no job fails', 'no reader is set aside']);
    const odd = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'));
    await database.db.$executeRaw`UPDATE subscribers SET time_zone = 'Mars/Olympus' WHERE id = ${odd.id}`;
    await runJob(ctx, jobNamed('plan')!);
    const match = { ...jobNamed('match')!, run: () => Promise.reject(new Error('out of\nmemory')) };
    for (let nth = 0; nth < 4; nth++) await runJob(ctx, match).catch(() => {});
    expect(await lines('/readyz')).toEqual(['ready']);
    expect(await lines('/readyz?verbose')).toEqual([
      'ready',
      'job match fails: 4 in a row since 2026-01-05T12:00:00.000Z: memory',
      'readers set aside: 1, the newest at 2026-01-05T12:00:00.000Z: the time zone «Mars/Olympus» is not known to this system',
    ]);
    await runJob(ctx, { ...match, run: () => Promise.resolve({}) });
    expect((await lines('/readyz?verbose'))[1]).toBe('no job fails');
  });

  it('when a stranger asks over a proxy, then ?verbose tells no more than the plain answer', async () => {
    expect(await lines('/readyz?verbose', { 'x-forwarded-for': '203.0.113.7' })).toEqual(['ready']);
  });
});

describe('a reader whose time zone this system does not know', () => {
  it('when they open their preferences, pause and save another zone, then each works, and nothing stands against them any more', async () => {
    const reader = await confirmedReader(ctx, 'odd@example.org');
    const setZone = (zone: string) =>
      database.db
        .$executeRaw`UPDATE subscribers SET time_zone = ${zone}, planning_problem = 'x' WHERE id = ${reader.id}`;
    await setZone('Mars/Olympus');
    expect((await web.get(reader.preferences)).status).toBe(200);
    expect((await web.post(reader.preferences, { action: 'pause', pause: '1w' })).status).toBe(200);
    await setZone('Mars/Olympus');
    const saved = await web.post(reader.preferences, {
      action: 'save',
      timeZone: 'Asia/Tokyo',
      cadence: 'daily',
      hour: '8',
    });
    expect(saved.status).toBe(200);
    const row = await database.db.subscriber.findUniqueOrThrow({ where: { id: reader.id } });
    expect(row).toMatchObject({ timeZone: 'Asia/Tokyo', planningProblem: null });
  });

  it('when somebody signs up with a zone in which no slot can be reckoned, then that is refused', async () => {
    await expect(signUp(ctx, 'pst@example.org', { timeZone: 'PST' })).rejects.toThrow(/timeZone/);
  });
});
