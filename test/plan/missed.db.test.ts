import { beforeEach, describe, expect, it } from 'vitest';
import { runPlan } from '../../src/plan/run-plan.ts';
import { planMissed } from '../../src/plan/plan-missed.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, makeMatches } from '../world/digests.ts';
import { newslettersOf, sendAll } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
let ctx: TestContext;
const at = (text: string) => new Date(text);
const DAILY = 'daily:2026-01-05';
const WEEKLY = 'weekly:2026-W02';

beforeEach(async () => {
  ctx = await testContext(database);
  await database.db
    .$executeRaw`CALL empty_tables('captures, digests, entries, papers, interests, matches, subscribers, editions, newsletters, deliveries, suppressions')`;
});

/**
 * A daily and a weekly reader whose slot is Monday 5 January, 8:00, and lists from 2 to 13 January, each there early on
 * its day.
 */
async function world() {
  const joined = at('2026-01-04T12:00:00Z');
  const daily = await makeReader(ctx.db, joined);
  const weekly = await makeReader(ctx.db, joined, { cadence: 'weekly', weekday: 1 });
  for (let day = 2; day <= 13; day++) {
    const on = `2026-01-${String(day).padStart(2, '0')}`;
    await makeDigest(ctx.db, on, [`Of ${on}`], at(`${on}T02:00:00Z`));
  }
  return { daily, weekly };
}

async function planAt(instant: string) {
  ctx.setNow(instant);
  return runPlan(ctx);
}

const missedAt = (instant: string, edition: string, dryRun = false) => {
  ctx.setNow(instant);
  return planMissed(ctx, edition, { dryRun });
};
const editionsOf = async (reader: { id: number }) =>
  (await newslettersOf(ctx.db, reader.id)).map(({ edition, states }) => `${edition} ${states.join()}`);

describe('when the service was down over the slot of Monday, 8:00', () => {
  it('and is back after 3 h, then both editions are planned', async () => {
    const { daily, weekly } = await world();
    expect(await planAt('2026-01-05T11:00:00Z')).toMatchObject({ newsletters: 2, passedOver: 0 });
    expect(await editionsOf(daily)).toEqual([`${DAILY} planned`]);
    expect(await editionsOf(weekly)).toEqual([`${WEEKLY} planned`]);
  });

  it('and is back after 20 h, then the daily one merges into the next and the weekly one is planned', async () => {
    const { daily, weekly } = await world();
    expect(await planAt('2026-01-06T04:00:00Z')).toMatchObject({ newsletters: 1, passedOver: 1 });
    expect(await planAt('2026-01-06T08:00:00Z')).toMatchObject({ newsletters: 1 });
    const [next, ...more] = await newslettersOf(ctx.db, daily.id);
    expect(more).toEqual([]);
    expect(next).toMatchObject({ edition: 'daily:2026-01-06' });
    expect(next?.papers).toHaveLength(5); // 2 to 6 January: nothing of the missed one is lost
    expect(await editionsOf(weekly)).toEqual([`${WEEKLY} planned`]);
  });

  it('and is back after 3 days and 4 h, then one daily edition stands for all, and the weekly one merges into the next', async () => {
    const { daily, weekly } = await world();
    expect(await planAt('2026-01-08T12:00:00Z')).toMatchObject({ newsletters: 1, passedOver: 1 });
    expect(await planAt('2026-01-08T12:01:00Z')).toMatchObject({ due: 0 });
    const [only, ...more] = await newslettersOf(ctx.db, daily.id);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ edition: 'daily:2026-01-08' });
    expect(only?.papers).toHaveLength(7); // 2 to 8 January
    expect(await editionsOf(weekly)).toEqual([]);
    await planAt('2026-01-12T08:00:00Z');
    const [next] = await newslettersOf(ctx.db, weekly.id);
    expect(next).toMatchObject({ edition: 'weekly:2026-W03' });
    expect(next?.papers).toHaveLength(10); // of 11, ten fit
  });

  it('and a newsletter had been planned and waited through it all, then it gives way and its papers return', async () => {
    const { daily } = await world();
    await planAt('2026-01-05T08:00:00Z');
    await planAt('2026-01-08T12:00:00Z');
    expect(await editionsOf(daily)).toEqual([`${DAILY} failed`, 'daily:2026-01-08 planned']);
    expect((await newslettersOf(ctx.db, daily.id))[1]?.papers).toHaveLength(7);
  });
});

describe('an operator plans what was missed', () => {
  it('when planning passed the slot over, then the reader gets the edition after all, once, and keeps the next slot', async () => {
    const { daily, weekly } = await world();
    await planAt('2026-01-06T04:00:00Z');
    const before = await ctx.db.subscriber.findUniqueOrThrow({ where: { id: daily.id } });
    expect(await missedAt('2026-01-06T05:00:00Z', DAILY, true)).toEqual({ planned: 1, nothing: 0, waiting: 0 });
    expect(await editionsOf(daily)).toEqual([]);
    expect(await missedAt('2026-01-06T05:00:00Z', DAILY)).toEqual({ planned: 1, nothing: 0, waiting: 0 });
    expect(await missedAt('2026-01-06T05:00:00Z', DAILY)).toEqual({ planned: 0, nothing: 0, waiting: 0 });
    expect(await editionsOf(daily)).toEqual([`${DAILY} planned`]);
    expect(await editionsOf(weekly)).toEqual([`${WEEKLY} planned`]); // once, by planning
    const delivery = await ctx.db.delivery.findFirstOrThrow({ where: { subscriberId: daily.id } });
    expect(delivery.lateAt).toEqual(at('2026-01-06T17:00:00Z')); // twelve hours from the wish
    const after = await ctx.db.subscriber.findUniqueOrThrow({ where: { id: daily.id } });
    expect(after).toMatchObject({ nextDueAt: before.nextDueAt, lastSlotOn: before.lastSlotOn });
    await sendAll(ctx.db, ctx.now());
    await planAt('2026-01-06T08:00:00Z');
    const shown = (await newslettersOf(ctx.db, daily.id)).map(({ papers }) => papers);
    expect(shown.map((papers) => papers.length)).toEqual([4, 1]); // 2 to 5 January, then what came after that slot
    expect(new Set(shown.flat()).size).toBe(5);
  });

  it('when planning has not run since, then the slot is planned now and planning does not look at it again', async () => {
    const { weekly } = await world();
    expect(await missedAt('2026-01-08T12:00:00Z', WEEKLY)).toMatchObject({ planned: 1 });
    await planAt('2026-01-08T12:01:00Z');
    expect(await editionsOf(weekly)).toEqual([`${WEEKLY} planned`]);
  });

  it('when it merged into a later edition, then nobody missed it', async () => {
    const { daily } = await world();
    await planAt('2026-01-06T04:00:00Z');
    await planAt('2026-01-06T08:00:00Z');
    expect(await missedAt('2026-01-06T09:00:00Z', DAILY)).toEqual({ planned: 0, nothing: 0, waiting: 0 });
    expect(await editionsOf(daily)).toEqual(['daily:2026-01-06 planned']);
  });

  it('when readers left, paused, are suppressed or joined later, then they have not missed it', async () => {
    await world();
    const joined = at('2026-01-04T12:00:00Z');
    const out = await Promise.all([1, 2, 3].map(() => makeReader(ctx.db, joined)));
    const [left, paused, suppressed] = out;
    await makeReader(ctx.db, at('2026-01-05T09:00:00Z'));
    await planAt('2026-01-06T04:00:00Z');
    await ctx.db.subscriber.update({ where: { id: left?.id ?? 0 }, data: { status: 'unsubscribed', nextDueAt: null } });
    await ctx.db.subscriber.update({
      where: { id: paused?.id ?? 0 },
      data: { pausedUntil: at('2026-02-01T00:00:00Z') },
    });
    await ctx.db.suppression.create({
      data: { addressHash: Uint8Array.from(suppressed?.addressHash ?? []), reason: 'manual', at: joined },
    });
    expect(await missedAt('2026-01-06T05:00:00Z', DAILY)).toMatchObject({ planned: 1 });
  });

  it('when an interest is not matched yet, then its reader waits; when nothing is new, then it is said', async () => {
    await world();
    await planAt('2026-01-06T04:00:00Z');
    const papers = await makeDigest(ctx.db, '2026-01-01', ['Tides'], at('2026-01-01T02:00:00Z'));
    const interestId = await makeMatches(ctx.db, 'tides', papers);
    const reader = await makeReader(ctx.db, at('2026-01-04T12:00:00Z'), { wishes: ['tides'] });
    await planAt('2026-01-06T04:01:00Z');
    await ctx.db.interest.update({ where: { id: interestId }, data: { matcherVersion: null } });
    expect(await missedAt('2026-01-06T05:00:00Z', DAILY, true)).toEqual({ planned: 1, nothing: 0, waiting: 1 });
    await ctx.db.interest.update({ where: { id: interestId }, data: { matcherVersion: 1 } });
    await ctx.db.subscriber.update({
      where: { id: reader.id },
      data: { lastNewsletterAt: at('2026-01-04T12:00:00Z') },
    });
    expect(await missedAt('2026-01-06T05:00:00Z', DAILY)).toEqual({ planned: 1, nothing: 1, waiting: 0 });
  });

  it('when two operators ask at once, then each reader is planned once', async () => {
    await world();
    for (let n = 0; n < 20; n++) await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
    await planAt('2026-01-06T04:00:00Z');
    const both = await Promise.all([1, 2].map(() => missedAt('2026-01-06T05:00:00Z', DAILY)));
    expect(both.reduce((sum, { planned }) => sum + planned, 0)).toBe(21);
    expect(await ctx.db.delivery.count({ where: { key: DAILY } })).toBe(21);
  });

  it('when the edition was cancelled or is a welcome, then nothing is planned', async () => {
    await world();
    await planAt('2026-01-06T04:00:00Z');
    await ctx.db.edition.create({ data: { key: DAILY, state: 'cancelled', createdAt: ctx.now() } });
    expect(await missedAt('2026-01-06T05:00:00Z', DAILY)).toMatchObject({ planned: 0 });
    expect(await missedAt('2026-01-06T05:00:00Z', 'welcome:1')).toEqual({ planned: 0, nothing: 0, waiting: 0 });
  });
});
