import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planAll, seed } from '../../bench/send/seed.ts';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { grantDomainPlaces, lookAtPace, reservePlaces, strikeDomain } from '../../src/db/sending/paces.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMail, planMany } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';

const database = testDatabase();
let smtp: TestSmtp;

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
});
afterEach(() => smtp.close());

function open(settings: Record<string, string> = {}, url = smtp.url) {
  return testContext(
    database,
    { SMTP_URL: url, SEND_CONNECTIONS: '4', ADMIN_EMAIL: 'operator@example.org', ...settings },
    { composer: () => Promise.resolve(plainComposer()) },
  );
}

async function waiting(): Promise<number> {
  const { planned, retrying } = await countByState(database.db);
  return planned + retrying;
}
/** Moves the clock of the paces on. */
const pass = (seconds: number) =>
  database.pool.query(
    `UPDATE sending_paces SET free_at = free_at - $1 * interval '1 second', struck_at = struck_at - $1 * interval '1 second'`,
    [seconds],
  );
/** How long from now the next probe comes. */
const pauseSeconds = async () => {
  const { rows } = await database.pool.query<{ seconds: number }>(
    'SELECT extract(epoch FROM probe_at - clock_timestamp())::float8 AS seconds FROM sending_circuits',
  );
  return rows[0]?.seconds ?? 0;
};
const untilProbe = () => database.pool.query("UPDATE sending_circuits SET probe_at = '2000-01-01'");
const allDue = () =>
  database.pool.query("UPDATE deliveries SET next_attempt_at = '2026-01-02' WHERE state = 'retrying'");

describe('the common pace', () => {
  it('when two processes send under one rate, then together they keep it', async () => {
    await planMany(database.db, 14);
    const started = performance.now();
    await Promise.all([
      runDeliver(await open({ SEND_RATE_PER_SECOND: '20' })),
      runDeliver(await open({ SEND_RATE_PER_SECOND: '20' })),
    ]);
    expect(smtp.mails).toHaveLength(14);
    expect(performance.now() - started).toBeGreaterThanOrEqual(13 * 50 - 5);
  });

  it('when places are reserved one after the other, then each begins where the last one ended', async () => {
    const first = await reservePlaces(database.db, 10, 60_000);
    const second = await reservePlaces(database.db, 10, 60_000);
    expect(first).toBeLessThan(50); // two moments of one statement
    expect(second).toBeGreaterThan(9 * 60_000); // ten minutes, less what passed between the two
    expect(second).toBeLessThanOrEqual(10 * 60_000);
  });
});

describe('places of the pace that nobody uses', () => {
  const freeInMs = async () => {
    const { rows } = await database.pool.query<{ ms: number }>(
      "SELECT (extract(epoch FROM free_at - clock_timestamp()) * 1000)::float8 AS ms FROM sending_paces WHERE name = 'all'",
    );
    return rows[0]?.ms ?? null;
  };

  it('when a run finds nothing due, then it takes no place', async () => {
    await runDeliver(await open({ SEND_RATE_PER_SECOND: '4' }));
    expect(await freeInMs()).toBeNull();
  });

  it('when no mail can be made, then none takes a place', async () => {
    await planMany(database.db, 5);
    const broken = plainComposer({
      notice: () => {
        throw new Error('no such template');
      },
    });
    const ctx = await open({ SEND_RATE_PER_SECOND: '4', ADMIN_EMAIL: '' });
    expect(await runDeliver({ ...ctx, composer: () => Promise.resolve(broken) })).toMatchObject({ failed: 5 });
    expect(await freeInMs()).toBeNull();
  });

  it('when a worker takes places and dies, then no more than a quarter of a second of the pace is lost', async () => {
    await planMany(database.db, 1);
    await runDeliver(await open({ SEND_RATE_PER_SECOND: '100' })); // takes 25 places for one mail, and ends
    expect(await freeInMs()).toBeLessThanOrEqual(250);
    expect(smtp.mails).toHaveLength(1);
    await database.pool.query("UPDATE sending_paces SET free_at = clock_timestamp() - interval '1 hour'");
    expect(await reservePlaces(database.db, 1, 60_000)).toBeLessThan(60_000); // and idle time is not made up for
    expect(await reservePlaces(database.db, 1, 60_000)).toBeGreaterThan(0);
  });
});

describe('the pace of a destination', () => {
  it('when it has few places, then the rest of its newsletters waits with no try counted, each for its own place', async () => {
    await seed(database.pool, 20);
    await planAll(database.pool);
    const counts = await runDeliver(await open({ DOMAIN_RATE_PER_MINUTE: '60' }));
    expect(counts.sent).toBe(3); // now, in one second and in two: what fits before the horizon
    const waiting = (await ledger(database.db)).filter(({ state }) => state === 'retrying');
    expect(waiting).toHaveLength(17);
    expect(waiting.every(({ tries }) => tries === 0)).toBe(true);
    const times = waiting.map((row) => row.next_attempt_at.getTime()).sort((a, b) => a - b);
    for (const [n, at] of times.entries()) if (n > 0) expect(at - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(999);
  });

  it('when the clock goes on, then the rest follows at that pace in the same run', async () => {
    await seed(database.pool, 30);
    await planAll(database.pool);
    const ctx = await open({ DOMAIN_RATE_PER_MINUTE: '600' });
    const startedMs = performance.now();
    const beganMs = ctx.now().getTime();
    const now = () => new Date(beganMs + performance.now() - startedMs);
    expect(await runDeliver({ ...ctx, now })).toMatchObject({ sent: 30 });
    const firstOnes = 2_000 / 100 + 1; // what fits before the horizon goes at once
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual((30 - firstOnes) * 100);
  });

  it('when a destination asks us to slow down, then it is left alone for a while, longer each time, and others are not', async () => {
    await seed(database.pool, 8);
    await planAll(database.pool);
    for (const email of ['ada@one.example', 'bea@two.example', 'cy@three.example'])
      await planMail(database.db, { subscriberId: (await makeReader(database.db, JOINED, { email })).id, email });
    smtp.modeFor = (to) => (to.endsWith('@bench.example') ? 'rate-limited' : null);
    const counts = await runDeliver(await open());
    expect(counts).toMatchObject({ sent: 3, bounced: 0, failed: 0 });
    expect(counts.retrying).toBeGreaterThan(0);
    expect((await ledger(database.db)).every(({ state, tries }) => (state === 'sent') === (tries === 1))).toBe(true);
    const ask = () =>
      grantDomainPlaces(
        database.db,
        new Map([
          ['bench.example', 5],
          ['other.example', 5],
        ]),
        null,
        2_000,
      );
    const first = (await ask()).get('bench.example');
    expect(first?.places).toBe(0);
    expect(first?.nextInMs).toBeGreaterThan(25_000);
    expect((await ask()).get('other.example')).toBeUndefined();
    await pass(29);
    await strikeDomain(database.db, 'bench.example');
    expect((await ask()).get('bench.example')?.nextInMs).toBeGreaterThan(55_000);
  });
});

describe('a destination under a low rate that asks us to slow down', () => {
  const BENCH = 'bench.example';
  /** Asks for as many places as there are, so that the next one is further off than the horizon. */
  const takeAll = async (gapMs: number) => {
    const granted = await grantDomainPlaces(database.db, new Map([[BENCH, 50]]), gapMs, 2_000);
    expect(granted.get(BENCH)?.places).toBeGreaterThan(0);
    expect(await lookAtPace(database.db, BENCH)).toBeGreaterThan(2_000);
  };
  const strikes = async () =>
    (await database.db.sendingPace.findUniqueOrThrow({ where: { name: `domain:${BENCH}` } })).strikes;

  it.each([10, 60])(
    'when it says so again and again at %i a minute, then each time it rests twice as long',
    async (rate) => {
      for (const [n, seconds] of [30, 60, 120, 240, 480, 960, 960].entries()) {
        await takeAll(60_000 / rate);
        await strikeDomain(database.db, BENCH);
        expect(await lookAtPace(database.db, BENCH)).toBeGreaterThan((seconds - 5) * 1000);
        expect(await strikes()).toBe(Math.min(n + 1, 6));
        await pass(seconds - 5);
        await strikeDomain(database.db, BENCH); // of the same burst
        expect(await lookAtPace(database.db, BENCH)).toBeLessThan(6_000);
        await pass(10 + 60 / rate);
      }
    },
  );

  it('when its mails hear so long after its last rest, then it rests anew', async () => {
    await seed(database.pool, 8);
    await planAll(database.pool);
    for (const email of ['ada@one.example', 'bea@two.example', 'cy@three.example'])
      await planMail(database.db, { subscriberId: (await makeReader(database.db, JOINED, { email })).id, email });
    await strikeDomain(database.db, BENCH);
    await pass(1_200);
    smtp.modeFor = (to) => (to.endsWith(`@${BENCH}`) ? 'rate-limited' : null);
    await runDeliver(await open({ DOMAIN_RATE_PER_MINUTE: '60' }));
    expect(await lookAtPace(database.db, BENCH)).toBeGreaterThan(50_000);
    expect(await strikes()).toBe(2);
  });

  it('when its next place is further off than the rest, then it does not come sooner', async () => {
    await takeAll(120_000);
    await strikeDomain(database.db, BENCH);
    expect(await lookAtPace(database.db, BENCH)).toBeGreaterThan(100_000);
  });
});

describe('the circuit breaker', () => {
  it('when the server is gone, then sending stops for everybody, the operator is told once, and a probe resumes it', async () => {
    await planMany(database.db, 30);
    await smtp.close();
    const ctx = await open();
    await runDeliver(ctx);
    await allDue();
    await runDeliver(ctx);
    expect(await waiting()).toBe(31); // with the alarm
    const alarms = await database.db.delivery.findMany({ where: { kind: 'alarm' } });
    expect(alarms).toHaveLength(1);
    expect(JSON.stringify(alarms[0]?.payload)).toContain('ECONNREFUSED');

    await untilProbe();
    await runDeliver(ctx); // the probe fails: still closed to all, nobody is told again
    expect(await database.db.delivery.count({ where: { kind: 'alarm' } })).toBe(1);

    smtp = await startSmtp({ port: smtp.port });
    await allDue();
    await runDeliver(ctx);
    expect(smtp.connectionsSeen).toBe(0); // the pause is not over
    await untilProbe();
    await allDue();
    expect(await runDeliver(ctx)).toMatchObject({ sent: 31 });
    expect(await database.db.sendingCircuit.findFirst()).toMatchObject({ openedAt: null, failures: 2 });
  });

  it('when several workers find the server gone, then the pause is that of one failure; each probe that fails doubles it', async () => {
    await planMany(database.db, 300);
    await smtp.close();
    const contexts = await Promise.all([open(), open(), open()]);
    await Promise.all(contexts.map((ctx) => runDeliver(ctx)));
    expect(await waiting()).toBe(301); // with the one alarm
    const claimants = await database.db.delivery.count({ where: { attempt: { gt: 0 } } });
    expect(claimants).toBeGreaterThanOrEqual(60); // all three were at work
    expect(await database.db.sendingCircuit.findFirst()).toMatchObject({ failures: 1 });
    const first = await pauseSeconds();
    await untilProbe();
    await allDue();
    await Promise.all(contexts.map((ctx) => runDeliver(ctx)));
    expect(await database.db.sendingCircuit.findFirst()).toMatchObject({ failures: 2 });
    expect((await pauseSeconds()) / first).toBeCloseTo(2, 0);
  });

  it('when everything is refused, then sending stops soon and what was not tried is kept', async () => {
    await planMany(database.db, 200);
    smtp.setMode('5xx-data');
    const counts = await runDeliver(await open());
    expect(counts.bounced).toBeGreaterThanOrEqual(20);
    expect(counts.bounced).toBeLessThanOrEqual(20 + 4);
    expect(await waiting()).toBe(200 - counts.bounced + 1); // with the alarm
    smtp.setMode('ok');
    await untilProbe();
    await allDue();
    expect(await runDeliver(await open())).toMatchObject({ sent: 200 - counts.bounced + 1 });
  });

  it('when half of them are refused, never many in a row, then sending stops all the same', async () => {
    await planMany(database.db, 400);
    smtp.modeFor = (to) => (/[02468]@/.test(to) ? '5xx-data' : null);
    const counts = await runDeliver(await open({ SEND_CONNECTIONS: '1' }));
    expect(counts.bounced).toBe(50);
    expect(await waiting()).toBe(400 - counts.bounced - counts.sent + 1); // with the alarm
    expect((await database.db.sendingCircuit.findFirst())?.problem).toMatch(/^50 of the last (9\d|100) mails failed, /);
  });

  it('when the probe is refused, then sending stays stopped and no mail is spent on it', async () => {
    await planMany(database.db, 60);
    smtp.setMode('5xx-data');
    const { bounced } = await runDeliver(await open());
    await untilProbe();
    await allDue();
    expect(await runDeliver(await open())).toMatchObject({ bounced: 0, retrying: 1 });
    expect(await database.db.sendingCircuit.findFirst()).toMatchObject({ failures: 2 });
    expect(await waiting()).toBe(60 - bounced + 1); // with the alarm
  });

  it('when our sender is refused, then sending stops and nothing is lost', async () => {
    await planMany(database.db, 60);
    smtp.setMode('5xx-mail');
    expect(await runDeliver(await open())).toMatchObject({ bounced: 0, failed: 0 });
    expect(await database.db.sendingCircuit.count()).toBe(1);
    expect(await waiting()).toBe(61); // with the alarm
  });

  it('when addresses are bad one after the other, then that is no trouble of ours', async () => {
    await planMany(database.db, 45);
    smtp.setMode('5xx-rcpt');
    expect(await runDeliver(await open())).toMatchObject({ bounced: 45 });
    expect(await database.db.sendingCircuit.count()).toBe(0);
  });

  it('when several workers ask while it is open, then one of them probes', async () => {
    await planMany(database.db, 40);
    await smtp.close();
    await runDeliver(await open());
    smtp = await startSmtp({ port: smtp.port });
    await untilProbe();
    await allDue();
    const runs = await Promise.all([open(), open(), open()].map(async (ctx) => runDeliver(await ctx)));
    expect(runs.filter(({ sent }) => sent > 0)).toHaveLength(1);
    expect(smtp.mails).toHaveLength(41);
  });
});
