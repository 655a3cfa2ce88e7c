import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { closeCircuit, openCircuit } from '../../src/db/sending/circuit.ts';
import { readinessAnswer } from '../../src/operate/readiness-json.ts';
import { makeReader } from '../world/readers.ts';
import { confirmedReader, signUp } from '../world/sign-ups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
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

/** Waits until it turns in time: the pages share the process of the tests, which a busy machine may keep waiting. */
const alive = (site: TestWeb) => until('it is alive', async () => (await site.get('/healthz')).status === 200);

describe('/readyz', () => {
  it('when a job fails three times in a row and a reader is set aside, then ?verbose says so, the plain answer stays as it is, and both are ready', async () => {
    const verbose = async () => readinessAnswer.parse(await (await web.get('/readyz?verbose')).json());
    expect(await verbose()).toEqual({
      ready: true,
      checks: [
        { name: 'draining', ok: true, says: 'takes requests' },
        { name: 'database', ok: true, says: 'the database answers' },
        { name: 'migrations', ok: true, says: 'the database is up to date' },
        { name: 'keys', ok: true, says: 'the keys open' },
        { name: 'disk', ok: true, says: expect.stringMatching(/^\d+ MB free in /) as string },
      ],
      ...{ failingJobs: [], readersSetAside: [], sourcesInTrouble: [] },
    });
    const odd = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'));
    await database.db.$executeRaw`UPDATE subscribers SET time_zone = 'Mars/Olympus' WHERE id = ${odd.id}`;
    await runJob(ctx, jobNamed('plan')!);
    const match = { ...jobNamed('match')!, run: () => Promise.reject(new Error('out of\nmemory')) };
    for (let nth = 0; nth < 4; nth++) await runJob(ctx, match).catch(() => {});
    expect(await lines('/readyz')).toEqual(['ready']);
    expect(await verbose()).toMatchObject({
      ready: true,
      failingJobs: [{ job: 'match', failures: 4, since: '2026-01-05T12:00:00.000Z', error: 'memory' }],
      readersSetAside: [
        {
          problem: 'the time zone «Mars/Olympus» is not known to this system',
          count: 1,
          newestAt: '2026-01-05T12:00:00.000Z',
        },
      ],
    });
    await runJob(ctx, { ...match, run: () => Promise.resolve({}) });
    expect((await verbose()).failingJobs).toEqual([]);
  });

  it('when a stranger asks over a proxy, then ?verbose tells no more than the plain answer', async () => {
    expect(await lines('/readyz?verbose', { 'x-forwarded-for': '203.0.113.7' })).toEqual(['ready']);
  });
});

describe('what makes a process unready', () => {
  const standing = async (parts: Partial<TestContext>) => {
    const own = await startWeb({ ...ctx, ...parts });
    const plain = await own.get('/readyz');
    const verbose = readinessAnswer.parse(await (await own.get('/readyz?verbose')).json());
    await alive(own);
    await own.close();
    const wrong = verbose.checks.filter(({ ok }) => !ok);
    return { status: plain.status, text: await plain.text(), wrong, ready: verbose.ready };
  };
  const unready = { status: 503, ready: false };

  it('when it was told to end, then it is unready and alive', async () => {
    expect(await standing({ ending: AbortSignal.abort() })).toEqual({
      ...unready,
      text: 'is ending and takes nothing new\n',
      wrong: [{ name: 'draining', ok: false, says: 'is ending and takes nothing new' }],
    });
  });

  it('when the database lacks a migration, then that is named; one that a newer release brought does no harm', async () => {
    const note = (name: string, undo: boolean) =>
      database.db
        .$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = CASE WHEN ${undo} THEN now() END WHERE migration_name = ${name}`;
    const first = '20261122000000_create_tables';
    await note(first, true);
    const lacking = await standing({});
    await note(first, false);
    await database.db
      .$executeRaw`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('later', '', '29991231000000_later', now())`;
    const ahead = await standing({});
    await database.db.$executeRaw`DELETE FROM _prisma_migrations WHERE id = 'later'`;
    const words = `the database lacks ${first}: offprint migrate brings it up to date`;
    expect(lacking).toMatchObject({ ...unready, text: `${words}\n`, wrong: [{ name: 'migrations' }] });
    expect(ahead).toMatchObject({ status: 200, ready: true });
  });

  it('when no key is left or the disk cannot be looked at, then strangers hear which, and not where', async () => {
    const none = { ...ctx.keys, link: [] };
    const db = new Proxy(ctx.db, {
      get: (target, name) =>
        name === 'key' ? { findMany: () => Promise.resolve([]) } : (Reflect.get(target, name) as unknown),
    });
    expect(await standing({ keys: none, db })).toMatchObject({ ...unready, text: 'keys: not well\n' });
    const file = `${ctx.config.DATA_DIR}/file`;
    writeFileSync(file, '');
    const lost = await standing({ config: { ...ctx.config, DATA_DIR: `${file}/below` } });
    expect(lost).toMatchObject({ ...unready, text: 'disk: not well\n', wrong: [{ name: 'disk' }] });
  });

  it('when the mail server is away, then it is ready', async () => {
    await openCircuit(ctx.db, 'connection refused', 60);
    expect(await standing({})).toMatchObject({ status: 200, ready: true, text: 'ready\n' });
    await closeCircuit(ctx.db);
  });

  it('when the event loop hung for more than a second, then /healthz says so until that is over', async () => {
    await alive(web);
    const ends = performance.now() + 1_500;
    while (performance.now() < ends); // the subject: nothing else runs meanwhile
    const late = await web.get('/healthz');
    expect([late.status, await late.text()]).toEqual([503, expect.stringMatching(/late by 1\.\d s/)]);
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
