import { beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '../../src/lib/time.ts';
import { loadUnmatchedInterests } from '../../src/db/interests/plan-readiness.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { makeDigest, makeMatches } from '../world/digests.ts';
import { newslettersOf, sendAll } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database);
  await database.db
    .$executeRaw`CALL empty_anew('subscribers, papers, captures, interests, editions, deliveries, suppressions')`;
});

const at = (text: string) => new Date(text);
const planAt = (text: string, options?: Parameters<typeof runPlan>[1]) => {
  ctx.setNow(text);
  return runPlan(ctx, options);
};

describe('runPlan', () => {
  it('when a slot has come, then the reader gets one newsletter with the papers that fit, and moves on', async () => {
    const papers = await makeDigest(
      ctx.db,
      '2026-01-05',
      ['Linear attention', 'Protein folding', 'Robots'],
      at('2026-01-05T02:00:00Z'),
    );
    await makeMatches(ctx.db, 'attention', papers.slice(0, 1));
    const reader = await makeReader(ctx.db, at('2026-01-04T12:00:00Z'), { wishes: ['attention'] });
    expect(await planAt('2026-01-05T07:59:59Z')).toMatchObject({ due: 0, newsletters: 0 });
    expect(await planAt('2026-01-05T08:00:10Z')).toMatchObject({ due: 1, newsletters: 1 });
    expect(await planAt('2026-01-05T08:01:10Z')).toMatchObject({ due: 0, newsletters: 0 });
    expect(await newslettersOf(ctx.db, reader.id)).toMatchObject([
      {
        edition: 'daily:2026-01-05',
        papers: [papers[0]?.paperId],
        slotAt: '2026-01-05T08:00:00.000Z',
        states: ['planned'],
      },
    ]);
    const delivery = await ctx.db.delivery.findFirstOrThrow();
    expect(delivery).toMatchObject({
      kind: 'newsletter',
      key: 'daily:2026-01-05',
      email: reader.email,
      lateAt: at('2026-01-05T20:00:00Z'),
    });
    expect(ctx.woken).toContain('deliver');
  });

  it('when two planners and more readers than a batch meet, then each reader gets one newsletter', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['One', 'Two'], at('2026-01-05T02:00:00Z'));
    for (let i = 0; i < 60; i++) await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
    ctx.setNow('2026-01-05T08:00:10Z');
    const runs = await Promise.all([
      runPlan(ctx, { batch: 7 }),
      runPlan(ctx, { batch: 7 }),
      runPlan(ctx, { batch: 50 }),
    ]);
    const again = await runPlan(ctx);
    const total = [...runs, again].reduce((sum, { newsletters }) => sum + newsletters, 0);
    expect(total).toBe(60);
    expect(await ctx.db.newsletter.count()).toBe(60);
    expect(await ctx.db.delivery.count()).toBe(60);
    expect(await ctx.db.subscriber.count({ where: { nextDueAt: at('2026-01-06T08:00:00Z') } })).toBe(60);
  });

  it('when planning dies in the middle of a batch, then nothing of it stays and the next run does it whole', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['One'], at('2026-01-05T02:00:00Z'));
    const reader = await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
    const dying = {
      ...ctx,
      now: () => at('2026-01-05T08:00:10Z'),
      queue: { wake: () => Promise.reject(new Error('the lights went out')) },
    };
    await expect(runPlan(dying)).rejects.toThrow('the lights went out');
    expect(await ctx.db.newsletter.count()).toBe(0);
    expect(await planAt('2026-01-05T08:05:00Z')).toMatchObject({ newsletters: 1 });
    expect(await newslettersOf(ctx.db, reader.id)).toHaveLength(1);
  });

  it('when the service was down for days, then the missed slots merge into one, and a late one waits for the next', async () => {
    const reader = await makeReader(ctx.db, at('2026-01-01T12:00:00Z'));
    for (const day of [2, 3, 4, 5])
      await makeDigest(ctx.db, `2026-01-0${day}`, [`On ${day}`], at(`2026-01-0${day}T02:00:00Z`));
    expect(await planAt('2026-01-04T21:00:00Z')).toMatchObject({ due: 1, newsletters: 0, passedOver: 1 });
    expect(await planAt('2026-01-05T08:30:00Z')).toMatchObject({ due: 1, newsletters: 1 });
    const [only, ...more] = await newslettersOf(ctx.db, reader.id);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ edition: 'daily:2026-01-05' });
    expect(only?.papers).toHaveLength(4);
  });

  it('when nothing arrived since the last newsletter, then there is none, and what did not fit comes with the next', async () => {
    const reader = await makeReader(ctx.db, at('2026-01-04T12:00:00Z'), { maxPapers: 2 });
    const first = await makeDigest(ctx.db, '2026-01-05', ['A', 'B', 'C'], at('2026-01-05T02:00:00Z'));
    expect(await planAt('2026-01-05T08:00:00Z')).toMatchObject({ newsletters: 1 });
    await sendAll(ctx.db, ctx.now());
    expect(await planAt('2026-01-06T08:00:00Z')).toMatchObject({ newsletters: 0, nothing: 1 });
    const second = await makeDigest(ctx.db, '2026-01-07', ['D'], at('2026-01-07T02:00:00Z'));
    expect(await planAt('2026-01-07T08:00:00Z')).toMatchObject({ newsletters: 1 });
    const got = (await newslettersOf(ctx.db, reader.id)).map(({ papers }) => papers);
    expect(got).toEqual([
      [first[0]?.paperId, first[1]?.paperId],
      [second[0]?.paperId, first[2]?.paperId],
    ]);
  });

  it('when a digest lies outside the content window, then a reader never gets it, however new its arrival', async () => {
    await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
    await makeDigest(ctx.db, '2025-12-20', ['Backfilled'], at('2026-01-05T02:00:00Z'));
    expect(await planAt('2026-01-05T08:00:00Z')).toMatchObject({ newsletters: 0, nothing: 1 });
  });

  it('when a newsletter still waits as the next is planned, then it gives way and its papers return', async () => {
    const reader = await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
    await makeDigest(ctx.db, '2026-01-05', ['A'], at('2026-01-05T02:00:00Z'));
    await planAt('2026-01-05T08:00:00Z');
    await asFixture(ctx.db, "UPDATE deliveries SET state = 'retrying'");
    expect(await planAt('2026-01-06T08:00:00Z')).toMatchObject({ newsletters: 1, replaced: 1 });
    const [first, second] = await newslettersOf(ctx.db, reader.id);
    expect(first?.states).toEqual(['failed']);
    expect(second).toMatchObject({ papers: first?.papers, states: ['planned'] });
  });

  it.each(['sending', 'uncertain', 'sent'] as const)(
    'when a newsletter is %s, then its papers stay shown',
    async (state) => {
      await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
      await makeDigest(ctx.db, '2026-01-05', ['A'], at('2026-01-05T02:00:00Z'));
      await planAt('2026-01-05T08:00:00Z');
      await asFixture(ctx.db, 'UPDATE deliveries SET state = $1', [state]);
      expect(await planAt('2026-01-06T08:00:00Z')).toMatchObject({ newsletters: 0 });
    },
  );

  it.each(['bounced', 'failed', 'cancelled'] as const)(
    'when a newsletter ended %s, then its papers return',
    async (state) => {
      await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
      await makeDigest(ctx.db, '2026-01-05', ['A'], at('2026-01-05T02:00:00Z'));
      await planAt('2026-01-05T08:00:00Z');
      await asFixture(ctx.db, 'UPDATE deliveries SET state = $1', [state]);
      expect(await planAt('2026-01-06T08:00:00Z')).toMatchObject({ newsletters: 1 });
    },
  );

  it('when a shown paper comes back on another list under another id merged into it, then it is not shown again', async () => {
    const reader = await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
    const [old] = await makeDigest(ctx.db, '2026-01-05', ['A'], at('2026-01-05T02:00:00Z'));
    await planAt('2026-01-05T08:00:00Z');
    await sendAll(ctx.db, ctx.now());
    const [again, fresh] = await makeDigest(ctx.db, '2026-01-06', ['A, version two', 'B'], at('2026-01-06T02:00:00Z'));
    await ctx.db.paper.update({ where: { id: old?.paperId ?? 0 }, data: { mergedIntoId: again?.paperId ?? 0 } });
    await planAt('2026-01-06T08:00:00Z');
    expect((await newslettersOf(ctx.db, reader.id)).at(-1)?.papers).toEqual([fresh?.paperId]);
  });

  it('when a paper trended beside a newsletter, then it is not shown again either', async () => {
    const papers = await makeDigest(ctx.db, '2026-01-05', ['Attention', 'Elsewhere'], at('2026-01-05T02:00:00Z'));
    await makeMatches(ctx.db, 'attention', papers.slice(0, 1));
    await makeMatches(ctx.db, 'elsewhere', papers.slice(1));
    const reader = await makeReader(ctx.db, at('2026-01-04T12:00:00Z'), { wishes: ['attention'] });
    await planAt('2026-01-05T08:00:00Z');
    await sendAll(ctx.db, ctx.now());
    expect((await newslettersOf(ctx.db, reader.id))[0]?.trending).toEqual([papers[1]?.entryId]);
    const more = await makeDigest(ctx.db, '2026-01-06', ['Elsewhere again'], at('2026-01-06T02:00:00Z'));
    const elsewhere = await ctx.db.interest.findFirstOrThrow({ where: { key: 'elsewhere' } });
    const hit = { interestId: elsewhere.id, matcherVersion: 1, score: 0.9, reasons: [] };
    await ctx.db.match.create({ data: { ...hit, paperId: more[0]?.paperId ?? 0 } });
    await ctx.db.subscriberInterest.updateMany({ data: { interestId: elsewhere.id } });
    await planAt('2026-01-06T08:00:00Z');
    expect((await newslettersOf(ctx.db, reader.id)).at(-1)?.papers).toEqual([more[0]?.paperId]);
  });

  it('when a weekly slot has come, then the week’s movers are frozen with it, and are not shown again', async () => {
    const [own, risen, fallen] = await makeDigest(
      ctx.db,
      '2025-12-31',
      ['Attention', 'Risen', 'Fallen'],
      at('2025-12-31T02:00:00Z'),
    );
    const say = (paper: typeof own, firstUpvotes: number, upvotes: number) =>
      ctx.db.entry.update({ where: { id: paper?.entryId ?? 0 }, data: { firstUpvotes, upvotes } });
    await Promise.all([say(own, 1, 99), say(risen, 10, 60), say(fallen, 9, 4)]);
    await makeDigest(ctx.db, '2026-01-05', ['Newest'], at('2026-01-05T02:00:00Z'));
    await makeMatches(ctx.db, 'attention', own ? [own] : []);
    const since = at('2025-12-30T12:00:00Z');
    const reader = await makeReader(ctx.db, since, { wishes: ['attention'], cadence: 'weekly', weekday: 1 });
    const daily = await makeReader(ctx.db, since, { wishes: ['attention'] });
    await planAt('2026-01-05T08:00:00Z');
    const planned = () => ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: reader.id } });
    const before = await planned();
    expect(before).toMatchObject({ moverIds: [risen?.entryId], moverRises: [50] });
    expect(await ctx.db.newsletter.findFirst({ where: { subscriberId: daily.id } })).toMatchObject({ moverIds: [] });
    await sendAll(ctx.db, ctx.now());
    await say(risen, 10, 200);
    expect(await planned()).toEqual(before);
    await ctx.db.subscriberInterest.deleteMany(); // from now on they read what everyone reads
    const [fresh] = await makeDigest(ctx.db, '2026-01-06', ['Fresh'], at('2026-01-06T02:00:00Z'));
    await planAt('2026-01-12T08:00:00Z');
    expect((await newslettersOf(ctx.db, reader.id)).at(-1)?.papers).toEqual([fresh?.paperId, fallen?.paperId]);
  });

  it('when an interest has not been matched yet, then its reader stays due', async () => {
    const papers = await makeDigest(ctx.db, '2026-01-05', ['Attention'], at('2026-01-05T02:00:00Z'));
    const interestId = await makeMatches(ctx.db, 'attention', papers);
    await ctx.db.interest.update({ where: { id: interestId }, data: { matcherVersion: null } });
    await makeReader(ctx.db, at('2026-01-04T12:00:00Z'), { wishes: ['attention'] });
    expect(await planAt('2026-01-05T08:00:00Z')).toMatchObject({ waiting: 1, newsletters: 0 });
    await ctx.db.interest.update({ where: { id: interestId }, data: { matcherVersion: 1 } });
    expect(await planAt('2026-01-05T08:01:00Z')).toMatchObject({ waiting: 0, newsletters: 1 });
  });

  it('when an interest comes while a run is under way, then its reader waits for the next one', async () => {
    const papers = await makeDigest(ctx.db, '2026-01-05', ['Attention'], at('2026-01-05T02:00:00Z'));
    const known = await makeMatches(ctx.db, 'attention', papers);
    const asTheRunBegan = await loadUnmatchedInterests(ctx.db);
    const later = await makeMatches(ctx.db, 'kelp', papers);
    expect([known, later].map((id) => asTheRunBegan.has(id))).toEqual([false, true]);
    const asTheNextBegins = await loadUnmatchedInterests(ctx.db);
    expect([known, later].map((id) => asTheNextBegins.has(id))).toEqual([false, false]);
  });

  it('when a reader said «less like this» ten times, then tomorrow has other papers first, and is not empty', async () => {
    const now = at('2026-01-04T12:00:00Z');
    const [plain, tired] = [
      await makeReader(ctx.db, now, { wishes: ['study'] }),
      await makeReader(ctx.db, now, { wishes: ['study'] }),
    ];
    const robots = Array.from({ length: 10 }, (_, n) => `Robot gripper study number ${n}`);
    const seen = await makeDigest(ctx.db, '2026-01-02', robots, at('2026-01-02T02:00:00Z'));
    await ctx.db.reaction.createMany({
      data: seen.map(({ paperId }) => ({ subscriberId: tired.id, paperId, kind: 'less', at: now })),
    });
    await ctx.db.digest.updateMany({ data: { state: 'discarded' } });
    const papers = await makeDigest(
      ctx.db,
      '2026-01-05',
      ['Robot gripper study of touch', 'Protein folding study'],
      at('2026-01-05T02:00:00Z'),
    );
    await makeMatches(ctx.db, 'study', papers);
    await planAt('2026-01-05T08:00:00Z');
    const [robot, protein] = papers.map(({ paperId }) => paperId);
    expect((await newslettersOf(ctx.db, plain.id))[0]?.papers).toEqual([robot, protein]);
    expect((await newslettersOf(ctx.db, tired.id))[0]?.papers).toEqual([protein, robot]);
  });

  it('when a reader asked for more of a paper, then what is like it comes first and names it, and only for them', async () => {
    const now = at('2026-01-04T12:00:00Z');
    const [plain, keen, itself] = [
      await makeReader(ctx.db, now, { wishes: ['study'] }),
      await makeReader(ctx.db, now, { wishes: ['study'] }),
      await makeReader(ctx.db, now, { wishes: ['study'] }),
    ];
    const [liked] = await makeDigest(ctx.db, '2025-11-02', ['Robot gripper touch'], at('2025-11-02T02:00:00Z'));
    const papers = await makeDigest(
      ctx.db,
      '2026-01-05',
      ['Protein folding study', 'Legal contract study', 'Robot gripper study'],
      at('2026-01-05T02:00:00Z'),
    );
    await makeMatches(ctx.db, 'study', papers);
    const [protein, legal, robot] = papers;
    const more = (subscriberId: number, paperId = 0) => ({ subscriberId, paperId, kind: 'more' as const, at: now });
    await ctx.db.reaction.createMany({ data: [more(keen.id, liked?.paperId), more(itself.id, robot?.paperId)] });
    await planAt('2026-01-05T08:00:00Z');
    const rowOf = ({ id }: { id: number }) => ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: id } });
    expect(await rowOf(plain)).toMatchObject({ entryIds: [protein, legal, robot].map((each) => each?.entryId) });
    expect((await rowOf(plain)).likedIds).toEqual([]);
    expect(await rowOf(keen)).toMatchObject({
      entryIds: [robot, protein, legal].map((each) => each?.entryId),
      likedIds: [liked?.entryId, 0, 0],
    });
    expect((await rowOf(itself)).likedIds).toEqual([]);
  });

  it('when a reader has just confirmed, then the welcome draws on the newest digest, however old, once', async () => {
    await makeDigest(ctx.db, '2025-11-03', ['Older'], at('2025-11-03T02:00:00Z'));
    const newest = await makeDigest(ctx.db, '2025-11-04', ['Newest'], at('2025-11-04T02:00:00Z'));
    const reader = await makeReader(ctx.db, at('2026-01-05T12:00:00Z'), { welcome: true });
    expect(await planAt('2026-01-05T12:00:01Z')).toMatchObject({ welcomes: 1 });
    expect(await planAt('2026-01-05T12:00:02Z')).toMatchObject({ welcomes: 0 });
    expect(await newslettersOf(ctx.db, reader.id)).toMatchObject([
      { edition: 'welcome:1', papers: [newest[0]?.paperId] },
    ]);
  });

  it('when a slot comes right after the welcome, then the same papers do not come twice', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['A'], at('2026-01-05T02:00:00Z'));
    const reader = await makeReader(ctx.db, at('2026-01-05T07:59:58Z'), { welcome: true });
    await planAt('2026-01-05T07:59:59Z');
    await sendAll(ctx.db, ctx.now());
    await planAt('2026-01-05T08:00:00Z');
    expect((await newslettersOf(ctx.db, reader.id)).map(({ edition }) => edition)).toEqual(['welcome:1']);
  });

  it('when a reader is suppressed, paused, pending or out, then nothing is planned', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['A'], at('2026-01-05T02:00:00Z'));
    const now = at('2026-01-04T12:00:00Z');
    const [suppressed, paused, out] = [
      await makeReader(ctx.db, now),
      await makeReader(ctx.db, now),
      await makeReader(ctx.db, now),
    ];
    await ctx.db.suppression.create({
      data: { addressHash: Uint8Array.from(suppressed.addressHash), reason: 'hard', at: now },
    });
    await ctx.db.subscriber.update({ where: { id: paused.id }, data: { pausedUntil: at('2026-01-09T12:00:00Z') } });
    await ctx.db.subscriber.update({ where: { id: out.id }, data: { status: 'unsubscribed', nextDueAt: null } });
    expect(await planAt('2026-01-05T08:00:00Z')).toMatchObject({ due: 2, passedOver: 2, newsletters: 0 });
    const row = await ctx.db.subscriber.findUniqueOrThrow({ where: { id: paused.id } });
    expect(row.nextDueAt).toEqual(at('2026-01-10T08:00:00Z'));
  });

  it('when the run is told to stop, then it ends after its batch, says how far it came, and the next goes on', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['A'], at('2026-01-05T02:00:00Z'));
    for (let i = 0; i < 5; i++) await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
    const stop = new AbortController();
    const heard: number[][] = [];
    const progress = (done: number, total: number) => {
      heard.push([done, total]);
      if (done >= 4) stop.abort();
    };
    expect(await planAt('2026-01-05T08:00:00Z', { batch: 2, signal: stop.signal, progress })).toMatchObject({
      newsletters: 4,
    });
    expect(heard).toEqual([
      [2, 5],
      [4, 5],
    ]);
    expect(await planAt('2026-01-05T08:00:01Z')).toMatchObject({ newsletters: 1 });
  });

  it('when the run is dry, then it counts and changes nothing', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['A'], at('2026-01-05T02:00:00Z'));
    for (let i = 0; i < 5; i++) await makeReader(ctx.db, at('2026-01-04T12:00:00Z'));
    expect(await planAt('2026-01-05T08:00:00Z', { dryRun: true, batch: 2 })).toMatchObject({ due: 5, newsletters: 5 });
    expect(await ctx.db.delivery.count()).toBe(0);
    expect(await planAt('2026-01-05T08:00:00Z')).toMatchObject({ newsletters: 5 });
  });
});

describe('fifty readers in ten zones over a clock change', () => {
  const zones: [string, number][] = [
    ['UTC', 8],
    ['Europe/Berlin', 2],
    ['America/New_York', 2],
    ['Australia/Lord_Howe', 2],
    ['Asia/Kolkata', 7],
    ['America/Santiago', 0],
    ['Pacific/Honolulu', 20],
    ['Pacific/Kiritimati', 6],
    ['Europe/London', 1],
    ['Asia/Tokyo', 23],
  ];

  it.each([
    ['spring in Berlin, autumn in Lord Howe', '2026-03-22'],
    ['autumn in Berlin, after spring in Lord Howe', '2026-10-18'],
  ])(
    'when 14 days pass in %s, then each gets each edition once, at their hour',
    async (_, start) => {
      const begin = at(`${start}T00:00:00Z`);
      const readers = [];
      for (const [timeZone, hour] of zones) {
        for (let i = 0; i < 5; i++) readers.push(await makeReader(ctx.db, begin, { timeZone, hour, maxPapers: 1 }));
      }
      for (let day = -1; day < 15; day++) {
        const on = addDays(start, day);
        await makeDigest(
          ctx.db,
          on,
          ['A', 'B', 'C', 'D'].map((name) => `${name} ${on}`),
          at(`${on}T00:00:00Z`),
        );
      }
      for (let minutes = 0; minutes < 14 * 24 * 60; minutes += 30) {
        ctx.setNow(new Date(begin.getTime() + minutes * 60_000));
        const { newsletters } = await runPlan(ctx);
        if (newsletters > 0) await sendAll(ctx.db, ctx.now());
      }
      for (const reader of readers) {
        const got = await newslettersOf(ctx.db, reader.id);
        const editions = got.map(({ edition }) => edition);
        expect(new Set(editions).size).toBe(editions.length);
        expect(editions.length).toBeGreaterThanOrEqual(13);
        const days = editions.map((edition) => edition.slice('daily:'.length));
        days.slice(1).forEach((day, index) => expect(day).toBe(addDays(days[index] ?? '', 1)));
        const shown = got.flatMap(({ papers }) => papers);
        expect(new Set(shown).size).toBe(shown.length);
        for (const { slotAt, createdAt, edition } of got) {
          expect(createdAt.getTime() - Date.parse(slotAt)).toBeLessThan(30 * 60_000);
          expect(atTheirHour(slotAt, edition.slice('daily:'.length), reader.timeZone, reader.hour)).toBe(true);
        }
      }
    },
    120_000,
  );
});

/**
 * By Intl alone, so that the test does not trust what it tests: the local hour, or the first valid minute after a gap.
 */
function atTheirHour(slotAt: string, on: string, timeZone: string, hour: number): boolean {
  const local = (instant: number) => {
    const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    return format.format(new Date(instant));
  };
  const wanted = `${on} ${String(hour).padStart(2, '0')}:00`;
  const slot = Date.parse(slotAt);
  return (
    local(slot) >= wanted &&
    local(slot).startsWith(on) &&
    local(slot - 60_000) < wanted &&
    local(slot - 3_600_000) < wanted
  );
}
