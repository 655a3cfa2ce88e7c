import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Pool } from 'pg';
import { Webhook } from 'standardwebhooks';
import { loadConfig, PACKAGE_ROOT } from '../../src/config.ts';
import { circuitOf, closeCircuit, keyOfStop, openCircuit } from '../../src/db/sending/circuit.ts';
import { openPool, openPrisma, type Db } from '../../src/db/client.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { tellAwayAtStart, tellBackAtStart } from '../../src/operate/alarms/away-at-start.ts';
import { ALARM_CODES } from '../../src/operate/alarms/codes.ts';
import { lookForTrouble } from '../../src/operate/alarms/look-for-trouble.ts';
import { lookAndTell, newWatch, watchForTrouble } from '../../src/operate/alarms/watch.ts';
import { tellOperator } from '../../src/operate/tell-operator.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

const database = testDatabase();
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

interface Got {
  path: string;
  body: string;
  headers: Record<string, string>;
}

let server: Server;
let base: string;
let got: Got[];
/** Paths that answer 500. */
let broken: Set<string>;
/** Paths that never answer, and who waits there. */
let hanging: Set<string>;
const held = new Set<ServerResponse>();
let ctx: TestContext;

beforeAll(async () => {
  server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const path = req.url ?? '';
      const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
      got.push({ path, body: Buffer.concat(parts).toString(), headers });
      if (hanging.has(path)) {
        held.add(res);
        res.on('close', () => void held.delete(res));
        return;
      }
      res.writeHead(broken.has(path) ? 500 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const urls = () =>
  `ntfy+http://:a-token@${base}/papers slack+http://${base}/services/T1 http://${base}/signed#${SECRET}`;

beforeEach(async () => {
  [got, broken, hanging] = [[], new Set(), new Set()];
  await database.db
    .$executeRaw`CALL empty_tables('alarms, deliveries, sending_circuits, processes, runs, digests, captures')`;
  ctx = await testContext(database, { ALARM_URLS: urls(), ADMIN_EMAIL: 'ada@example.org' });
  ctx.setNow(new Date());
});

const look = (parts: Partial<TestContext> = {}, watch = newWatch()) => lookAndTell({ ...ctx, ...parts }, watch);
const subjects = () =>
  got.filter(({ path }) => path === '/').map(({ body }) => (JSON.parse(body) as { title: string }).title);
const mails = async () =>
  (await database.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: { id: 'asc' } })).map(
    ({ payload }) => (payload as { subject: string }).subject,
  );
/** A worker that was not seen for a minute. */
const plantLostProcess = () =>
  database.db.$executeRaw`INSERT INTO processes (id, kind, version, host, pid, started_at, seen_at)
    VALUES (gen_random_uuid(), 'worker', '1.0.0', 'h', 7, now() - interval '1 hour', now() - interval '61 seconds')`;
/** A digest that arrived then, and that readers get papers of. */
const plantDigest = async (at: Date) => {
  const capture = {
    source: 'x',
    name: 'x',
    sha256: 'x',
    bytes: Buffer.from('x'),
    state: 'parsed',
    receivedAt: at,
  } as const;
  const { id } = await database.db.capture.create({ data: capture });
  const digest = {
    source: 'x',
    digestOn: at,
    captureId: id,
    verdict: 'fresh',
    reasons: [] as string[],
    state: 'accepted',
    arrivedAt: at,
  } as const;
  await database.db.digest.create({ data: digest });
};
/** Lets all that was seen have been seen so much earlier. */
const pass = (interval: string) =>
  database.pool.query(`UPDATE alarms SET seen_at = seen_at - $1::interval, told_at = told_at - $1::interval`, [
    interval,
  ]);

describe('what lasts', () => {
  test('when sending is paused, then each place hears it once in its own form, again after six hours, and that it is over', async () => {
    await openCircuit(ctx.db, '535 wrong password', 60);
    await look();
    await look(); // and by another process
    expect(got.map(({ path }) => path).sort()).toEqual(['/', '/services/T1', '/signed']);
    const [ntfy, slack, signed] = ['/', '/services/T1', '/signed'].map((path) => got.find((one) => one.path === path)!);
    expect(JSON.parse(ntfy!.body)).toMatchObject({
      topic: 'papers',
      title: expect.stringMatching(/^Sending is paused since .*: 535 wrong password$/) as string,
      message: expect.stringContaining('To type: offprint doctor') as string,
      priority: 5,
    });
    expect(ntfy!.headers['authorization']).toBe('Bearer a-token');
    expect((JSON.parse(slack!.body) as { text: string }).text).toMatch(
      /^\*Sending is paused.*docs\/operate\/alarms\.md#sending-paused/s,
    );
    const told = new Webhook(SECRET).verify(signed!.body, signed!.headers);
    expect(told).toMatchObject({
      type: 'alarm.opened',
      data: { code: 'sending-paused', service: 'http://localhost:3000' },
    });
    expect(await mails()).toEqual([expect.stringMatching(/^Sending is paused since /)]);

    await pass('5 hours 59 minutes');
    await look();
    expect(subjects()).toHaveLength(1);
    await pass('2 minutes');
    await look();
    expect(subjects()[1]).toMatch(/^Still: Sending is paused/);
    await closeCircuit(ctx.db);
    await look();
    expect(subjects()).toHaveLength(2);
    await pass('80 seconds');
    await look();
    expect(subjects()[2]).toMatch(/^Over: Sending is paused/);
    await look();
    expect([subjects().length, await database.db.alarm.count()]).toEqual([3, 0]);
    expect((await mails()).map((subject) => subject.slice(0, 6))).toEqual(['Sendin', 'Still:', 'Over: ']);
  });

  test('when no place takes it for days, then it is mailed once, again after six hours, and that it is over, which no place hears', async () => {
    broken = new Set(['/', '/services/T1', '/signed']);
    await plantLostProcess();
    const watch = newWatch();
    const lookAnew = async () => {
      await database.db.$executeRaw`UPDATE alarms SET claimed_until = NULL`;
      await look({}, watch);
    };
    await lookAnew();
    await lookAnew();
    expect(await mails()).toHaveLength(1);
    for (const hours of ['7 hours', '6 hours']) {
      await database.pool.query('UPDATE alarms SET opened_at = opened_at - $1::interval', [hours]);
      await lookAnew();
      await lookAnew();
    }
    [got, broken] = [[], new Set()];
    await database.db.$executeRaw`CALL empty_tables('processes')`;
    await pass('80 seconds');
    await lookAnew();
    await lookAnew();
    expect((await mails()).map((subject) => subject.slice(0, 6))).toEqual(['The wo', 'Still:', 'Still:', 'Over: ']);
    expect([got, await database.db.alarm.count()]).toEqual([[], 0]);
  });

  test('when a mail server fails again soon after it was over, then that is mailed once more; who leaves it out may mail first', async () => {
    const SMTP_URL = loadConfig({ SMTP_URL: 'smtp://a.example,smtp://b.example' }).SMTP_URL!;
    const config = { ...ctx.config, SMTP_URL };
    const b = circuitOf(SMTP_URL[1]!);
    const openedAt = await openCircuit(ctx.db, 'refused', 60, b);
    const told = { key: keyOfStop({ name: b, openedAt: openedAt! }), subject: 'b is left out', lines: [] };
    await tellOperator(ctx, told, 'job:deliver');
    await look({ config });
    await closeCircuit(ctx.db, b);
    await pass('80 seconds');
    await look({ config });
    expect(await openCircuit(ctx.db, 'refused anew', 60, b)).toBeNull();
    await look({ config });
    await look({ config });
    expect(await mails()).toEqual([
      'b is left out',
      expect.stringMatching(/^Over: The mail server b\.example/),
      expect.stringMatching(/^The mail server b\.example.*: refused anew$/),
    ]);
  });

  test('when sending stops anew while nobody takes the alarm, then it is mailed once', async () => {
    broken = new Set(['/', '/services/T1', '/signed']);
    for (let n = 0; n < 3; n++) {
      await openCircuit(ctx.db, 'refused', 60);
      await database.db.$executeRaw`UPDATE alarms SET claimed_until = NULL`;
      await look();
      await closeCircuit(ctx.db);
    }
    expect(await mails()).toHaveLength(1);
  });

  test('when two processes look at once, then one tells', async () => {
    await openCircuit(ctx.db, 'refused', 60);
    await Promise.all([look(), look(), look()]);
    expect(subjects()).toHaveLength(1);
  });

  test('when a place does not take it, then it gets it with the next looks, and the others not again; where none does it stays untold', async () => {
    const watch = newWatch();
    broken = new Set(['/services/T1']);
    await openCircuit(ctx.db, 'refused', 60);
    await look({}, watch);
    broken = new Set();
    await look({}, watch);
    await look({}, watch);
    expect(got.map(({ path }) => path).sort()).toEqual(['/', '/services/T1', '/services/T1', '/signed']);
    await database.db.$executeRaw`CALL empty_tables('alarms')`;
    [got, broken] = [[], new Set(['/', '/services/T1', '/signed'])];
    await look({}, watch);
    expect((await database.db.alarm.findFirstOrThrow()).toldAt).toBeNull();
    broken = new Set();
    await database.db.$executeRaw`UPDATE alarms SET claimed_until = now()`;
    await look({}, watch);
    expect(subjects()).toHaveLength(2);
    expect((await database.db.alarm.findFirstOrThrow()).toldAt).not.toBeNull();
  });

  test('when a place hangs, then the others hear each of ten alarms meanwhile, and once', async () => {
    await database.db.$executeRaw`INSERT INTO processes (id, kind, version, host, pid, started_at, seen_at)
      SELECT gen_random_uuid(), 'worker', '1.0.0', 'h', n, now() - interval '1 hour', now() - interval '61 seconds' FROM generate_series(1, 10) n`;
    hanging = new Set(['/services/T1']);
    const watches = [newWatch(), newWatch()];
    for (let looks = 0; looks < 2; looks++) {
      const looking = Promise.all(watches.map((watch) => look({}, watch)));
      await until('each of them hangs there, and the others have heard', () => held.size + subjects().length === 20);
      expect([held.size, new Set(subjects()).size]).toEqual([10, 10]);
      for (const res of held) res.destroy();
      await looking;
    }
    expect(subjects()).toHaveLength(10);
  });

  test('when the database goes away and comes back, then that is told though nothing can be kept, and that it is over', async () => {
    const pool = openPool('postgresql://postgres@127.0.0.1:9/none', 2, () => {});
    const gone = openPrisma(pool);
    const watch = newWatch();
    await look({ db: gone }, watch);
    await look({ db: gone }, watch);
    expect(subjects()).toEqual(['The database does not answer']);
    await look({}, watch);
    expect(subjects()[1]).toMatch(/^Over: The database answers again; it was away since /);
    await look({}, watch);
    expect(subjects()).toHaveLength(2);
    await gone.$disconnect();
    await pool.end();
  });

  describe('while the database is away', () => {
    let pool: Pool;
    let gone: { db: Db };
    beforeEach(() => {
      pool = openPool('postgresql://postgres@127.0.0.1:9/none', 2, () => {});
      gone = { db: openPrisma(pool) };
    });
    afterEach(async () => {
      await gone.db.$disconnect();
      await pool.end();
    });
    const bare = () => ({ ...ctx, warn: () => {} });

    test('when processes watch it, end and are started again, then it is told once, after six hours, and once that it is over', async () => {
      const [first, second] = [newWatch(), newWatch()];
      await look(gone, first);
      expect(subjects()).toEqual(['The database does not answer']);
      await look(gone, second);
      await tellAwayAtStart(bare(), 'Offprint cannot start without its database');
      expect(subjects()).toHaveLength(1);
      ctx.setNow(new Date(ctx.now().getTime() + 6 * 3_600_000));
      await look(gone, second);
      await look(gone, second);
      expect(subjects().slice(1)).toEqual(['Still: The database does not answer']);
      ctx.setNow(new Date());
      await tellBackAtStart(bare());
      for (const watch of [first, second]) await look({}, watch);
      expect(subjects().slice(2)).toEqual([expect.stringMatching(/^Over: The database answers again/)]);
    });

    test('when it is back before anybody starts, then one of those who watched tells', async () => {
      const [first, second] = [newWatch(), newWatch()];
      for (const watch of [first, second]) await look(gone, watch);
      for (const watch of [second, first]) await look({}, watch);
      await tellBackAtStart(bare());
      expect(subjects()).toEqual([
        'The database does not answer',
        expect.stringMatching(/^Over: The database answers again/),
      ]);
    });

    test('when DATA_DIR takes no file, then each that watches tells once, and that it is over', async () => {
      const config = { ...ctx.config, DATA_DIR: '/dev/null/data' };
      const watch = newWatch();
      for (let n = 0; n < 2; n++) await look({ ...gone, config }, watch);
      for (let n = 0; n < 2; n++) await look({ config }, watch);
      expect(subjects().filter((subject) => subject.includes('database'))).toEqual([
        'The database does not answer',
        expect.stringMatching(/^Over: The database answers again/),
      ]);
    });

    test('when the disk is full as well, then that is told with it', async () => {
      writeFileSync(join(ctx.config.DATA_DIR, 'full'), '');
      await look({ ...gone, config: { ...ctx.config, DATA_DIR: join(ctx.config.DATA_DIR, 'full', 'below') } });
      const [{ body }] = got.filter(({ path }) => path === '/signed') as [Got];
      const { data } = JSON.parse(body) as { data: { code: string; lines: string[] } };
      expect([data.code, data.lines[0]]).toEqual([
        'database-away',
        expect.stringMatching(/^Nothing is lost: .* The disk is nearly full: .* To type: df -h /),
      ]);
    });

    test('when no place takes it, then whoever looks or starts next tells', async () => {
      broken = new Set(['/', '/services/T1', '/signed']);
      await look(gone);
      await tellAwayAtStart(bare(), 'Offprint cannot start without its database');
      [got, broken] = [[], new Set()];
      await look(gone);
      expect(subjects()).toEqual(['The database does not answer']);
    });
  });

  test.each<[string, string, () => Promise<Partial<TestContext>>]>([
    [
      'the disk is full',
      'disk-low',
      () => {
        writeFileSync(join(ctx.config.DATA_DIR, 'file'), '');
        return Promise.resolve({ config: { ...ctx.config, DATA_DIR: join(ctx.config.DATA_DIR, 'file', 'below') } });
      },
    ],
    [
      'the clock is off by an hour',
      'clock-off',
      () => Promise.resolve({ now: () => new Date(Date.now() + 3_600_000) }),
    ],
    [
      'no digest comes for five days',
      'no-digest',
      async () => {
        await plantDigest(new Date(Date.now() - 5 * 86_400_000));
        return {};
      },
    ],
    [
      'a process is killed',
      'process-lost',
      async () => {
        await plantLostProcess();
        return {};
      },
    ],
  ])('when %s, then the alarm names the remedy, by mail too, and clears', async (_, code, plant) => {
    const parts = await plant();
    await look(parts);
    const [{ data }] = got
      .filter(({ path }) => path === '/signed')
      .map(({ body }) => JSON.parse(body) as { data: { code: string; lines: string[] } }) as [
      { data: { code: string; lines: string[] } },
    ];
    expect([data.code, data.lines.at(-2)]).toEqual([code, expect.stringMatching(/^To type: \S/)]);
    expect((await database.db.alarm.findFirstOrThrow()).key).toBe(
      ['disk-low', 'clock-off'].includes(code)
        ? `${code}:${hostname()}`
        : code === 'process-lost'
          ? 'process-lost:h:7'
          : code,
    );
    expect(await mails()).toHaveLength(1);
    await database.db.$executeRaw`CALL empty_tables('processes, digests, captures')`;
    await pass('80 seconds');
    await look();
    expect(subjects()[1]).toMatch(/^Over: /);
    expect(await mails()).toHaveLength(2);
  });

  test.each([
    ['a weekend is over', '2026-11-27T10:00:00Z', '2026-11-30T09:59:00Z', false],
    ['a weekday is over besides', '2026-11-27T10:00:00Z', '2026-12-01T09:59:00Z', false],
    ['two weekdays are over besides', '2026-11-27T10:00:00Z', '2026-12-01T10:01:00Z', true],
    ['a Friday is over, and a weekend', '2026-11-26T10:00:00Z', '2026-11-30T09:59:00Z', false],
    ['two weekdays are over', '2026-11-24T10:00:00Z', '2026-11-26T10:01:00Z', true],
    ['it is weekend, and two weekdays were over before', '2026-11-25T10:00:00Z', '2026-11-28T10:00:00Z', true],
    ['one came on Saturday, and Monday is over', '2026-11-28T10:00:00Z', '2026-11-30T23:59:00Z', false],
  ])('when %s since the newest digest, then none is missing, or one is', async (_, arrived, at, missing) => {
    await plantDigest(new Date(arrived));
    const troubles = await lookForTrouble({ ...ctx, now: () => new Date(at) });
    expect(troubles.some(({ code }) => code === 'no-digest')).toBe(missing);
  });

  test("when the database's clock was an hour ahead and is set back, then what was seen meanwhile goes on, is told, and ends", async () => {
    broken = new Set(['/', '/services/T1', '/signed']);
    await openCircuit(ctx.db, 'refused', 60);
    await look();
    await database.db
      .$executeRaw`UPDATE alarms SET seen_at = seen_at + interval '1 hour', claimed_until = claimed_until + interval '1 hour'`;
    broken = new Set();
    got = [];
    await look();
    expect(subjects()).toHaveLength(1);
    await database.db.$executeRaw`UPDATE alarms SET seen_at = seen_at + interval '1 hour'`;
    await closeCircuit(ctx.db);
    await look();
    expect(subjects()[1]).toMatch(/^Over: Sending is paused/);
  });

  test('when a process watches, then it tells by itself, and stops', async () => {
    await openCircuit(ctx.db, 'refused', 60);
    const stop = watchForTrouble(ctx, 20);
    await until('the alarm arrives', () => got.length === 3);
    await stop();
    await pass('7 hours');
    const seen = got.length;
    await new Promise((resolve) => setTimeout(resolve, 60)); // the subject: nothing is told any more
    expect(got.length).toBe(seen);
  });
});

describe('what happens once', () => {
  test('when something happened, then it is told once over every way, however often it is said', async () => {
    const event = {
      key: 'edition:daily:2026-01-05:failing',
      subject: '4 of 5 mails did not arrive',
      lines: ['Most heard: no'],
    };
    for (let n = 0; n < 2; n++) await tellOperator(ctx, event, 'job:housekeeping');
    await look();
    await tellOperator(ctx, event, 'job:housekeeping');
    await pass('7 hours');
    await look();
    expect([subjects(), await mails()]).toEqual([[event.subject], [event.subject]]);
    const lasting = { key: `job:match:1`, subject: 'The job match fails', lines: [] };
    await tellOperator(ctx, lasting, 'job:match');
    await look();
    expect(subjects()).toHaveLength(1);
  });

  test('when the command tries them, then each place says how it went, and a test asks for nothing', async () => {
    broken = new Set(['/services/T1']);
    const settings = { ALARM_URLS: urls(), ADMIN_EMAIL: 'ada@example.org' };
    const run = await runCli(['alarm', 'test', '--json'], { url: database.url, settings });
    expect([run.code, run.json()]).toEqual([
      1,
      [
        { target: `ntfy ${base}`, ok: true, says: 'was taken' },
        { target: `slack ${base}`, ok: false, says: 'answered 500' },
        { target: `signed ${base}`, ok: true, says: 'was taken' },
        { target: 'ADMIN_EMAIL', ok: true, says: 'is planned, and leaves when a worker runs' },
      ],
    ]);
    expect([subjects(), await mails()]).toEqual([['A test of the alarms'], ['A test of the alarms']]);
    for (const secret of ['a-token', 'services', SECRET]) expect(run.stdout + run.stderr).not.toContain(secret);
    const away = await runCli(['alarm', 'test'], { url: 'postgresql://postgres@127.0.0.1:9/none', settings });
    expect(away.stdout).toMatch(/✓ ntfy .*✗ ADMIN_EMAIL: /s);
    expect((await runCli(['alarm', 'test'], { url: database.url })).code).toBe(2);
  });
});

test('when the day is planned, then its start, failure and end are told elsewhere, and later runs of the day are not', async () => {
  const silent = await testContext(database, { HEARTBEAT_URL: `http://${base}/ping/uuid?x=1` });
  const plan = jobNamed('plan')!;
  const fails = { ...plan, run: () => Promise.reject(new Error('no memory')) };
  const pings = () => got.splice(0).map(({ path }) => path);
  await runJob(silent, fails).catch(() => {});
  expect(pings()).toEqual(['/ping/uuid/start?x=1', '/ping/uuid/fail?x=1']);
  await runJob(silent, plan);
  expect(pings()).toEqual(['/ping/uuid/start?x=1', '/ping/uuid?x=1']);
  await runJob(silent, plan);
  await runJob(silent, jobNamed('match')!);
  expect(pings()).toEqual([]);
  silent.setNow(new Date(silent.now().getTime() + 86_400_000));
  broken = new Set(['/ping/uuid/start?x=1']);
  await runJob(silent, plan);
  expect(pings()).toHaveLength(2);
});

test('when codes are listed, then each has its section with what to type, and every rule for Prometheus names one', () => {
  const text = readFileSync(join(PACKAGE_ROOT, 'docs', 'operate', 'alarms.md'), 'utf8');
  const sections = text
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n')[0], /^Type /m.test(section)]);
  expect(sections.map(([code]) => code).sort()).toEqual([...ALARM_CODES].sort());
  expect(sections.filter(([, types]) => types === false)).toEqual([]);
  const rules = readFileSync(join(PACKAGE_ROOT, 'docs', 'operate', 'alerts.yml'), 'utf8');
  for (const [, code = ''] of rules.matchAll(/code: ([\w-]+)/g)) expect(ALARM_CODES).toContain(code);
});
