import { expect, test } from 'vitest';
import { settingsAnswer } from '../../src/api/schemas/setting.ts';
import { statusAnswer } from '../../src/api/schemas/status.ts';
import { readMeasures } from '../../src/db/operator/measures.ts';
import { openCircuit } from '../../src/db/sending/circuit.ts';
import { showLife } from '../../src/heartbeat.ts';
import { packageVersion } from '../../src/package.ts';
import { lookAtStatus } from '../../src/operate/status.ts';
import { trySending } from '../../src/operate/try-sending.ts';
import { runCli } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { asFixture } from '../support/wall.ts';

const database = testDatabase();
const SETTINGS = { SMTP_URL: 'smtp://ada:open-sesame@one.example.org, smtp://two.example.org:2525' };

test('when processes live and one was killed, then each is told with its release, and the lost one is a trouble', async () => {
  const ctx = await testContext(database, SETTINGS);
  ctx.setNow(new Date());
  const stopServe = await showLife(ctx, 'serve', 50);
  const stopWorker = await showLife(ctx, 'worker');
  const seen = async () => (await ctx.db.process.findFirstOrThrow({ where: { kind: 'serve' } })).seenAt.getTime();
  const before = await seen();
  await until('the heart beats', async () => (await seen()) > before);
  await database.db.$executeRaw`UPDATE processes SET seen_at = now() - interval '5 minutes' WHERE kind = 'worker'`;
  const { processes, needs } = await lookAtStatus(ctx);
  const version = packageVersion();
  expect(processes).toMatchObject([
    { kind: 'serve', version, pid: process.pid, lost: false },
    { kind: 'worker', version, lost: true },
  ]);
  expect(needs.map(({ code }) => code)).toEqual(['process-lost']);
  const stopSuccessor = await showLife(ctx, 'worker');
  expect((await lookAtStatus(ctx)).needs).toEqual([]); // another took its place
  await stopSuccessor();
  await stopServe();
  await stopWorker();
  expect((await lookAtStatus(ctx)).processes).toEqual([]);
});

test('when mails go out over one of two servers and an edition is paused, then one screen says so, with what to type', async () => {
  const ctx = await testContext(database, SETTINGS);
  ctx.setNow(new Date());
  await openCircuit(ctx.db, 'the server turned us away', 60, 'relay:two.example.org:2525');
  await database.db.edition.createMany({
    data: [
      { id: 1, key: 'daily:2026-01-05', createdAt: new Date() },
      { id: 2, key: 'daily:2026-01-04', createdAt: new Date(), state: 'paused' },
    ],
  });
  await asFixture(
    database.db,
    `INSERT INTO deliveries (kind, key, language, key_id, generation, edition_id, state, next_attempt_at, created_at)
     SELECT 'newsletter', 'x' || n, 'en', 1, 1, CASE WHEN n < 10 THEN 2 ELSE 1 END, CASE WHEN n <= 60 THEN 'planned' ELSE 'sent' END::delivery_state, now(), now()
     FROM generate_series(1, 160) n`,
    [],
  );
  await asFixture(
    database.db,
    `INSERT INTO attempts (delivery_id, attempt, worker, outcome, at) SELECT id, 1, 'w', 'sent', now() FROM deliveries WHERE state = 'sent'`,
    [],
  );
  const { perMinute, running, relays } = await lookAtStatus(ctx);
  expect([perMinute, running.map(({ key, waiting, minutesLeft }) => [key, waiting, minutesLeft])]).toEqual([
    20,
    [['daily:2026-01-05', 51, 3]],
  ]);
  expect(relays).toEqual([
    { name: 'one.example.org:25', problem: null, perMinute: null },
    { name: 'two.example.org:2525', problem: 'the server turned us away', perMinute: null },
  ]);
  const run = (...args: string[]) => runCli(['status', ...args], { url: database.url, settings: SETTINGS });
  const told = statusAnswer.parse((await run('--json')).json()[0]);
  expect(told.needs.map(({ code, type }) => [code, type])).toEqual([
    ['relay-out', 'offprint doctor'],
    ['edition-paused', 'offprint editions resume daily:2026-01-04'],
  ]);
  const screen = (await run()).stdout;
  for (const words of [
    '20 mails a minute',
    '100 sent, 51 wait, about 3 min left',
    '✗ two.example.org:2525',
    'offprint editions resume',
  ])
    expect(screen).toContain(words);
  expect(screen.split('\n').length).toBeLessThan(40);
  expect(screen + JSON.stringify(told)).not.toContain('open-sesame');
});

test('when a mail server that was left out is named no more, or is the only one, then nobody hears of it any longer', async () => {
  await database.db.$executeRaw`CALL empty_tables('sending_circuits')`;
  await openCircuit(database.db, 'nobody is there', 60, 'relay:two.example.org:2525');
  const hears = async (SMTP_URL: string) => {
    const ctx = await testContext(database, { SMTP_URL });
    const { needs, relays } = await lookAtStatus(ctx);
    const measures = await readMeasures(ctx.db, ctx.now(), ctx.config.SMTP_URL);
    const circuits = measures.find(({ name }) => name === 'offprint_circuit_open')?.values ?? [];
    return {
      troubles: needs.filter(({ code }) => code === 'relay-out').map(({ about }) => about),
      relays: relays.map(({ problem }) => problem),
      circuits: circuits.map(({ labels }) => labels['circuit']),
      tried: await trySending(ctx, 'cli'),
    };
  };
  const out = 'two.example.org:2525';
  expect(await hears(SETTINGS.SMTP_URL)).toEqual({
    ...{ troubles: [out], relays: [null, 'nobody is there'], circuits: [`relay:${out}`], tried: 1 },
  });
  const nothing = { troubles: [], circuits: [], tried: 0 };
  expect(await hears('smtp://one.example.org, smtp://two.example.org:587')).toEqual({
    ...nothing,
    relays: [null, null],
  });
  expect(await hears('smtp://one.example.org')).toEqual({ ...nothing, relays: [null] });
  expect(await hears('smtp://two.example.org:2525')).toEqual({ ...nothing, relays: [null] });
  await openCircuit(database.db, 'refused', 60);
  expect(await hears('smtp://one.example.org')).toMatchObject({ relays: ['refused'], circuits: ['mail'], tried: 1 });
});

test('when the database is away, then that is said with what to do, and the exit code tells', async () => {
  const away = await runCli(['status'], { url: 'postgresql://postgres:open-sesame@127.0.0.1:9/none' });
  expect([away.code, away.stdout]).toEqual([1, '']);
  expect(away.stderr).toMatch(
    /does not say how it stands: connect ECONNREFUSED 127.0.0.1:9. What to do: offprint doctor/,
  );
  expect(away.stderr).not.toContain('open-sesame');
});

test('when settings are told, then what admins changed holds, and a database that is away spoils only that', async () => {
  await database.db.setting.create({ data: { name: 'QUIET_HOURS', value: '22-7', changedAt: new Date() } });
  const run = (url: string) => runCli(['config', '--json'], { url, settings: SETTINGS });
  const settings = async (url: string) => {
    const { code, stdout } = await run(url);
    expect([code, stdout.includes('open-sesame')]).toEqual([0, false]);
    return settingsAnswer.parse(JSON.parse(stdout)).settings;
  };
  const of = (list: Awaited<ReturnType<typeof settings>>, name: string) => list.find((one) => one.name === name);
  expect(of(await settings(database.url), 'QUIET_HOURS')).toMatchObject({ value: '22-7', from: 'admin' });
  const away = await settings('postgresql://postgres:open-sesame@127.0.0.1:9/none');
  expect(of(away, 'QUIET_HOURS')).toMatchObject({ value: null, from: 'default' });
  expect(of(away, 'SMTP_URL')?.value).toBe('smtp://••••••@one.example.org smtp://two.example.org:2525');
});
