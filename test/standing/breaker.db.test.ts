import { beforeEach, describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { recordEvents } from '../../src/db/feedback/events.ts';
import { addressHash } from '../../src/model/address.ts';
import type { FeedbackKind } from '../../src/model/feedback.ts';
import { resumeEdition } from '../../src/operate/resume-edition.ts';
import { weighEvents } from '../../src/standing/weigh-events.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeEdition } from '../world/mails.ts';

const database = testDatabase();
/** Each test has its own: the log of acts keeps what was paused. */
let key: string;
let number = 0;
const NOW = new Date('2026-01-05T12:00:00Z');
let ctx: TestContext;
let editionId: number;

beforeEach(async () => {
  await clearLedger(database.db);
  ctx = await testContext(database, { ADMIN_EMAIL: 'operator@elsewhere.example' });
  ctx.setNow(NOW);
  key = `daily:2026-01-${String(++number).padStart(2, '0')}`;
  editionId = await makeEdition(database.db, key);
});

/** Readers of an edition with a mail each that was sent, and so many more for whom one waits. */
async function edition(sent: number, waiting = 1): Promise<bigint[]> {
  const hashes = Array.from({ length: sent + waiting }, (_, n) =>
    addressHash(ctx.keys.suppression, `reader${n}@some.example`).toString('hex'),
  );
  await asFixture(
    database.pool,
    `WITH people AS (
       INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at, source)
       SELECT 'r' || n, 'reader' || (n - 1) || '@some.example', decode(hash, 'hex'), 'confirmed', 'daily', 1, 8, 'UTC', 10, 'en', '2025-01-01', 'a list of old'
       FROM unnest($1::text[]) WITH ORDINALITY AS h(hash, n) RETURNING id, email, address_hash
     )
     INSERT INTO deliveries (kind, key, subscriber_id, edition_id, email, address_hash, language, key_id, generation, state, next_attempt_at, sent_at, finished_at, created_at)
     SELECT 'link', $2, id, $3, email, address_hash, 'en', 1, 1, CASE WHEN n <= $4 THEN 'sent' ELSE 'planned' END::delivery_state, '2026-01-05', at, at, '2026-01-05'
     FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM people) AS p, LATERAL (SELECT CASE WHEN n <= $4 THEN '2026-01-05T08:00Z'::timestamptz END) AS v(at)`,
    [hashes, key, editionId, sent],
  );
  const rows = await database.db.delivery.findMany({
    where: { state: 'sent' },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

async function come(kind: FeedbackKind, deliveries: readonly bigint[]): Promise<void> {
  const rest = {
    reportId: null,
    subscriberId: null,
    named: null,
    rule: null,
    status: null,
    reply: null,
    line: null,
    providerId: null,
  };
  const about = kind === 'hard' ? ('address' as const) : null;
  const events = deliveries.map((deliveryId) => ({ door: 'smtp' as const, kind, about, deliveryId, ...rest }));
  await transaction(database.db, (tx) => recordEvents(tx, events, ctx.now()));
  await weighEvents(ctx);
}

const stateOf = async () => (await database.db.edition.findUniqueOrThrow({ where: { key } })).state;
const alarms = async () => {
  const rows = await database.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: { id: 'asc' } });
  return rows.map(({ payload }) => payload as { subject: string; lines: string[] });
};

describe('complaints', () => {
  it('when 5 of 4,000 complain, then the operator is told; of 10,000 nobody is', async () => {
    const sent = await edition(4_000);
    await come('complaint', sent.slice(0, 4));
    expect(await alarms()).toEqual([]);
    await come('complaint', sent.slice(4, 5));
    expect(await alarms()).toMatchObject([{ subject: 'Complaints are rising' }]);
    expect(await stateOf()).toBe('open');
    expect((await alarms())[0]?.lines[0]).toMatch(/^5 complaints of 4000 newsletters in 7 days \(0\.13 %\)/);
  });

  it('when 10 of 3,000 complain, then what is under way is paused, once', async () => {
    const sent = await edition(3_000);
    await come('complaint', sent.slice(0, 10));
    expect(await stateOf()).toBe('paused');
    expect((await alarms()).map(({ subject }) => subject)).toEqual(['Too many complaints']);
    await resumeEdition(ctx, key, 'cli');
    await come('complaint', sent.slice(10, 12));
    expect(await stateOf()).toBe('open');
  });

  it('when 9 of 10 complain, then these are too few to pause anything', async () => {
    await come('complaint', (await edition(10)).slice(0, 9));
    expect(await stateOf()).toBe('open');
  });
});

describe('addresses that refuse an edition', () => {
  it('when 50 of 1,000 do, then it is paused and the import is named', async () => {
    const sent = await edition(999);
    await come('hard', sent.slice(0, 49));
    expect(await stateOf()).toBe('open');
    await come('hard', sent.slice(49, 50));
    expect(await stateOf()).toBe('paused');
    const [alarm] = await alarms();
    expect(alarm?.subject).toBe(`${key} was paused: too many addresses are unknown`);
    expect(alarm?.lines.join(' ')).toMatch(/50 of 1000 .*5\.00 %.*50 of them came by «a list of old»/);
  });

  it('when 50 of 1,100 do, then it goes on', async () => {
    await come('hard', (await edition(1_100)).slice(0, 50));
    expect(await stateOf()).toBe('open');
  });
});
