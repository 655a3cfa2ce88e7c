import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { present } from '../../src/lib/present.ts';
import type { JobName } from '../../src/model/job.ts';
import { beginOnReaders } from '../../src/operate/errands/on-readers.ts';
import { beginResend } from '../../src/operate/errands/resend.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { adminServer, type AdminServer } from '../admin/admin-server.ts';
import { apiServer, tokenWith } from '../api/api-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { asFixture } from '../support/wall.ts';
import { hfAnswer } from '../world/captures.ts';
import { planMany } from '../world/mails.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
let ctx: TestContext;
let admin: AdminServer;
let ada: { cookie: string; csrf: string };
let source: Server;
/** Days that the source was asked for, and how it answers. */
const asked: string[] = [];
let answer: (day: string, res: ServerResponse) => void;

const tell = (day: string, res: ServerResponse) =>
  res.end(hfAnswer(day, [{ title: `Kelp on ${day}`, arxivId: `2501.${day.slice(5, 7)}${day.slice(8)}0` }]));

beforeAll(async () => {
  source = createServer((req, res) => {
    const day = (req.url ?? '').slice(-10);
    asked.push(day);
    answer(day, res);
  });
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
  ctx = await testContext(database, {
    ...{ SOURCES: `own=${address}/?date={date},newest=${address}/feed`, ALLOW_PRIVATE_SOURCES: 'on' },
  });
  admin = await adminServer(ctx);
  ada = await admin.signIn();
});
afterAll(async () => {
  await admin.close();
  source.close();
});
beforeEach(async () => {
  await ctx.db
    .$executeRaw`CALL empty_tables('subscribers, errands, captures, papers, editions, newsletters, deliveries')`;
  asked.length = 0;
  answer = tell;
});

const page = async (path: string) => (await admin.get(path, ada.cookie)).text();
const press = (path: string, fields: Record<string, string> = {}) =>
  admin.post(path, { ...fields, csrf: ada.csrf }, ada.cookie);
const DAYS = { from: '2025-01-01', to: '2025-01-09' };
/** Asks for the past days from the page, and says yes; returns the errand's page. */
const fetchPast = async (days: { from: string; to: string } = DAYS) =>
  (await press('/admin/sources/own/past', { ...days, sure: 'yes' })).headers.get('location') ?? '';
const run = (name: JobName) => runJob(ctx, present(jobNamed(name), 'the job'));
const states = async () => {
  const rows = await ctx.db.errand.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ kind, state }) => `${kind} ${state}`);
};

it('when past days are asked for, then it is said first what that means, and each is fetched once', async () => {
  expect(await page('/admin/sources')).toContain('action="/admin/sources/own/past"');
  expect(await page('/admin/sources')).not.toContain('action="/admin/sources/newest/past"');
  const question = await (await press('/admin/sources/own/past', DAYS)).text();
  expect(question).toContain('The lists of 9 days, 2025-01-01 to 2025-01-09, none of which is here yet.');
  expect(asked).toEqual([]);
  const errand = await fetchPast();
  expect(ctx.woken).toContain('backfill');
  await run('backfill');
  expect(asked).toHaveLength(9);
  expect(await page(errand)).toMatch(/Done: 9 dealt with[\s\S]*9 answers asked for[\s\S]*9 new papers/);
  expect(await ctx.db.digest.count({ where: { source: 'own', state: 'accepted' } })).toBe(9);
  expect(await ctx.db.paper.count({ where: { arrivedAt: { not: null } } })).toBe(0);
  expect(await page('/admin/sources')).toContain('own, 2025-01-01 to 2025-01-09');
  const again = await (await press('/admin/sources/own/past', { ...DAYS, to: '2025-01-10' })).text();
  expect(again).toContain('9 of which are here already');
  await fetchPast({ ...DAYS, to: '2025-01-10' });
  await run('backfill');
  expect(asked.slice(9)).toEqual(['2025-01-10']);
});

it.each([
  ['nowhere', DAYS, 'no source of that name'],
  ['newest', DAYS, 'its newest papers alone'],
  ['own', { from: '2025-01-31', to: '2025-01-01' }, 'two days in their order, up to 2025-12-31'],
  ['own', { from: '2025-01-31', to: '2026-01-05' }, 'two days in their order'],
  ['own', { from: '1990-01-01', to: '2025-01-01' }, '3660 days at most'],
  ['own', { from: 'x', to: '2025-01-01' }, 'two days in their order'],
])('when %s is asked for %j, then nothing begins', async (name, days, said) => {
  const { headers } = await press(`/admin/sources/${name}/past`, { ...days, sure: 'yes' });
  expect(decodeURIComponent(headers.get('location') ?? '')).toContain(said);
  expect(await states()).toEqual([]);
});

describe('a program', () => {
  it('when it asks for past days, then a dry run tells, an errand does it, and what cannot be is refused by its part', async () => {
    const api = await apiServer(ctx);
    const token = await tokenWith(ctx, '*:write');
    const ask = (body: object) =>
      api.ask('POST', '/digests/backfill', { token, body: { source: 'own', ...DAYS, ...body } });
    const tried = await ask({ dryRun: true });
    expect([tried.status, tried.body]).toEqual([200, { days: 9, known: 0, atLeastSeconds: 0 }]);
    for (const [body, pointer] of [
      [{ source: 'nowhere' }, '#/source'],
      [{ source: 'newest' }, '#/source'],
      [{ to: '2024-01-01' }, '#/to'],
      [{ to: '2026-01-05' }, '#/to'],
      [{ from: 'x' }, '#/from'],
    ] as const)
      expect(await ask(body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect(await states()).toEqual([]);
    const begun = await ask({});
    expect([begun.status, begun.body['state']]).toEqual([202, 'waiting']);
    await run('backfill');
    const told = await api.ask('GET', (begun.headers.get('location') ?? '').replace('/api/v1', ''), { token });
    expect(told.body).toMatchObject({ kind: 'source.backfill', state: 'done', done: 9, total: 9 });
    expect(asked).toHaveLength(9);
    expect((await ask({ dryRun: true })).body).toMatchObject({ known: 9 });
    await api.close();
  });
});

it('when a backfill waits for its source, then other long work goes on, and it can be stopped', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  answer = (day, res) => void held.then(() => tell(day, res));
  const errand = await fetchPast();
  const backfill = run('backfill');
  await until('the source is asked', () => asked.length === 1);
  await makeReader(ctx.db, ctx.now());
  await planMany(ctx.db, 2, EDITION);
  await asFixture(ctx.db, "UPDATE deliveries SET state = 'failed', end_reason = 'refused', finished_at = $1", [
    ctx.now(),
  ]);
  const soon = '2026-02-01T00:00:00.000Z';
  await beginOnReaders(ctx, { act: 'pause', filter: { state: 'confirmed' }, until: soon }, 'cli');
  await beginResend(ctx, { edition: EDITION, only: 'failed' }, 'cli');
  await run('errands');
  await run('resends');
  expect(await states()).toEqual(['source.backfill running', 'readers.pause done', 'edition.resend done']);

  expect(await page(errand)).toContain('Under way: 0 of 9.');
  await press(errand, { action: 'stop' });
  release();
  await backfill;
  expect(await page(errand)).toContain('Stopped after 1 of 9.');
  expect(asked).toEqual(['2025-01-01']);
  expect((await press(errand, { action: 'stop' })).headers.get('location')).toContain('It%20was%20over');
  expect(await ctx.db.auditEntry.count({ where: { action: 'errand.stop' } })).toBe(1);
});

it('when a worker is told to end, then the next one goes on behind the last day, though the source hangs', async () => {
  const ending = new AbortController();
  answer = (day, res) => {
    if (day < '2025-01-03') tell(day, res);
    else ending.abort();
  };
  await fetchPast();
  await runErrands(ctx, 'backfill', { signal: ending.signal });
  expect(await states()).toEqual(['source.backfill running']);
  answer = tell;
  await run('backfill');
  expect(await states()).toEqual(['source.backfill done']);
  expect(asked.filter((day) => day < '2025-01-03')).toHaveLength(2);
  expect(await ctx.db.digest.count()).toBe(9);
});

it('when days cannot be had, then they are named and the others come; where none can, it ends', async () => {
  answer = (day, res) => (day.endsWith('02') ? res.writeHead(404).end() : tell(day, res));
  const errand = await fetchPast({ from: '2025-01-01', to: '2025-01-03' });
  await run('backfill');
  expect(await page(errand)).toContain('days that could not be had: 1');
  expect(await page(`${errand}/report.csv`)).toMatch(/Number,Day,Reason\n2,2025-01-02,.*answered 404/);
  answer = (_day, res) => res.writeHead(404).end();
  const hopeless = await fetchPast({ from: '2025-03-01', to: '2025-04-30' });
  await run('backfill');
  expect(await page(hopeless)).toMatch(/Ended early, after 20 of 61[\s\S]*20 days in a row/);
});
