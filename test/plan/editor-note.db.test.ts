import { beforeEach, describe, expect, it } from 'vitest';
import { loadNewsletterInput } from '../../src/db/newsletters/inputs.ts';
import { forgetNothing, listNothing, sumNothing } from '../../src/db/newsletters/nothing.ts';
import { changeNote, type NoteWish } from '../../src/operate/edition-note.ts';
import { resend } from '../../src/operate/resend.ts';
import { withholdPaper } from '../../src/operate/withhold-paper.ts';
import { foreseeEdition } from '../../src/plan/load-foreseen.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, makeMatches, type MadePaper } from '../world/digests.ts';
import { newslettersOf, sendAll } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const BY = 'admin:grace@example.org';
let ctx: TestContext;
let papers: MadePaper[];

const at = (text: string) => new Date(text);
const JOINED = at('2026-01-04T12:00:00Z');
const planAt = (text: string) => {
  ctx.setNow(text);
  return runPlan(ctx);
};
const publicId = async (paper?: MadePaper) =>
  (await ctx.db.paper.findUniqueOrThrow({ where: { id: paper?.paperId ?? 0 } })).publicId;
const note = (wish: Partial<NoteWish>, edition = EDITION) =>
  changeNote(ctx, edition, { words: {}, picks: [], ...wish }, BY);
/** What a reader's newest newsletter is made of. */
async function inputOf({ id }: { id: number }) {
  const row = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: id }, orderBy: { id: 'desc' } });
  return loadNewsletterInput(ctx.db, row.publicId);
}
const papersOf = async (reader: { id: number }) => (await newslettersOf(ctx.db, reader.id)).map((row) => row.papers);
const idOf = (place: number) => papers[place]?.paperId;

beforeEach(async () => {
  ctx = await testContext(database);
  await database.db
    .$executeRaw`CALL empty_anew('subscribers, papers, captures, interests, editions, edition_notes, edition_nothing_readers, deliveries, suppressions')`;
  ctx.setNow('2026-01-05T06:00:00Z');
  papers = await makeDigest(ctx.db, '2026-01-05', ['Kelp', 'Tides', 'Robots', 'Bees'], at('2026-01-05T02:00:00Z'));
  await makeMatches(ctx.db, 'kelp', papers.slice(0, 1));
  await makeMatches(ctx.db, 'robots', papers.slice(2, 3));
});

const reader = (change: Parameters<typeof makeReader>[2] = {}) =>
  makeReader(ctx.db, JOINED, { wishes: ['kelp'], ...change });

describe('what an editor adds to an edition', () => {
  it('when it is there before the edition, then its newsletters have the note of their language and the papers, marked', async () => {
    const [ada, ben] = [await reader(), await reader({ language: 'de' })];
    await note({ words: { en: 'Hello.' }, picks: [await publicId(papers[2])] });
    await planAt('2026-01-05T08:00:10Z');
    expect(await inputOf(ada)).toMatchObject({
      editorNote: 'Hello.',
      papers: [{ entry: { title: 'Kelp' } }, { entry: { title: 'Robots' }, picked: true, match: null }],
    });
    const german = await inputOf(ben);
    expect([german?.language, german?.editorNote, german?.papers.length]).toEqual(['de', undefined, 2]);
    expect(await papersOf(ada)).toEqual([[idOf(0), idOf(2)]]);
  });

  it('when it is changed once newsletters are planned, then these stay byte for byte, and later ones have the new one', async () => {
    const ada = await reader();
    const ben = await reader({ hour: 10 });
    await note({ words: { en: 'First.' }, picks: [await publicId(papers[1])] });
    await planAt('2026-01-05T08:00:10Z');
    const composer = await ctx.composer();
    const bytes = async () => Buffer.from(composer.newsletter((await inputOf(ada))!).raw);
    const before = await bytes();
    expect(await note({ words: { en: 'Second.' } })).toEqual({ outcome: 'written' });
    await planAt('2026-01-05T10:00:10Z');
    expect((await bytes()).equals(before)).toBe(true);
    expect(before.toString()).toContain('First.');
    expect(await inputOf(ben)).toMatchObject({ editorNote: 'Second.', papers: [{ entry: { title: 'Kelp' } }] });
  });

  it('when a reader had a paper, by the editor or not, then it never comes again', async () => {
    const ada = await reader();
    await note({ picks: [await publicId(papers[2])] });
    await planAt('2026-01-05T08:00:10Z');
    await sendAll(ctx.db, ctx.now());
    const next = await makeDigest(ctx.db, '2026-01-06', ['Kelp again'], at('2026-01-06T02:00:00Z'));
    await makeMatches(ctx.db, 'kelp', next);
    ctx.setNow('2026-01-06T06:00:00Z');
    await note({ picks: [await publicId(papers[2]), await publicId(papers[0])] }, 'daily:2026-01-06');
    await planAt('2026-01-06T08:00:10Z');
    expect((await papersOf(ada))[1]).toEqual([next[0]?.paperId]);
  });

  it('when a reader muted it, or it was withheld since, then they do not get it; others do', async () => {
    await makeMatches(ctx.db, 'bees', papers.slice(3));
    const [ada, ben] = [await reader({ wishes: ['kelp', '-robots'] }), await reader()];
    await note({ picks: [await publicId(papers[2]), await publicId(papers[3])] });
    await withholdPaper(ctx, await publicId(papers[3]), true, BY);
    await planAt('2026-01-05T08:00:10Z');
    expect([await papersOf(ada), await papersOf(ben)]).toEqual([[[idOf(0)]], [[idOf(0), idOf(2)]]]);
  });

  it('when nothing of their own fits, then a reader gets no mail for it, and the edition counts them', async () => {
    const [ada, ben] = [await reader({ wishes: ['bees'] }), await reader()];
    await makeMatches(ctx.db, 'bees', []);
    await note({ words: { en: 'Hello.' }, picks: [await publicId(papers[2])] });
    await planAt('2026-01-05T08:00:10Z');
    expect([(await papersOf(ada)).length, (await papersOf(ben)).length]).toEqual([0, 1]);
    const { rows } = await listNothing(ctx.db, { edition: EDITION, reason: 'none-fits' }, { limit: 10 });
    expect(rows).toEqual([
      { edition: EDITION, reason: 'none-fits', at: ctx.now(), reader: ada.publicId, email: ada.email, later: false },
    ]);
    expect(await sumNothing(ctx.db, EDITION)).toEqual([{ reason: 'none-fits', count: 1 }]);
    await planAt('2026-01-05T08:05:10Z');
    expect(await sumNothing(ctx.db, EDITION)).toEqual([{ reason: 'none-fits', count: 1 }]);
  });

  it('when there is nothing for readers, then each is named with the reason, and who gets it later is told apart', async () => {
    const kelp = await reader();
    const { id } = await reader({ wishes: ['robots'] });
    await ctx.db.subscriber.update({ where: { id }, data: { lastNewsletterAt: at('2026-01-05T03:00:00Z') } });
    await planAt('2026-01-05T08:00:10Z');
    expect(await sumNothing(ctx.db, EDITION)).toEqual([{ reason: 'no-news', count: 1 }]);
    await database.db.$executeRaw`CALL empty_anew('papers, captures')`;
    await planAt('2026-01-06T08:00:10Z');
    expect(await sumNothing(ctx.db, 'daily:2026-01-06')).toEqual([{ reason: 'no-papers', count: 2 }]);
    const news = await makeDigest(ctx.db, '2026-01-06', ['Kelp, late'], at('2026-01-06T09:00:00Z'));
    await makeMatches(ctx.db, 'kelp', news);
    ctx.setNow('2026-01-06T10:00:00Z');
    await resend(ctx, { edition: 'daily:2026-01-06', only: 'missed' }, BY);
    const { rows } = await listNothing(ctx.db, { edition: 'daily:2026-01-06' }, { limit: 10 });
    expect(rows.filter(({ later }) => later).map(({ reader: id }) => id)).toEqual([kelp.publicId]);
    expect(rows).toHaveLength(2);
    expect(await forgetNothing(ctx.db, at('2026-01-06T00:00:00Z'))).toBe(1);
    expect((await listNothing(ctx.db, {}, { limit: 10 })).rows).toHaveLength(2);
    expect(await sumNothing(ctx.db, EDITION)).toEqual([{ reason: 'no-news', count: 1 }]);
  });

  it('when planning dies, then nobody is counted for whom there was nothing', async () => {
    await reader({ wishes: ['bees'] });
    await reader();
    await makeMatches(ctx.db, 'bees', []);
    const dying = {
      ...ctx,
      now: () => at('2026-01-05T08:00:10Z'),
      queue: { wake: () => Promise.reject(new Error('the lights went out')) },
    };
    await expect(runPlan(dying)).rejects.toThrow('the lights went out');
    expect(await sumNothing(ctx.db, EDITION)).toEqual([]);
  });
});

describe('foreseeing an edition', () => {
  it('when some would get it, then it says whom and changes nothing; what is foreseen comes', async () => {
    await makeMatches(ctx.db, 'bees', []);
    const [ada] = [await reader(), await reader({ wishes: ['bees'] })];
    await reader({ pausedUntil: at('2026-01-09T00:00:00Z'), nextDueAt: at('2026-01-09T08:00:00Z') });
    await reader({ cadence: 'weekly', weekday: 3 });
    await note({ picks: [await publicId(papers[2])] });
    const found = await foreseeEdition(ctx, EDITION, 1_000);
    expect(found).toMatchObject({ slots: 2, newsletters: 1, nothing: 1, waiting: 0, cut: false });
    expect(found.samples).toMatchObject([{ subscriberId: ada.id, paperIds: [idOf(0), idOf(2)] }]);
    expect([await ctx.db.newsletter.count(), await ctx.db.edition.count()]).toEqual([0, 0]);
    expect(await planAt('2026-01-05T08:00:10Z')).toMatchObject({ newsletters: 1, nothing: 1 });
    expect(await foreseeEdition(ctx, EDITION, 1_000)).toMatchObject({ slots: 0, newsletters: 0 });
  });
});
