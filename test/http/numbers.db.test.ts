import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { recordEvents } from '../../src/db/feedback/events.ts';
import { createMailer } from '../../src/deliver/relays/mailer.ts';
import { measuredMailer } from '../../src/measures/measured-mailer.ts';
import { openMeters } from '../../src/measures/meters.ts';
import { cliPlace, runCli } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { startWeb, type TestWeb } from './web-server.ts';

const database = testDatabase();
const TOKEN = 'token-for-the-numbers';
let web: TestWeb | undefined;
let worker: ChildProcess | undefined;
afterEach(() => web?.close());
afterAll(() => void worker?.kill('SIGKILL'));

test('when Prometheus asks, then promtool finds no fault, and every number that rules and dashboard ask for is there', async () => {
  web = await startWeb(await testContext(database));
  await web.get('/');
  const answer = await web.get('/metrics');
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await answer.text();
  // Nothing is wrong, and nothing is said.
  expect(text).not.toMatch(/^offprint_(circuit_open|job_failures|queue_lag_seconds)/m);
  const served = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
  for (const file of ['alerts.yml', 'dashboard.json']) {
    const asked = readFileSync(join(PACKAGE_ROOT, 'docs', 'operate', file), 'utf8');
    const names = [
      ...asked.matchAll(/\b((?:offprint|nodejs|process)_\w+?)(?:_bucket|_count|_sum)?\b(?=[{[ )"\n]|\\")/g),
    ];
    expect(names.length).toBeGreaterThan(10);
    for (const [, name] of names) expect([file, name, served.has(name)]).toEqual([file, name, true]);
  }
  const lint = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (lint.error !== undefined) return; // there is none on this machine
  expect(lint.stderr.split('\n').filter((line) => /^offprint_/.test(line))).toEqual([]);
});

test('when pages are asked for whose addresses hold something, then a number names the pattern alone', async () => {
  web = await startWeb(await testContext(database));
  const paths = [
    '/papers/AAAABBBBCCCCDDDD',
    '/digests/2026-01-05',
    '/feed/secret-of-ada',
    '/ADMIN/editions/daily:2026-01-05',
  ];
  for (const path of [...paths, '/no/such/page', '/api/v1/subscribers/ada', '/assets/none.css', '/%61dmin'])
    await web.get(path);
  const text = await (await web.get('/metrics')).text();
  const routes = [...text.matchAll(/offprint_http_request_seconds_count\{.*route="([^"]*)"/g)].map(
    ([, route]) => route,
  );
  expect(new Set(routes)).toEqual(
    new Set(['/papers/:id', '/digests/:date', '/feed/:token', '/admin', '/', '/api/v1/subscribers/:id', '/assets']),
  );
});

test('when reports come in, then they are counted by door and kind, with the newest of each door and what waits, and no answer of a session is', async () => {
  const ctx = await testContext(database);
  web = await startWeb(ctx);
  const numbers = async () =>
    (await (await web!.get('/metrics')).text()).split('\n').filter((line) => line.startsWith('offprint_feedback'));
  const none = [
    ...['waiting{what="letters"} 0', 'waiting{what="unweighed"} 0'],
    ...['week{what="complaint"} 0', 'week{what="bounced"} 0', 'week{what="sent"} 0'],
  ];
  expect(await numbers()).toEqual(none.map((line) => `offprint_feedback_${line}`));
  const event = { reportId: null, deliveryId: null, subscriberId: null, named: null, about: null, rule: null } as const;
  const rest = { ...event, status: null, reply: null, line: null, providerId: null };
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 5, hour));
  for (const [hour, door, kind] of [
    [8, 'smtp', 'hard'],
    [9, 'smtp', 'auto-reply'],
    [7, 'smtp', 'hard'],
    [6, 'webhook', 'complaint'],
    [5, 'session', 'hard'],
  ] as const)
    await recordEvents(ctx.db, [{ ...rest, door, kind }], at(hour));
  await recordEvents(ctx.db, [{ ...rest, door: 'webhook', kind: 'complaint', providerId: 'twice' }], at(6));
  await recordEvents(ctx.db, [{ ...rest, door: 'webhook', kind: 'complaint', providerId: 'twice' }], at(10)); // known
  await database.db.$executeRaw`UPDATE feedback_events SET effect = 'left' WHERE kind = 'complaint'`;
  expect(await numbers()).toEqual([
    'offprint_feedback{door="smtp",kind="hard"} 2',
    'offprint_feedback{door="smtp",kind="auto-reply"} 1',
    'offprint_feedback{door="webhook",kind="complaint"} 2',
    `offprint_feedback_newest_seconds{door="smtp"} ${at(9).getTime() / 1_000}`,
    `offprint_feedback_newest_seconds{door="webhook"} ${at(6).getTime() / 1_000}`,
    'offprint_feedback_waiting{what="letters"} 0',
    'offprint_feedback_waiting{what="unweighed"} 4',
    'offprint_feedback_week{what="complaint"} 2',
    'offprint_feedback_week{what="bounced"} 0',
    'offprint_feedback_week{what="sent"} 0',
  ]);
});

test('when mails go out, then newsletters are counted by server and answer, before anybody looked too, and no other mail', async () => {
  const [ctx, meters] = [await testContext(database), openMeters()];
  const mailer = measuredMailer(await createMailer(ctx.config, ctx.log), meters);
  const connection = await mailer.relays[0]!.connect();
  const send = (name: string, list: string) =>
    connection.send({
      envelope: { from: 'a@example.org', to: 'b@example.org' },
      messageId: `<${name}@example.org>`,
      raw: Buffer.from(`From: a@example.org\r\n${list}Date: Mon, 5 Jan 2026 12:00:00 +0000\r\n\r\nList-Id: no\r\n`),
    });
  await send('one', 'List-Id: <papers.example.org>\r\n');
  await send('notice', '');
  expect(await meters.text([])).toContain('offprint_smtp_seconds_count{relay="outbox",outcome="accepted"} 1');
  await send('two', 'List-Id: <papers.example.org>\r\n');
  expect(await meters.text([])).toContain('offprint_smtp_seconds_count{relay="outbox",outcome="accepted"} 2');
});

test('when a worker has METRICS_PORT, then it answers there, and `offprint health` tells by its exit code until it is gone', async () => {
  const { env, cwd } = cliPlace(database.url, { METRICS_PORT: '0', METRICS_TOKEN: TOKEN });
  worker = spawn(process.execPath, ['dist/cli.js', 'worker'], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  worker.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('the worker works', () => said.includes('Working.'));
  const port = /Watched at port (\d+)/.exec(said)?.[1] ?? '';
  const ask = (path: string, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers });
  for (const path of ['/healthz', '/readyz']) {
    await until(`${path} is well`, async () => (await ask(path)).status === 200);
  }
  expect((await ask('/metrics')).status).toBe(401);
  const numbers = await (await ask('/metrics', { authorization: `Bearer ${TOKEN}` })).text();
  expect(numbers).toMatch(/^offprint_info\{version="\d+\.\d+\.\d+"\} 1$/m);
  expect((await ask('/')).status).toBe(404);
  const health = (...args: string[]) =>
    runCli(['health', ...args], { url: database.url, settings: { METRICS_PORT: port, PORT: '9' } });
  const well = await health('--worker');
  expect([well.code, well.stdout]).toEqual([0, 'ready\n']);
  expect((await health('--worker', '--alive', '--json')).json()).toMatchObject([{ ok: true, says: 'ok' }]);
  const pages = await health();
  expect([pages.code, pages.stdout]).toEqual([
    1,
    expect.stringContaining('nothing answers at http://127.0.0.1:9/readyz'),
  ]);
  const ended = new Promise((resolve) => worker!.once('exit', resolve));
  worker.kill('SIGTERM');
  await ended;
  expect((await health('--worker')).code).toBe(1);
});
