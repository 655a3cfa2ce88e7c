import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadNewsletterInput, loadNewsletterInputs } from '../../src/db/newsletters/inputs.ts';
import { deleteSubscriber } from '../../src/db/subscribers/erase.ts';
import { replaceWishes } from '../../src/db/subscribers/subscribers.ts';
import { addDays } from '../../src/lib/time.ts';
import type { NewsletterInput } from '../../src/model/newsletter.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, makeMatches, type MadePaper } from '../world/digests.ts';
import { sendAll } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const JOINED = new Date('2026-01-04T12:00:00Z');
const MONDAY = '2026-01-05';
const TUESDAY = '2026-01-06';
let ctx: TestContext;

beforeAll(async () => {
  ctx = await testContext(database);
});
beforeEach(async () => {
  await ctx.db.$executeRaw`CALL empty_tables('subscribers, newsletters, deliveries, digests, papers, interests')`;
});

const arrival = (day: string) => new Date(`${day}T02:00:00Z`);

/** A list of a day, with the scores that some of its papers have for an interest. */
async function listOf(day: string, titles: string[], scores: Record<string, number>, interest: string) {
  const papers = await makeDigest(ctx.db, day, titles, arrival(day));
  for (const [title, score] of Object.entries(scores)) {
    const at = titles.indexOf(title);
    await makeMatches(ctx.db, interest, papers.slice(at, at + 1), score);
  }
  return papers;
}

/** Plans eight o'clock of a day; returns what composing reads of the reader's newsletter, null where there is none. */
async function plan(day: string, { id }: { id: number }): Promise<NewsletterInput | null> {
  ctx.setNow(`${day}T08:00:00Z`);
  await runPlan(ctx);
  const row = await ctx.db.newsletter.findFirst({ where: { subscriberId: id, issuedOn: new Date(day) } });
  if (!row) return null;
  await sendAll(ctx.db, ctx.now());
  return loadNewsletterInput(ctx.db, row.publicId);
}

const perhapsOf = (input: NewsletterInput | null) => input?.perhaps?.map(({ entry }) => entry.title);

describe('«perhaps» in planning', () => {
  const SCORES = { 'Grip surely': 0.8, 'Grip maybe': 0.45, 'Grip hardly': 0.36, 'Grip not': 0.32 };
  const wishes = ['grip'];

  test('when a reader asked for it, then it is frozen with the newsletter, with its matches; others have none', async () => {
    await listOf(MONDAY, Object.keys(SCORES), SCORES, 'grip');
    const asked = await makeReader(ctx.db, JOINED, { perhaps: true, wishes });
    const plain = await makeReader(ctx.db, JOINED, { wishes });
    const input = await plan(MONDAY, asked);
    expect(input?.papers.map(({ entry }) => entry.title)).toEqual(['Grip surely']);
    expect(perhapsOf(input)).toEqual(['Grip maybe', 'Grip hardly']);
    expect(input?.perhaps?.map(({ match }) => match?.interestText)).toEqual(['grip', 'grip']);
    expect(input?.trending.map(({ title }) => title)).toEqual(['Grip not']);
    expect(await plan(MONDAY, plain)).not.toHaveProperty('perhaps');
    await ctx.db.entry.updateMany({ data: { upvotes: 99, comments: 9 } });
    const delivery = await ctx.db.delivery.findFirstOrThrow({ where: { subscriberId: asked.id } });
    const again = (await loadNewsletterInputs(ctx.db, [delivery.id])).get(delivery.id)?.perhaps;
    expect(again?.map(({ upvotes, comments, match }) => [upvotes, comments, match])).toEqual(
      input?.perhaps?.map(({ match }) => [null, null, match]),
    );
  });

  test('when the wish behind it is given up, then it says why as before, until the reader is erased', async () => {
    const papers = await listOf(MONDAY, Object.keys(SCORES), { 'Grip maybe': 0.45 }, 'grip');
    await makeMatches(ctx.db, 'touch', papers.slice(0, 1));
    const reader = await makeReader(ctx.db, JOINED, { perhaps: true, wishes: ['grip', 'touch'] });
    expect(perhapsOf(await plan(MONDAY, reader))).toEqual(['Grip maybe']);
    await replaceWishes(ctx.db, reader.id, [{ kind: 'words', text: 'touch', muted: false }], ctx.now());
    const { perhapsMatchIds } = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: reader.id } });
    expect(await ctx.db.match.count({ where: { id: { in: perhapsMatchIds } } })).toBe(1);
    await deleteSubscriber(ctx.db, reader.id);
    expect(await ctx.db.interest.count()).toBe(0);
  });

  test('when it stood there once, then it never comes again, nor what was sent or is muted', async () => {
    await listOf(MONDAY, Object.keys(SCORES), SCORES, 'grip');
    const reader = await makeReader(ctx.db, JOINED, { perhaps: true, wishes: ['grip', '-noise'] });
    await makeMatches(ctx.db, 'noise', []);
    await plan(MONDAY, reader);
    const papers = await listOf(
      TUESDAY,
      ['Touch surely', 'Touch maybe', 'Noise maybe'],
      { 'Touch surely': 0.7 },
      'grip',
    );
    await makeMatches(ctx.db, 'grip', papers.slice(1), 0.4);
    await makeMatches(ctx.db, 'noise', papers.slice(2), 0.9);
    const input = await plan(TUESDAY, reader);
    expect(input?.papers.map(({ entry }) => entry.title)).toEqual(['Touch surely']);
    expect(perhapsOf(input)).toEqual(['Touch maybe']);
  });

  test('when there is nothing else, then there is no newsletter', async () => {
    await listOf(MONDAY, ['Grip maybe'], { 'Grip maybe': 0.45 }, 'grip');
    expect(await plan(MONDAY, await makeReader(ctx.db, JOINED, { perhaps: true, wishes }))).toBeNull();
  });
});

describe('the sentence of the day in planning', () => {
  const COLOURS = ['Amber', 'Beige', 'Coral', 'Denim', 'Ecru', 'Fawn', 'Gold', 'Hazel', 'Ivory', 'Jade'];
  const titles = (day: string) => COLOURS.map((colour) => `${colour} notes of ${day.replaceAll('-', ' ')}`);

  /** Lists of ten papers on four days before Monday, one of them on tides; of Monday and Tuesday six are. */
  async function fillDays(): Promise<void> {
    for (const day of ['2025-12-30', '2025-12-31', '2026-01-01', '2026-01-02', MONDAY, TUESDAY]) {
      const papers: MadePaper[] = await listOf(day, titles(day), {}, 'tides');
      await makeMatches(ctx.db, 'tides', papers.slice(0, day >= MONDAY ? 6 : 1), 0.8);
      await makeMatches(ctx.db, 'mills', papers.slice(9), 0.8);
    }
  }

  test('it is told once, named and frozen, with the bars of its subject first; the next day has another or none', async () => {
    await fillDays();
    const reader = await makeReader(ctx.db, JOINED, { wishes: ['tides', 'mills'] });
    const monday = await plan(MONDAY, reader);
    const interest = await ctx.db.interest.findFirstOrThrow({ where: { key: 'tides' } });
    expect(monday?.dayLine).toEqual({
      kind: 'surge',
      interestId: interest.id,
      params: { topic: 'tides', about: 'words', count: 6, total: 10, period: 'day' },
    });
    expect(monday?.trends?.[0]).toMatchObject({ interestId: interest.id, name: 'tides' });
    const tuesday = await plan(TUESDAY, reader);
    expect(tuesday?.papers.length).toBeGreaterThan(0);
    expect(tuesday).not.toHaveProperty('dayLine');
    const [kept] = await ctx.db.$queryRaw<{ lines: number }[]>`SELECT count(day_line)::int AS lines FROM newsletters`;
    expect(kept).toEqual({ lines: 1 });
  });

  test('a weekly reader hears of the week, whoever reads daily of the day', async () => {
    await fillDays();
    const weekday = { cadence: 'weekly', weekday: 2 } as const;
    const reader = await makeReader(ctx.db, JOINED, { ...weekday, wishes: ['tides'] });
    const input = await plan(TUESDAY, reader);
    // Seven days to Tuesday have five lists, and one list stands before them: too little to hold it against.
    expect(input).not.toHaveProperty('dayLine');
    for (const day of [8, 9, 10, 11].map((back) => addDays(TUESDAY, -back)))
      await listOf(day, titles(day), {}, 'tides');
    const other = await makeReader(ctx.db, JOINED, { ...weekday, wishes: ['tides'] });
    expect((await plan(TUESDAY, other))?.dayLine).toMatchObject({
      kind: 'surge',
      params: { topic: 'tides', count: 15, total: 50, period: 'week' },
    });
  });
});
