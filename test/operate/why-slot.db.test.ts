import { beforeEach, describe, expect, it } from 'vitest';
import { forgetNothing } from '../../src/db/newsletters/nothing.ts';
import { startRun } from '../../src/db/operator/runs.ts';
import { holdSending } from '../../src/db/sending/holds.ts';
import { changeSubscriber, replaceWishes } from '../../src/db/subscribers/subscribers.ts';
import { DEFAULT_LANGUAGE, translator } from '../../src/lib/strings.ts';
import type { EditionState } from '../../src/model/edition.ts';
import type { Why } from '../../src/model/why.ts';
import { dryRunEdition } from '../../src/operate/foresee-edition.ts';
import { answerInWords } from '../../src/operate/why/words.ts';
import { why } from '../../src/operate/why/why.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, makeMatches } from '../world/digests.ts';
import { KEY, makeReader } from '../world/readers.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const MORNING = '2026-01-05T06:00:00Z';
const SLOT = '2026-01-05T08:00:10Z';
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database);
  ctx.keys.suppression = KEY;
  await database.db
    .$executeRaw`CALL empty_anew('subscribers, audit_log, papers, captures, interests, editions, edition_nothing_readers, deliveries, suppressions, runs, sending_holds')`;
  const papers = await makeDigest(ctx.db, '2026-01-05', ['Linear attention'], at('2026-01-05T02:00:00Z'));
  await makeMatches(ctx.db, 'attention', papers);
  await makeMatches(ctx.db, 'robots', []);
  ctx.setNow(MORNING);
});

const at = (text: string) => new Date(text);
const say = (email: string, edition: string | null = EDITION, paper?: string) =>
  why(ctx, { email, edition: edition ?? undefined, paper });
const words = (told: Why) =>
  answerInWords(told, translator(DEFAULT_LANGUAGE), (when) => when.toISOString().slice(0, 16));
const codeAt = ({ gates }: Why, gate: string) => gates.find(({ name }) => name === gate)?.says?.code;
const reader = (wanted: string) => makeReader(ctx.db, at('2026-01-04T12:00:00Z'), { wishes: [wanted] });
const planAt = (when: string) => {
  ctx.setNow(when);
  return runPlan(ctx);
};
const steer = (state: EditionState) => ctx.db.edition.create({ data: { key: EDITION, createdAt: at(MORNING), state } });
const wish = ({ id }: { id: number }, text: string) =>
  replaceWishes(ctx.db, id, [{ kind: 'words', text, muted: false }], ctx.now());
const hold = () =>
  holdSending(ctx.db, { kind: 'restored', reason: 'restored from a backup of Monday', snapshotAt: ctx.now() });

describe('why, of an edition that was steered', () => {
  it('when it was cancelled, then it is not foreseen, and afterwards that is why nothing came', async () => {
    const { email } = await reader('attention');
    await steer('cancelled');
    for (const edition of [EDITION, null]) {
      const told = await say(email, edition);
      expect([told.about, told.stoppedAt]).toEqual(['foreseen', 'slot']);
      expect(words(told)).toBe('Nothing will come as things stand: the edition was cancelled.');
    }
    await planAt(SLOT);
    const told = await say(email);
    expect([told.about, told.stoppedAt, codeAt(told, 'slot')]).toEqual(['happened', 'slot', 'slot-edition-cancelled']);
  });

  it('when it was cancelled, but nothing fitted anyway, then that is why', async () => {
    const { email } = await reader('robots');
    await steer('cancelled');
    await planAt(SLOT);
    expect((await say(email)).stoppedAt).toBe('match');
  });

  it('when it is paused, then its mail is foreseen to wait for that, and does', async () => {
    const { email } = await reader('attention');
    await steer('paused');
    expect(words(await say(email))).toBe('Nothing will come as things stand: the edition is paused.');
    await planAt(SLOT);
    expect(words(await say(email))).toBe('daily:2026-01-05 waits: the edition is paused.');
  });

  it.each<[EditionState, number]>([
    ['cancelled', 0],
    ['paused', 1],
  ])('when it is %s, then a dry run says so, and how many would get it', async (state, newsletters) => {
    await reader('attention');
    await steer(state);
    expect(await dryRunEdition(ctx, EDITION)).toMatchObject({ state, newsletters, nothing: 0 });
  });
});

describe('why, while sending is on hold', () => {
  it('when a newsletter is to come, or waits, then that is what it waits for', async () => {
    const { email } = await reader('attention');
    await hold();
    expect(await say(email)).toMatchObject({ about: 'foreseen', stoppedAt: 'circuit' });
    await planAt(SLOT);
    const told = await say(email);
    expect(told).toMatchObject({ stoppedAt: 'circuit', delivery: { state: 'planned' } });
    expect(words(told)).toMatch(
      /^daily:2026-01-05 waits: all sending is on hold since \S+, until somebody lets it go on: restored from a backup of Monday\.$/,
    );
  });
});

describe('why, of a slot that is over', () => {
  it('when no run of its day is remembered any more, then a later run is not taken for the one that decided', async () => {
    const { email, publicId } = await reader('robots');
    await planAt(SLOT);
    ctx.setNow('2026-01-10T12:00:00Z');
    await unsubscribe(ctx, { publicId }, { actor: 'reader' });
    await startRun(ctx.db, 'plan', at('2026-01-17T08:00:00Z'));
    await forgetNothing(ctx.db, ctx.now());
    ctx.setNow('2026-02-14T08:00:00Z');
    const told = await say(email);
    expect([told.stoppedAt, codeAt(told, 'slot')]).toEqual(['match', 'slot-was']);
    expect(words(told)).toBe('Nothing came with daily:2026-01-05: no paper fitted (1 looked through).');
  });

  it('when no paper fitted and the reader asks for more since, then it is told what planning wrote down', async () => {
    const ada = await reader('robots');
    await planAt(SLOT);
    ctx.setNow('2026-01-06T07:00:00Z');
    await wish(ada, 'attention');
    const told = await say(ada.email);
    expect([told.stoppedAt, codeAt(told, 'match')]).toEqual(['match', 'nothing-then-none-fits']);
    expect(words(told)).toBe(
      'Nothing came with daily:2026-01-05: no paper that the reader had not had fitted what they asked for then.',
    );
    const { publicId } = await ctx.db.paper.findFirstOrThrow();
    expect(await say(ada.email, EDITION, publicId)).toMatchObject({ about: 'happened', stoppedAt: 'match' });
  });

  it('when the reader has asked for a weekly newsletter since, then the slot they had is told', async () => {
    const ada = await reader('robots');
    await planAt(SLOT);
    ctx.setNow('2026-01-06T07:00:00Z');
    await changeSubscriber(ctx.db, ada.id, { cadence: 'weekly' });
    expect(await say(ada.email)).toMatchObject({ about: 'happened', stoppedAt: 'match' });
  });

  it('when a weekly reader moved to a later day of the same week since, then that slot is to come', async () => {
    const ada = await makeReader(ctx.db, at('2026-01-04T12:00:00Z'), {
      ...{ wishes: ['robots'], cadence: 'weekly', weekday: 1 },
    });
    await planAt(SLOT);
    ctx.setNow('2026-01-06T07:00:00Z');
    expect(await say(ada.email, 'weekly:2026-W02')).toMatchObject({ about: 'happened', stoppedAt: 'match' });
    await changeSubscriber(ctx.db, ada.id, { weekday: 5, nextDueAt: at('2026-01-09T08:00:00Z') });
    expect(await say(ada.email, 'weekly:2026-W02')).toMatchObject({ about: 'foreseen' });
  });

  it('when there was no paper and one was listed for the day since, then it is told that there was none', async () => {
    await database.db.$executeRaw`CALL empty_anew('papers, captures')`;
    const { email } = await reader('attention');
    await planAt(SLOT);
    const papers = await makeDigest(ctx.db, '2026-01-05', ['Attention, late'], at('2026-01-05T02:00:00Z'));
    await makeMatches(ctx.db, 'attention', papers);
    const told = await say(email);
    expect([told.stoppedAt, codeAt(told, 'digest')]).toEqual(['digest', 'nothing-then-no-papers']);
  });
});
