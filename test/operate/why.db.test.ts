import { beforeEach, describe, expect, it } from 'vitest';
import { cancelDeliveries } from '../../src/db/ledger/deliveries.ts';
import { DEFAULT_LANGUAGE, languages, readCatalogue, translator } from '../../src/lib/strings.ts';
import { END_REASONS, type EndReason } from '../../src/model/delivery.ts';
import type { Subscriber } from '../../src/model/subscriber.ts';
import { GATE_OF_END, GATES, type GateName } from '../../src/model/why.ts';
import { changeNote } from '../../src/operate/edition-note.ts';
import { liftSuppression } from '../../src/operate/lift-suppression.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { answerInWords } from '../../src/operate/why/words.ts';
import { why } from '../../src/operate/why/why.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { pause } from '../../src/subscribers/pause.ts';
import { undoUnsubscribe, unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { makeDigest, makeMatches } from '../world/digests.ts';
import { KEY, makeReader } from '../world/readers.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const SLOT = '2026-01-05T08:00:10Z';
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database);
  ctx.keys.suppression = KEY;
  await database.db
    .$executeRaw`CALL empty_anew('subscribers, audit_log, papers, captures, interests, editions, deliveries, suppressions')`;
});

const say = (email: string, edition?: string, paper?: string) => why(ctx, { email, edition, paper });
const words = (told: Awaited<ReturnType<typeof why>>) =>
  answerInWords(told, translator(DEFAULT_LANGUAGE), (at) => at.toISOString().slice(0, 16));

/** Reasons of which it is not known whether the mail arrived. */
const IN_DOUBT: readonly EndReason[] = ['lost', 'worker_died'];

/** A reader with one paper planned for them. */
async function planned() {
  const papers = await makeDigest(ctx.db, '2026-01-05', ['Linear attention'], new Date('2026-01-05T02:00:00Z'));
  await makeMatches(ctx.db, 'attention', papers);
  const reader = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['attention'] });
  ctx.setNow(SLOT);
  await runPlan(ctx);
  return reader;
}

/** What somebody does about a reader. */
type Act = (reader: Subscriber) => Promise<unknown>;
const BY = { actor: 'reader' } as const;
const pausedUntil =
  (day: string): Act =>
  ({ publicId }) =>
    pause(ctx, { publicId }, new Date(day));
const leave: Act = ({ publicId }) => unsubscribe(ctx, { publicId }, BY);

describe('why', () => {
  it.each(END_REASONS)(
    'when a newsletter ended as %s, then the gate of that reason says so, and none behind it was reached',
    async (reason) => {
      const reader = await planned();
      await cancelDeliveries(ctx.db, reader.id, reason, ctx.now());
      if (IN_DOUBT.includes(reason)) await asFixture(ctx.db, "UPDATE deliveries SET state = 'uncertain'");
      const told = await say(reader.email, EDITION);
      expect(told).toMatchObject({
        stoppedAt: GATE_OF_END[reason],
        about: 'happened',
        delivery: { endReason: reason },
      });
      expect(told.gates.map(({ name }) => name)).toEqual([...GATES]);
      expect(told.gates.find(({ standing }) => standing === 'stopped')?.says?.code).toBe(`end-${reason}`);
      expect(words(told)).toMatch(
        IN_DOUBT.includes(reason)
          ? /^Whether daily:2026-01-05 arrived is not known: .* it may have arrived/
          : /^Nothing came with daily:2026-01-05: /,
      );
    },
  );

  it('when it is in doubt whether a newsletter arrived, then so it is of a paper in it', async () => {
    const reader = await planned();
    await cancelDeliveries(ctx.db, reader.id, 'lost', ctx.now());
    await asFixture(ctx.db, "UPDATE deliveries SET state = 'uncertain'");
    const { publicId } = await ctx.db.paper.findFirstOrThrow();
    const told = await say(reader.email, EDITION, publicId);
    expect(words(told)).toMatch(/^“Linear attention” stands in daily:2026-01-05; whether that arrived is not known: /);
  });

  it('when a paper waits with its newsletter, then nothing stopped it, and it stands at its place', async () => {
    const reader = await planned();
    const told = await say(reader.email, EDITION);
    expect([told.stoppedAt, words(told)]).toEqual([null, 'daily:2026-01-05 is planned with 1 paper and on its way.']);
  });

  it('when the editor chose a paper that the reader asked nothing like, then that is why it came', async () => {
    const papers = await makeDigest(
      ctx.db,
      '2026-01-05',
      ['Linear attention', 'Bees'],
      new Date('2026-01-05T02:00:00Z'),
    );
    await makeMatches(ctx.db, 'attention', papers.slice(0, 1));
    const reader = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['attention'] });
    const { publicId } = await ctx.db.paper.findUniqueOrThrow({ where: { id: papers[1]!.paperId } });
    ctx.setNow('2026-01-05T06:00:00Z');
    await changeNote(ctx, EDITION, { words: {}, picks: [publicId] }, 'cli');
    ctx.setNow(SLOT);
    await runPlan(ctx);
    const { gates, stoppedAt } = await say(reader.email, EDITION, publicId);
    expect([stoppedAt, gates.find(({ name }) => name === 'match')?.says?.code]).toEqual([null, 'by-editor']);
  });

  it('when no paper fits the next slot, then that is foreseen, with how many were looked through', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['A', 'B'], new Date('2026-01-05T02:00:00Z'));
    await makeMatches(ctx.db, 'robots', []);
    const { email } = await makeReader(ctx.db, new Date('2026-01-05T12:00:00Z'), { wishes: ['robots'] });
    ctx.setNow('2026-01-05T13:00:00Z');
    const told = await say(email);
    expect([told.about, told.edition, told.stoppedAt]).toEqual(['foreseen', 'daily:2026-01-06', 'match']);
    expect(words(told)).toBe('Nothing will come as things stand: no paper fitted (2 looked through).');
  });

  it.each<[string, GateName, string, Act, Act]>([
    ['paused', 'pause', 'paused', pausedUntil('2026-01-20'), ({ publicId }) => pause(ctx, { publicId }, null)],
    ['paused, as once more since', 'pause', 'paused', pausedUntil('2026-01-06'), pausedUntil('2026-01-20')],
    ['left', 'status', 'unsubscribed', leave, ({ publicId }) => undoUnsubscribe(ctx, { publicId }, BY)],
    [
      'been suppressed',
      'suppression',
      'suppressed-manual',
      ({ email }) => suppress(ctx, { email }, 'cli'),
      ({ email }) => liftSuppression(ctx, email, 'cli'),
    ],
  ])(
    'when a reader had %s before a slot, and that is over now, then it is still why nothing came',
    async (_how, gate, code, begin, end) => {
      const papers = await makeDigest(ctx.db, '2026-01-05', ['Linear attention'], new Date('2026-01-05T02:00:00Z'));
      await makeMatches(ctx.db, 'attention', papers);
      const reader = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['attention'] });
      for (const [when, act] of [
        ['2026-01-05T07:00:00Z', () => begin(reader)],
        [SLOT, () => runPlan(ctx)],
        ['2026-01-06T12:00:00Z', () => end(reader)],
        ['2026-01-07T08:00:10Z', () => runPlan(ctx)],
      ] as const) {
        ctx.setNow(when);
        await act();
      }
      const told = await say(reader.email, EDITION);
      expect(told).toMatchObject({ about: 'happened', delivery: null, stoppedAt: gate });
      expect(told.gates.find(({ name }) => name === gate)?.says?.code).toBe(code);
    },
  );

  it('when the reader of a slot has left and confirmed again since, then they were reading then', async () => {
    await makeDigest(ctx.db, '2026-01-05', ['A'], new Date('2026-01-05T02:00:00Z'));
    await makeMatches(ctx.db, 'robots', []);
    const reader = await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['robots'] });
    ctx.setNow(SLOT);
    await runPlan(ctx);
    ctx.setNow('2026-01-06T07:00:00Z');
    await leave(reader);
    await ctx.db.subscriber.update({
      where: { id: reader.id },
      data: { status: 'confirmed', confirmedAt: new Date('2026-01-06T12:00:00Z'), unsubscribedAt: null },
    });
    ctx.setNow('2026-01-06T13:00:00Z');
    const told = await say(reader.email, EDITION);
    expect(told.gates[0]).toMatchObject({ name: 'status', standing: 'passed', says: { code: 'status-then' } });
  });

  it('when nobody reads at an address, or an edition or paper is none, then it says so', async () => {
    expect(await say('nobody@example.org')).toMatchObject({ reader: null, stoppedAt: 'status' });
    const reader = await planned();
    await expect(say(reader.email, 'daily')).rejects.toThrow('«daily» is not an edition');
    await expect(say(reader.email, 'daily:2026-02-30')).rejects.toThrow('«daily:2026-02-30» is not an edition');
    await expect(say(reader.email, EDITION, '2699.99999')).rejects.toThrow('No paper is known as');
  });

  it('when something is said, then there are words for it in every language', () => {
    const codes = END_REASONS.map((reason) => `admin.why.says.end-${reason}`);
    for (const language of languages())
      for (const code of codes) expect(readCatalogue(language)).toHaveProperty([code]);
  });
});
