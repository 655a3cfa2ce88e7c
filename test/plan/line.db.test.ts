import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SELECTIVITIES } from '../../src/model/match.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { setReaction } from '../../src/db/interests/reactions.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, makeMatches, type MadePaper } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const JOINED = new Date('2026-01-04T12:00:00Z');
let ctx: TestContext;
let liked: MadePaper;
/** Of one subject with what is reacted to, by score; and one of another. */
const PAPERS: [title: string, score: number][] = [
  ['Robot gripper touch, surely', 0.8],
  ['Robot gripper touch at the line', 0.7],
  ['Robot gripper touch above', 0.55],
  ['Robot gripper touch below', 0.45],
  ['Robot gripper touch, hardly', 0.31],
  ['Protein folding below', 0.46],
];

/** What else came that day, which nobody asked for. */
const OTHERS = ['Legal contracts', 'Tidal rivers', 'Choir tuning', 'Market prices', 'Glacier melt', 'Old manuscripts'];

beforeAll(async () => {
  ctx = await testContext(database);
});
beforeEach(async () => {
  await ctx.db.$executeRaw`CALL empty_tables('subscribers, newsletters, deliveries, digests, papers, interests')`;
  const seen = await makeDigest(ctx.db, '2025-11-02', ['Robot gripper touch'], new Date('2025-11-02T02:00:00Z'));
  if (seen[0]) liked = seen[0];
  const titles = [...PAPERS.map(([title]) => title), ...OTHERS];
  const papers = await makeDigest(ctx.db, '2026-01-05', titles, new Date('2026-01-05T02:00:00Z'));
  for (const [at, paper] of papers.slice(0, PAPERS.length).entries())
    await makeMatches(ctx.db, 'study', [paper], PAPERS[at]?.[1]);
});

/** Plans the day; returns the titles that each of these readers gets, in the order of the scores. */
async function titlesOf(...readers: { id: number }[]): Promise<string[][]> {
  ctx.setNow('2026-01-05T08:00:00Z');
  await runPlan(ctx);
  return Promise.all(
    readers.map(async ({ id }) => {
      const row = await ctx.db.newsletter.findFirst({ where: { subscriberId: id } });
      const entries = await ctx.db.entry.findMany({ where: { id: { in: row?.entryIds ?? [] } } });
      const titles = entries.map(({ title }) => title);
      return PAPERS.map(([title]) => title).filter((title) => titles.includes(title));
    }),
  );
}

const upTo = (count: number) => PAPERS.slice(0, count).map(([title]) => title);

describe('the line in planning', () => {
  test('when three readers ask for the same, then each gets what reaches their own line', async () => {
    const readers = [];
    for (const selectivity of SELECTIVITIES)
      readers.push(await makeReader(ctx.db, JOINED, { selectivity, wishes: ['study'] }));
    const [sure, normal, more] = await titlesOf(...readers);
    expect([sure, normal]).toEqual([upTo(2), upTo(3)]);
    expect(more).toEqual([...upTo(4), 'Protein folding below']);
    const rows = await ctx.db.newsletter.findMany({ orderBy: { subscriberId: 'asc' } });
    expect(rows.map(({ moreCount }) => moreCount)).toEqual([0, 0, 0]);
  });

  test('when a reader asked for more of its kind, then what is just below enters; taken back, it leaves no trace', async () => {
    const make = () => makeReader(ctx.db, JOINED, { wishes: ['study'] });
    const [keen, tired, undone, elsewhere] = [await make(), await make(), await make(), await make()];
    const said = { paperId: liked.paperId, at: JOINED };
    await setReaction(ctx.db, { subscriberId: keen.id, kind: 'more', ...said });
    await setReaction(ctx.db, { subscriberId: tired.id, kind: 'less', ...said });
    await setReaction(ctx.db, { subscriberId: undone.id, kind: 'more', ...said });
    await setReaction(ctx.db, { subscriberId: undone.id, kind: null, ...said });
    const [withMore, withLess, without, untouched] = await titlesOf(keen, tired, undone, elsewhere);
    expect(withMore).toEqual(upTo(4)); // neither what is far below nor what is of another kind
    expect(withLess).toEqual(upTo(2));
    expect(without).toEqual(upTo(3));
    expect(untouched).toEqual(upTo(3));
  });

  test('when what a reaction would let in is muted, then it stays out', async () => {
    const [below] = await ctx.db.entry.findMany({ where: { title: 'Robot gripper touch below' } });
    const mutes = await makeMatches(ctx.db, 'below', [{ paperId: below?.paperId ?? 0, entryId: below?.id ?? 0 }], 0.3);
    await ctx.db.match.updateMany({ where: { interestId: mutes }, data: { literal: true } });
    const reader = await makeReader(ctx.db, JOINED, { wishes: ['study', '-below'] });
    await setReaction(ctx.db, { subscriberId: reader.id, paperId: liked.paperId, kind: 'more', at: JOINED });
    expect(await titlesOf(reader)).toEqual([upTo(3)]);
  });
});
