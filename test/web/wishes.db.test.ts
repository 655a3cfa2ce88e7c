import fc from 'fast-check';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { loadWishes } from '../../src/db/subscribers/subscribers.ts';
import { MAX_INTERESTS, type Wish } from '../../src/model/interest.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { exportCsv } from '../../src/subscribers/export-csv.ts';
import { importCsv } from '../../src/subscribers/import-csv.ts';
import { checkSignUp } from '../../src/subscribers/sign-up.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { often } from '../support/thorough.ts';
import { confirmToken, linksOf, reload, VISITOR } from '../world/sign-ups.ts';
import { wishText } from '../world/wish-texts.ts';
import { fieldsIn } from './form-fields.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, [
    { slug: 'robotics', name: 'Robotics', field: 'Engineering', description: '', arxivCategories: [] },
  ]);
  web = await startWeb(ctx);
});
afterAll(() => web.close());
beforeEach(empty);

const EMAIL = 'ada@example.org';
const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

async function empty(): Promise<void> {
  await ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries, suppressions, interests')`;
}

const inOrder = (wishes: readonly Wish[]) => wishes.map((wish) => JSON.stringify(wish)).sort();

/** Confirms whoever has just signed up, and reads what they asked for. */
async function confirmed(): Promise<Wish[]> {
  const result = await confirm(ctx, await confirmToken(ctx, EMAIL), VISITOR, { latest: false });
  if (result.outcome !== 'confirmed') throw new Error(result.outcome);
  return kept();
}

const kept = async () => loadWishes(ctx.db, (await reload(ctx, EMAIL)).id);

async function byForm(lists: Record<string, string[]>): Promise<Wish[]> {
  const fields = Object.fromEntries(Object.entries(lists).map(([name, texts]) => [name, texts.join('\r\n')]));
  const stamp = /name="stamp" value="([^"]+)"/.exec(await (await web.get('/')).text())?.[1] ?? '';
  ctx.setNow(new Date(ctx.now().getTime() + 10_000));
  const answer = await web.post('/subscribe', { email: EMAIL, stamp, ...fields });
  expect(answer.status).toBe(202);
  return confirmed();
}

async function savedAsTheyStand(): Promise<string> {
  const { preferences } = linksOf(ctx, await reload(ctx, EMAIL));
  const fields = fieldsIn(await (await web.get(preferences)).text());
  return (await web.post(preferences, { action: 'save', ...fields })).text();
}

async function throughCsv(): Promise<Wish[]> {
  let text = '';
  for await (const part of exportCsv(ctx)) text += part;
  await empty();
  expect(await importCsv(ctx, Readable.from([text]), { actor: 'cli' })).toMatchObject({ counts: { confirmed: 1 } });
  return kept();
}

async function byJson(lists: Record<string, string[]>): Promise<Wish[]> {
  await empty();
  const answer = await web.post('/subscribe', JSON.stringify({ email: EMAIL, ...lists }), JSON_HEADERS);
  expect(answer.status).toBe(202);
  return confirmed();
}

test('when wishes hold commas and semicolons, then each line is one, in form, settings, CSV and JSON', async () => {
  const lists = {
    interests: ['protein folding, graphs', 'sparse; dense', '"exact, phrase" -survey', '深度学习，图网络'],
    authors: ['Hopper, Grace', 'Lovelace; Ada'],
    organizations: ['OpenAI, Inc.', 'Acme; Sons'],
    muted: ['Smith, J.', 'author: Ludd, Ned', 'words: topic: none'],
  };
  const wishes = [
    ...lists.interests.map((text) => ({ kind: 'words', text, muted: false })),
    ...lists.authors.map((text) => ({ kind: 'author', text, muted: false })),
    ...lists.organizations.map((text) => ({ kind: 'organization', text, muted: false })),
    { kind: 'words', text: 'Smith, J.', muted: true },
    { kind: 'author', text: 'Ludd, Ned', muted: true },
    { kind: 'words', text: 'topic: none', muted: true },
  ] as Wish[];
  expect(inOrder(await byForm(lists))).toEqual(inOrder(wishes));
  expect(await savedAsTheyStand()).toContain('Nothing was different');
  expect(inOrder(await kept())).toEqual(inOrder(wishes));
  expect(inOrder(await throughCsv())).toEqual(inOrder(wishes));
  expect(inOrder(await byJson(lists))).toEqual(inOrder(wishes));
});

test('when wishes are any, then form, untouched settings, CSV and JSON all keep them as they are', async () => {
  const texts = fc.uniqueArray(wishText, { maxLength: 4 });
  const lists = fc.record({ interests: texts, authors: texts, organizations: texts, muted: texts });
  await fc.assert(
    fc.asyncProperty(lists, async (given) => {
      const checked = checkSignUp({ email: EMAIL, ...given }, { topics: new Set(['robotics']), maxPapers: 10 });
      fc.pre(checked.ok);
      if (!checked.ok) return;
      await empty();
      const expected = inOrder(checked.value.wishes);
      expect(inOrder(await byForm(given))).toEqual(expected);
      expect(await savedAsTheyStand()).toContain('Nothing was different');
      expect(inOrder(await kept())).toEqual(expected);
      expect(inOrder(await throughCsv())).toEqual(expected);
      expect(inOrder(await byJson(given))).toEqual(expected);
    }),
    { numRuns: often(15, 5) },
  );
}, 180_000);

test('when a reader has as many and as long wishes as may be, then saving them untouched keeps every one', async () => {
  const interests = Array.from({ length: MAX_INTERESTS }, (_, n) =>
    `w${n} `.padEnd(200, `word${n}, `).slice(0, 200).trim(),
  );
  await byJson({ interests });
  expect(await savedAsTheyStand()).toContain('Nothing was different');
  expect(await kept()).toHaveLength(MAX_INTERESTS);
});

test('when a line looks like several subjects, then the page says that it counts as one; a name with a comma says nothing', async () => {
  const sent = async (fields: Record<string, string>) => {
    await empty();
    const stamp = /name="stamp" value="([^"]+)"/.exec(await (await web.get('/')).text())?.[1] ?? '';
    ctx.setNow(new Date(ctx.now().getTime() + 10_000));
    return (await web.post('/subscribe', { email: EMAIL, stamp, ...fields })).text();
  };
  expect(await sent({ interests: 'robots, protein folding' })).toContain('counts as one subject');
  const negated = await sent({ interests: 'robots, not vision' });
  expect(negated).toContain('write -vision, or put “vision” under “Never show me”');
  expect(negated).not.toContain('counts as one');
  expect(await sent({ interests: 'robots, but no machine vision' })).toContain('write -&quot;machine vision&quot;');
  for (const alone of ['no free lunch theorem', '"attention, not memory"'])
    expect(await sent({ interests: alone })).not.toContain('leaves nothing out');
  expect(await sent({ muted: 'robots, not vision' })).not.toContain('leaves nothing out');
  expect(await sent({ muted: 'Smith, J.', organizations: 'OpenAI, Incorporated' })).not.toContain('counts as one');
});
