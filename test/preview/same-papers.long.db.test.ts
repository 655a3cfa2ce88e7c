import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasonsInWords } from '../../src/compose/newsletter/reasons-in-words.ts';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { loadNewsletterInput } from '../../src/db/newsletters/inputs.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { translator } from '../../src/lib/strings.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { asksForNothing, interestKey, type Wish } from '../../src/model/interest.ts';
import { leastScore, SELECTIVITIES, type Selectivity } from '../../src/model/match.ts';
import type { NewsletterInput } from '../../src/model/newsletter.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { sampleInput } from '../../src/preview/sample-input.ts';
import { sampleNewsletter } from '../../src/preview/sample-newsletter.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { makeReader } from '../world/readers.ts';
import { linksOf } from '../world/sign-ups.ts';

const READERS = 200;
/** The command reads all papers for each preview: every so many readers ask it. */
const COMMAND_EVERY = 4;
const NEWEST = '2026-11-20';
const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  ctx.setNow(`${NEWEST}T12:00:00Z`);
  await syncTopics(ctx.db, readTopics());
  await ingestInputs(ctx, [join(PACKAGE_ROOT, 'seeds/digests')], { source: 'samples' });
  // One digest more than a content window ago: it is looked back on, and nothing is sent of it.
  await ctx.db.digest.updateMany({
    where: { digestOn: new Date('2026-11-12') },
    data: { digestOn: new Date('2026-10-28') },
  });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** A generator of numbers in [0,1), the same in each run (Marsaglia, Xorshift RNGs, 2003). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Draws the wishes of one reader from what the papers say: topics, words, phrases, lists, names, and what is muted. */
function drawWishes(random: () => number, from: Sources): Wish[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const words = (count: number) => Array.from({ length: count }, () => pick(from.words)).join(' ');
  const run = () => {
    const title = pick(from.titles);
    const at = Math.floor(random() * Math.max(1, title.length - 2));
    return title.slice(at, at + 2).join(' ');
  };
  const inWords = [() => words(1), () => words(2), run, () => `"${run()}"`, () => `${words(1)}, ${run()}`];
  const text = () => pick([...inWords, () => `${words(1)} -${words(1)}`])();
  const wanted = () => {
    const kind = pick(['topic', 'words', 'words', 'author', 'organization'] as const);
    const lists = { topic: from.topics, author: from.authors, organization: from.organizations };
    return { kind, text: kind === 'words' ? text() : pick(lists[kind]), muted: false };
  };
  const wishes: Wish[] = [
    ...Array.from({ length: Math.floor(random() * 4) }, wanted),
    ...Array.from({ length: Math.floor(random() * 3) }, () => ({ kind: 'words' as const, text: text(), muted: true })),
  ].filter(({ kind, text: asked }) => interestKey(kind, asked) !== '' && (kind !== 'words' || !asksForNothing(asked)));
  return [...new Map(wishes.map((wish) => [`${wish.kind} ${interestKey(wish.kind, wish.text)}`, wish])).values()];
}

interface Sources {
  topics: string[];
  words: string[];
  titles: string[][];
  authors: string[];
  organizations: string[];
}

async function readSources(): Promise<Sources> {
  const papers = await ctx.db.paper.findMany({ orderBy: { id: 'asc' } });
  const titles = papers.map(({ title }) => title.match(/\p{L}[\p{L}\p{N}-]*/gu) ?? ['paper']);
  const names = papers.flatMap(({ organizationName }) => organizationName ?? []);
  return {
    topics: (await ctx.db.topic.findMany({ orderBy: { slug: 'asc' } })).map(({ slug }) => slug),
    words: titles.flat().filter((word) => word.length > 4),
    titles,
    authors: papers.flatMap(({ authors }) => authors),
    organizations: [...names, ...names.map((name) => name.replace(/(\p{L})\p{L}*\s*/gu, '$1'))],
  };
}

const inWords = (input: NewsletterInput) =>
  input.papers.map((paper) => [paper.entry.paperPublicId, ...reasonsInWords(paper, translator('en'))].join(' · '));

const idsOf = (entries: readonly { id: number }[]) => entries.map(({ id }) => id);

function queryOf(wishes: readonly Wish[]): string {
  const fields = {
    topic: 'topics',
    words: 'interests',
    author: 'authors',
    organization: 'organizations',
    like: 'like',
  };
  return new URLSearchParams(
    wishes.map(({ kind, text, muted }): [string, string] => [muted ? 'muted' : fields[kind], text]),
  ).toString();
}

/** What the form shows for these wishes; null where a comma would make two wishes of one there. */
async function inForm(
  wishes: readonly Wish[],
  { selectivity, perhaps }: { selectivity: Selectivity; perhaps: boolean },
  nth: number,
): Promise<string | null> {
  if (wishes.some(({ text }) => text.includes(','))) return null;
  const answer = await web.get(
    `/preview/newsletter?selectivity=${selectivity}&perhaps=${perhaps ? 'yes' : 'no'}&${queryOf(wishes)}`,
    {
      'x-forwarded-for': `192.0.${nth}.7`,
    },
  );
  return (await answer.text()).replace(/<\/?main[^>]*>/g, ''); // a newsletter is framed by it
}

/** Papers of a private feed, each with all it says as plain text. */
async function inFeed(path: string, nth: number): Promise<{ paper: string; text: string }[]> {
  const feed = await (await web.get(path, { 'x-forwarded-for': `198.51.${nth}.7` })).text();
  const plain = (html: string) =>
    html
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#(?:39|x27);/g, "'");
  return feed
    .split('<entry>')
    .slice(1)
    .map((entry) => ({
      paper: /<id>[^<]*\/papers\/([^<]+)<\/id>/.exec(entry)?.[1] ?? '',
      text: plain(/<summary[^>]*><!\[CDATA\[([\s\S]*?)\]\]><\/summary>/.exec(entry)?.[1] ?? '').replace(/&amp;/g, '&'),
    }));
}

/** Papers as a feed has them: none says that the trend brought it. */
function toldInFeed(input: NewsletterInput): { paper: string; why: string }[] {
  return input.papers.map((chosen) => ({
    paper: chosen.entry.paperPublicId,
    why: chosen.match ? reasonsInWords(chosen, translator('en')).join('; ') : '',
  }));
}

const toldOf = (papers: NewsletterInput['perhaps'] = []) =>
  papers.map(({ entry, match }) => `${entry.id} ${match?.interestText}`);

function expectSame(sample: NewsletterInput, sent: NewsletterInput, said: string): void {
  expect(inWords(sample), said).toEqual(inWords(sent));
  expect(toldOf(sample.perhaps), said).toEqual(toldOf(sent.perhaps));
  expect(sample.dayLine?.params, said).toEqual(sent.dayLine?.params);
  expect(idsOf(sample.trending), said).toEqual(idsOf(sent.trending));
  expect([sample.consideredCount, sample.moreCount], said).toEqual([sent.consideredCount, sent.moreCount]);
}

test('when readers wish at random, then sending, form, feed and command name the same papers for the same reasons', async () => {
  const random = seeded(20261128);
  const sources = await readSources();
  const readers: { wishes: Wish[]; selectivity: Selectivity; perhaps: boolean; id: number; feedPath: string }[] = [];
  for (let nth = 0; nth < READERS; nth++) {
    const wishes = drawWishes(random, sources);
    const selectivity = SELECTIVITIES[nth % SELECTIVITIES.length] ?? 'normal';
    const perhaps = nth % 2 === 0;
    const reader = await makeReader(ctx.db, ctx.now(), { wishes, selectivity, perhaps, welcome: true });
    readers.push({ wishes, selectivity, perhaps, id: reader.id, feedPath: linksOf(ctx, reader).feed });
  }
  await runMatch(ctx);
  await runPlan(ctx);
  const composer = await ctx.composer();
  const seen = {
    papers: 0,
    forms: 0,
    nothing: 0,
    perhaps: 0,
    older: 0,
    muted: 0,
    sure: 0,
    normal: 0,
    more: 0,
  };
  for (const [nth, { id, wishes, selectivity, perhaps, feedPath }] of readers.entries()) {
    const said = `${selectivity} ${JSON.stringify(wishes)}`;
    const row = await ctx.db.newsletter.findFirst({ where: { subscriberId: id } });
    const form = await inForm(wishes, { selectivity, perhaps }, nth);
    const fed = await inFeed(feedPath, nth);
    if (form !== null) seen.forms++;
    const asksCommand = nth % COMMAND_EVERY === 0;
    if (!row) {
      seen.nothing++;
      if (asksCommand)
        await expect(sampleNewsletter(ctx, wishes, undefined, { selectivity, perhaps }), said).rejects.toThrow(
          'wider words',
        );
      if (form !== null) expect(form, said).not.toContain('/papers/');
      continue;
    }
    const sent = (await loadNewsletterInput(ctx.db, row.publicId))!;
    if (asksCommand) expectSame(await sampleNewsletter(ctx, wishes, undefined, { selectivity, perhaps }), sent, said);
    const head = { language: 'en', keyId: sent.keyId, issuedOn: NEWEST, digestOn: NEWEST, at: ctx.now() };
    if (form !== null) expect(form, said).toBe(composer.page(sampleInput(sent, head), { personal: false }).html);
    const newest = sent.papers.every(({ entry }) => entry.digestOn === NEWEST);
    const told = toldInFeed(sent);
    if (newest)
      expect(
        fed.slice(0, told.length).map(({ paper }) => paper),
        said,
      ).toEqual(told.map(({ paper }) => paper));
    for (const { paper, why } of told) {
      expect(
        fed.filter((one) => one.paper === paper && one.text.endsWith(why)),
        `${said} ${paper} ${why}`,
      ).toHaveLength(1);
    }
    seen.papers += told.length;
    for (const { match } of sent.papers) {
      if (!match) continue;
      expect(match.score, said).toBeGreaterThanOrEqual(leastScore(selectivity));
      seen[selectivity]++;
    }
    for (const { match } of sent.perhaps ?? []) {
      expect(perhaps && match !== null && match.score < leastScore(selectivity), said).toBe(true);
      seen.perhaps++;
    }
    if (!newest) seen.older++;
    if (wishes.some(({ muted }) => muted)) seen.muted++;
  }
  expect(seen.papers).toBeGreaterThan(2.5 * READERS);
  expect(seen.forms).toBeGreaterThan(READERS / 2);
  expect(Math.min(seen.perhaps, seen.nothing, seen.older, seen.muted)).toBeGreaterThan(READERS / 60);
  expect(Math.min(seen.sure, seen.normal, seen.more)).toBeGreaterThan(READERS / 4);
}, 300_000);
