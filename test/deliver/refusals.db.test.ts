import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { lockStandings } from '../../src/db/feedback/standings.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { runHousekeeping } from '../../src/operate/housekeeping.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { makeDigest, type MadePaper } from '../world/digests.ts';
import { makeReadersAt } from '../world/destinations.ts';
import { clearLedger } from '../world/ledger.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const NOON = Date.parse('2026-01-05T12:00:00Z');
let smtp: TestSmtp;
let ctx: TestContext;

let paper: MadePaper | undefined;

beforeAll(async () => {
  [paper] = await makeDigest(database.db, '2026-01-05', ['A paper'], new Date('2026-01-05T00:00:00Z'));
});
beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
  ctx = await testContext(
    database,
    { SMTP_URL: smtp.url, SEND_CONNECTIONS: '5', ADMIN_EMAIL: 'operator@elsewhere.example' },
    { composer: () => Promise.resolve(plainComposer()) },
  );
});
afterEach(() => smtp.close());

/** Makes readers of a domain with a newsletter each that is due, those before `proven` with one they took `daysAgo`. */
const readers = (domain: string, count: number, proven = count, daysAgo = 3) =>
  makeReadersAt(database, {
    domain,
    count,
    proven,
    tookAt: new Date(NOON - daysAgo * 86_400_000),
    edition: EDITION,
    paper,
  });

/** Sends what is due so many minutes past noon; what is refused as unknown, `refused` says. */
async function at(minutes: number, refused: (to: string) => boolean): Promise<void> {
  ctx.setNow(new Date(NOON + minutes * 60_000));
  smtp.modeFor = (to) => (refused(to) ? '5xx-rcpt' : 'ok');
  await runDeliver(ctx);
}

const inState = async () => {
  const { rows } = await database.pool.query<{ state: string; count: number }>(
    'SELECT state, count(*)::int AS count FROM deliveries WHERE key = $1 GROUP BY state ORDER BY state',
    [EDITION],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};
const suppressed = () => database.db.suppression.count();
const inDoubt = () => database.db.addressStanding.count({ where: { doubtedAt: { not: null } } });
const alarms = () => database.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: { id: 'asc' } });
const numberOf = (to: string) => Number(/^reader(\d+)@/.exec(to)?.[1]);
const from = (domain: string) => (to: string) => to.endsWith(`@${domain}`);

describe('what was refused and cannot be weighed now', () => {
  it('when somebody holds what weighing needs, then every result is recorded, and it is weighed later', async () => {
    await readers('small.example', 3, 0);
    await transaction(database.db, async (tx) => {
      await lockStandings(tx);
      await at(0, (to) => numberOf(to) === 1);
      expect(await inState()).toEqual({ bounced: 1, sent: 2 });
    });
    expect(await suppressed()).toBe(0);
    expect(await runHousekeeping(ctx)).toMatchObject({ weighed: 1 });
    expect(await suppressed()).toBe(1);
  });
});

describe('a destination that refuses its readers as unknown', () => {
  it('when it refuses all 300 for an hour, then nobody is buried, everybody gets the mail once, and the operator is told once', async () => {
    await readers('big.example', 300);
    for (const minutes of [0, 10, 31, 59]) {
      await at(minutes, from('big.example'));
      const { planned = 0, retrying = 0 } = await inState();
      expect(planned + retrying).toBe(300);
      expect(await suppressed()).toBe(0);
    }
    await at(61, from('big.example'));
    expect(await inState()).toEqual({ retrying: 300 });
    await at(122, () => false);
    expect(await inState()).toEqual({ sent: 300 });
    expect(await suppressed()).toBe(0);
    const got = smtp.mails.filter(({ to }) => from('big.example')(to));
    expect([got.length, new Set(got.map(({ to }) => to)).size]).toEqual([300, 300]);
    const told = await alarms();
    expect(told.map(({ key }) => key.split(':', 2))).toEqual([
      ['refusals', 'big.example'],
      ['refusals-over', 'big.example'],
    ]);
    expect(await inDoubt()).toBe(0);
    expect(JSON.stringify(told[0]?.payload)).toMatch(
      /big\.example has refused \d+ addresses .* 550 5\.1\.1 No such user.*big\.example refuses its readers as unknown/,
    );
    expect(smtp.failures.length).toBeLessThanOrEqual(301); // one mail an hour finds out
  });

  it('when it goes on past the late limit, then the mails are late and nobody is suppressed', async () => {
    await readers('big.example', 60);
    for (let minutes = 0; minutes < 600; minutes += 60) await at(minutes, from('big.example'));
    expect(await inState()).toEqual({ failed: 60 });
    expect(await suppressed()).toBe(0);
    expect(await alarms()).toHaveLength(1);
  });

  it('when one reader stays unknown after it recovered, then that one is in doubt', async () => {
    await readers('big.example', 100);
    await at(0, from('big.example'));
    for (const minutes of [61, 122, 155]) await at(minutes, (to) => to === 'reader7@big.example');
    expect(await inState()).toEqual({ bounced: 1, sent: 99 });
    expect([await suppressed(), await inDoubt()]).toEqual([0, 1]);
  });

  it('when another one works meanwhile, then only the first one waits', async () => {
    await readers('big.example', 40);
    await readers('fine.example', 40);
    await at(0, (to) => from('big.example')(to) || to === 'reader3@fine.example');
    expect(await inState()).toEqual({ bounced: 1, retrying: 40, sent: 39 });
    expect([await suppressed(), await inDoubt()]).toEqual([0, 1]);
    expect(await alarms()).toHaveLength(1);
  });

  it('when two do so, then each is excused and told of', async () => {
    await readers('big.example', 30);
    await readers('other.example', 30);
    await at(0, () => true);
    expect(await inState()).toEqual({ retrying: 60 });
    expect(await alarms()).toHaveLength(2);
  });

  it('when some of its readers never took a mail, or long ago, then they are suppressed as ever', async () => {
    await readers('big.example', 60, 40);
    await readers('old.example', 30, 30, 91);
    await at(0, (to) => !to.endsWith('elsewhere.example'));
    expect(await inState()).toEqual({ bounced: 50, retrying: 40 });
    expect(await suppressed()).toBe(50);
    const { rows } = await database.pool.query<{ email: string }>(
      "SELECT email FROM deliveries WHERE state = 'retrying'",
    );
    expect(rows.every(({ email }) => numberOf(email) <= 40)).toBe(true);
  });

  it('when the first ones were suppressed and other mails of theirs cancelled for it, then these come back too', async () => {
    await readers('big.example', 40);
    await database.pool.query(`
      INSERT INTO address_standings (address_hash, doubted_at, rest_until)
      SELECT address_hash, '2026-01-01T08:00:00Z', '2026-01-04T08:00:00Z' FROM subscribers WHERE substring(email from '^reader(\\d+)')::int <= 10`);
    await at(0, (to) => numberOf(to) <= 10);
    expect(await suppressed()).toBe(10);
    await database.pool.query(`
      INSERT INTO deliveries (kind, key, subscriber_id, email, address_hash, language, key_id, generation, next_attempt_at, created_at)
      SELECT 'link', 'more', subscriber_id, email, address_hash, 'en', 1, 1, '2026-01-05T08:00:00Z', '2026-01-05' FROM deliveries WHERE key = '${EDITION}'`);
    await at(20, from('big.example'));
    expect(await suppressed()).toBe(0);
    expect(await inDoubt()).toBe(10); // as before that hour
    await at(81, () => false);
    const { rows } = await database.pool.query("SELECT DISTINCT state FROM deliveries WHERE kind = 'link'");
    expect(rows).toEqual([{ state: 'sent' }]);
  });
});

describe('what is no such hour', () => {
  it.each([
    [10_000, 19],
    [50, 3],
    [667, 20],
  ])('when of %i readers %i are unknown, then these are in doubt', async (count, unknown) => {
    await readers('big.example', count);
    await database.pool.query(
      "DELETE FROM deliveries WHERE key = $1 AND substring(email from '^reader(\\d+)')::int > 50",
      [EDITION],
    );
    await at(0, (to) => numberOf(to) <= unknown);
    expect(await inState()).toEqual({ bounced: unknown, sent: 50 - unknown });
    expect([await suppressed(), await inDoubt()]).toEqual([0, unknown]);
    expect(await alarms()).toEqual([]);
  });

  it('when 20 of 666 are unknown, over 3 %, then nobody is', async () => {
    await readers('big.example', 666);
    await at(0, (to) => numberOf(to) <= 20);
    expect((await inState()).bounced).toBeUndefined();
    expect([await suppressed(), await inDoubt()]).toEqual([0, 0]);
  });

  it('when they come over more than an hour, then they are in doubt', async () => {
    await readers('big.example', 100);
    await database.pool.query(
      "UPDATE deliveries SET next_attempt_at = '2026-01-05T13:10:00Z' WHERE key = $1 AND substring(email from '^reader(\\d+)')::int > 15",
      [EDITION],
    );
    await at(0, (to) => numberOf(to) <= 30);
    await at(70, (to) => numberOf(to) <= 30);
    expect(await inState()).toEqual({ bounced: 30, sent: 70 });
    expect([await suppressed(), await inDoubt()]).toEqual([0, 30]);
  });
});

describe('the days of destinations', () => {
  it('when servers take, put off and refuse, then each answer is counted by day, destination and what it was about', async () => {
    await readers('kind.example', 6);
    await readers('hard.example', 4, 0);
    await readers('busy.example', 3);
    ctx.setNow(new Date(NOON));
    smtp.modeFor = (to) => (from('hard.example')(to) ? '5xx-rcpt' : from('busy.example')(to) ? 'full' : 'ok');
    await runDeliver(ctx);
    await runDeliver(ctx); // finds nothing, and counts nothing
    const days = await database.db.destinationDay.findMany({ orderBy: { destination: 'asc' } });
    const day = new Date('2026-01-05T00:00:00Z');
    expect(days.map((row) => ({ ...row, n: Number(row.n) }))).toEqual([
      { day, destination: 'busy.example', answer: 'put-off', about: '', n: 3 },
      { day, destination: 'hard.example', answer: 'refused', about: 'address', n: 4 },
      { day, destination: 'kind.example', answer: 'taken', about: '', n: 6 },
    ]);
  });
});
