import { beforeAll, beforeEach, expect, test } from 'vitest';
import { reasonsInWords } from '../../src/compose/newsletter/reasons-in-words.ts';
import { loadNewsletterInput } from '../../src/db/newsletters/inputs.ts';
import { replaceWishes } from '../../src/db/subscribers/subscribers.ts';
import { translator } from '../../src/lib/strings.ts';
import type { NewsletterInput } from '../../src/model/newsletter.ts';
import type { Subscriber } from '../../src/model/subscriber.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest, makeMatches } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const JOINED = new Date('2026-01-04T12:00:00Z');
let ctx: TestContext;

beforeAll(async () => {
  ctx = await testContext(database);
});
beforeEach(async () => {
  await ctx.db.$executeRaw`CALL empty_tables('subscribers, newsletters, deliveries, digests, papers, interests')`;
});

async function rowOf({ id }: Subscriber) {
  return ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId: id } });
}

async function inputOf(reader: Subscriber): Promise<NewsletterInput> {
  return (await loadNewsletterInput(ctx.db, (await rowOf(reader)).publicId))!;
}

async function pageOf(reader: Subscriber): Promise<string> {
  return (await ctx.composer()).page(await inputOf(reader), { personal: false }).html;
}

const why = async (reader: Subscriber) =>
  (await inputOf(reader)).papers.flatMap((paper) => reasonsInWords(paper, translator('en')));

test('when readers write the same interest in other letters, then each reads their own, whatever they write later', async () => {
  const titles = ['Scenes again', 'Scenes maybe', 'Tides', 'Tides again', 'Tides at last'];
  const papers = await makeDigest(ctx.db, '2026-01-05', titles, new Date('2026-01-05T02:00:00Z'));
  await makeMatches(ctx.db, '3d reconstruction', papers.slice(0, 1));
  await makeMatches(ctx.db, '3d reconstruction', papers.slice(1, 2), 0.4);
  await makeMatches(ctx.db, 'tide tables', papers.slice(2));
  for (const wish of ['constructor', 'salt']) await makeMatches(ctx.db, wish, []);
  const large = await makeReader(ctx.db, JOINED, {
    perhaps: true,
    wishes: ['3D reconstruction', 'Tide Tables', 'Constructor', '-Salt'],
  });
  const other = await makeReader(ctx.db, JOINED, { wishes: ['3D Reconstruction'] });
  const small = await makeReader(ctx.db, JOINED, { wishes: ['3d reconstruction', 'tide tables'] });
  ctx.setNow('2026-01-05T08:00:00Z');
  await runPlan(ctx);

  expect((await rowOf(large)).wordings).toEqual({
    'words 3d reconstruction': '3D reconstruction',
    'words tide tables': 'Tide Tables',
  });
  expect((await rowOf(small)).wordings).toBeNull();
  expect(await why(large)).toContainEqual(expect.stringContaining('3D reconstruction'));
  expect(await why(other)).toEqual([expect.stringContaining('3D Reconstruction')]);
  expect((await inputOf(large)).perhaps?.map(({ match }) => match?.wording)).toEqual(['3D reconstruction']);

  const pages = { large: await pageOf(large), small: await pageOf(small) };
  expect(pages.large).toContain('3D reconstruction');
  expect(pages.large).not.toMatch(/(?<!“)(?:3d reconstruction|tide tables)/);
  expect(pages.small).toMatch(/(?<!“)3d reconstruction/);
  expect(pages.small).not.toMatch(/3D reconstruction|Tide Tables/);
  await replaceWishes(ctx.db, large.id, [{ kind: 'words', text: '3D RECONSTRUCTION', muted: false }], ctx.now());
  expect(await pageOf(large)).toBe(pages.large);
});
