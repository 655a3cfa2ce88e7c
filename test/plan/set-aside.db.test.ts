import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { planMissed } from '../../src/plan/plan-missed.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { newslettersOf } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';
import type { Subscriber } from '../../src/model/subscriber.ts';

const database = testDatabase();
let ctx: TestContext;
const at = (text: string) => new Date(text);
const joined = at('2026-01-04T12:00:00Z');

beforeEach(async () => {
  ctx = await testContext(database, { ADMIN_EMAIL: 'ops@digest.example.org' });
  await database.db
    .$executeRaw`CALL empty_anew('subscribers, papers, captures, interests, editions, deliveries, suppressions, runs')`;
  await makeDigest(ctx.db, '2026-01-05', ['One', 'Two'], at('2026-01-05T02:00:00Z'));
});
afterEach(async () => {
  await database.db.$executeRawUnsafe('DROP TRIGGER IF EXISTS refuse ON newsletters');
});

const planAt = (text: string, options?: Parameters<typeof runPlan>[1]) => {
  ctx.setNow(text);
  return runPlan(ctx, options);
};
const jobAt = (text: string) => {
  ctx.setNow(text);
  return runJob(ctx, jobNamed('plan')!);
};
/** What no form takes, but another machine or an older release may have left. */
const setZone = (id: number, zone: string) =>
  database.db.$executeRaw`UPDATE subscribers SET time_zone = ${zone} WHERE id = ${id}`;
const alarms = async () =>
  (await database.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: { id: 'asc' } })).map(
    ({ payload }) => payload as { subject: string; lines: string[] },
  );
const editionsOf = async ({ id }: { id: number }) => (await newslettersOf(ctx.db, id)).map(({ edition }) => edition);
const problemOf = async ({ id }: { id: number }) =>
  (await database.db.subscriber.findUniqueOrThrow({ where: { id } })).planningProblem;

/** Makes the database refuse the newsletters of these readers, as a broken row or index would. */
async function refuse(ids: number[]): Promise<void> {
  await database.db.$executeRawUnsafe(`
    CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.subscriber_id IN (${ids.join()}) THEN RAISE EXCEPTION 'index is corrupted'; END IF; RETURN NEW; END $$`);
  await database.db.$executeRawUnsafe(
    'CREATE TRIGGER refuse BEFORE INSERT ON newsletters FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
}

describe('a reader who cannot be planned', () => {
  it.each([
    ['Mars/Olympus', 'is not known'],
    ['', 'is not known'],
    ['PST', 'is not known'], // Intl takes it, but no slot can be reckoned in it
    ['Etc/Unknown', 'is not known'],
  ])('when one bears the time zone «%s», then all others get theirs and the one is named', async (zone, words) => {
    const readers = [];
    for (let nth = 0; nth < 5; nth++) readers.push(await makeReader(ctx.db, joined, { welcome: nth > 2 }));
    const odd = readers[1]!;
    await setZone(odd.id, zone);
    expect(await planAt('2026-01-05T08:00:10Z')).toMatchObject({ due: 5, newsletters: 4, setAside: 1 });
    for (const reader of readers) {
      if (reader === odd) expect(await editionsOf(reader)).toEqual([]);
      else expect(await editionsOf(reader)).toContain('daily:2026-01-05');
    }
    expect(await problemOf(odd)).toContain(`«${zone}» ${words}`);
  });

  it('when their welcome is due, then it is set aside alone too', async () => {
    const odd = await makeReader(ctx.db, joined, { welcome: true });
    const other = await makeReader(ctx.db, joined, { welcome: true });
    await setZone(odd.id, 'Mars/Olympus');
    expect(await planAt('2026-01-05T03:00:00Z')).toMatchObject({ welcomes: 1, setAside: 1 });
    expect(await editionsOf(other)).toEqual(['welcome:1']);
  });

  it('when minutes pass, then the operator is told once, with number, reason and where to look', async () => {
    const odd = [await makeReader(ctx.db, joined), await makeReader(ctx.db, joined)];
    await makeReader(ctx.db, joined);
    for (const { id } of odd) await setZone(id, 'Mars/Olympus');
    for (const minute of ['00', '01', '02', '03']) await jobAt(`2026-01-05T08:${minute}:10Z`);
    const told = await alarms();
    expect(told).toHaveLength(1);
    expect(told[0]!.subject).toBe('2 readers cannot be planned');
    expect(told[0]!.lines[0]).toBe('2: the time zone «Mars/Olympus» is not known to this system');
    for (const { publicId } of odd)
      expect(told[0]!.lines).toContain(`http://localhost:3000/admin/subscribers/${publicId}`);
    expect(told[0]!.lines.join(' ')).toContain('npx offprint admin create');
    const third = await makeReader(ctx.db, joined);
    await setZone(third.id, 'Mars/Phobos');
    await jobAt('2026-01-05T08:04:10Z');
    expect(await problemOf(third)).toContain('Phobos');
    expect(await alarms()).toHaveLength(1); // more of it within the hour
    await jobAt('2026-01-05T09:00:10Z');
    expect((await alarms())[1]!.subject).toBe('3 readers cannot be planned');
  });

  it('when a hundred zones are unknown, then the alarm is no longer than a mail shows, and says what to do all the same', async () => {
    for (let nth = 0; nth < 100; nth++) await setZone((await makeReader(ctx.db, joined)).id, `Mars/Crater_${nth}`);
    await jobAt('2026-01-05T08:00:10Z');
    const [{ subject, lines }] = (await alarms()) as [{ subject: string; lines: string[] }];
    expect(subject).toBe('100 readers cannot be planned');
    expect(lines.length).toBeLessThanOrEqual(50);
    expect(lines.join(' ')).toMatch(/and others: http\S+readyz\?verbose.*choose there.*npx offprint admin create/);
  });

  it('when the fault is mended, then the next run plans them; later than their limit they merge into the next slot', async () => {
    const [soon, late] = [await makeReader(ctx.db, joined), await makeReader(ctx.db, joined)];
    await setZone(soon.id, 'Mars/Olympus');
    await setZone(late.id, 'Mars/Olympus');
    await planAt('2026-01-05T08:00:10Z');
    await setZone(soon.id, 'UTC');
    expect(await planAt('2026-01-05T08:01:10Z')).toMatchObject({ newsletters: 1, setAside: 1 });
    expect(await editionsOf(soon)).toEqual(['daily:2026-01-05']);
    expect(await problemOf(soon)).toBeNull();
    await setZone(late.id, 'Asia/Tokyo');
    expect(await planAt('2026-01-07T02:00:00Z')).toMatchObject({ newsletters: 1 });
    expect(await editionsOf(late)).toEqual(['daily:2026-01-07']); // its 8:00 in Tokyo was three hours ago
    expect(await problemOf(late)).toBeNull();
  });

  it('when it is the database that refuses some of a batch, then the others are planned, in halves, and each refused one is named', async () => {
    const readers: Subscriber[] = [];
    for (let nth = 0; nth < 40; nth++) readers.push(await makeReader(ctx.db, joined));
    const refused = [0, 17, 18, 39].map((nth) => readers[nth]!);
    await refuse(refused.map(({ id }) => id));
    expect(await planAt('2026-01-05T08:00:10Z', { batch: 16 })).toMatchObject({
      due: 40,
      newsletters: 36,
      setAside: 4,
    });
    for (const reader of refused) expect(await problemOf(reader)).toContain('index is corrupted');
    await database.db.$executeRawUnsafe('DROP TRIGGER refuse ON newsletters');
    expect(await planAt('2026-01-05T08:01:10Z')).toMatchObject({ newsletters: 4, setAside: 0 });
    expect(await database.db.newsletter.count()).toBe(40);
  });

  it('when an operator looks after a missed edition, then one unknown zone does not stop the others', async () => {
    const odd = await makeReader(ctx.db, joined);
    const other = await makeReader(ctx.db, joined);
    ctx.setNow('2026-01-06T04:00:00Z');
    await database.db.subscriber.updateMany({
      data: { lastSlotOn: at('2026-01-05'), nextDueAt: at('2026-01-06T08:00:00Z') },
    });
    await setZone(odd.id, 'Mars/Olympus');
    expect(await planMissed(ctx, 'daily:2026-01-05', { dryRun: true })).toMatchObject({ planned: 1, setAside: 1 });
    expect(await problemOf(odd)).toBeNull();
    expect(await planMissed(ctx, 'daily:2026-01-05', { dryRun: false })).toMatchObject({ planned: 1, setAside: 1 });
    expect(await editionsOf(other)).toEqual(['daily:2026-01-05']);
  });
});
