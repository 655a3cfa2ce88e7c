import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setReaction } from '../../src/db/interests/reactions.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import type { Selectivity } from '../../src/model/match.ts';
import type { ReactionKind } from '../../src/model/reaction.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { launchBrowser } from '../support/browser.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { expectAccessible } from '../web/axe.ts';
import { makeDigest, makeMatches, type MadePaper } from '../world/digests.ts';
import { sendAll } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const DAY_MS = 86_400_000;
const SLUG = 'reinforcement-learning';
const WISHES = ['study', { kind: 'topic' as const, text: SLUG, muted: false }];
let ctx: TestContext;
let admin: AdminServer;
let browser: Browser;
let page: Page;
let papers: MadePaper[];

beforeAll(async () => {
  ctx = await testContext(database);
  const now = new Date(); // the browser's clock judges cookies
  ctx.setNow(now);
  await syncTopics(ctx.db, readTopics());
  papers = await makeDigest(ctx.db, now.toISOString().slice(0, 10), ['By words', 'By topic', 'Not mailed'], now);
  await makeMatches(ctx.db, 'study', papers.slice(0, 1));
  await makeMatches(ctx.db, { kind: 'topic', text: SLUG }, papers.slice(1, 2));
  admin = await adminServer(ctx);
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 320, height: 900 } })).newPage();
  await page.goto(admin.base + (await admin.linkPath()));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Today' }).waitFor();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await admin.close();
});

const readers = (count: number, selectivity: Selectivity, wishes = WISHES) =>
  Promise.all(
    Array.from({ length: count }, () => makeReader(ctx.db, ctx.now(), { selectivity, wishes, welcome: true })),
  );

async function say(of: readonly { id: number }[], paper: number, more: number): Promise<void> {
  for (const [at, { id }] of of.entries()) {
    const kind: ReactionKind = at < more ? 'more' : 'less';
    await setReaction(ctx.db, { subscriberId: id, paperId: papers[paper]?.paperId ?? 0, kind, at: ctx.now() });
  }
}

/** What the table says, by its first column. */
async function figures(): Promise<Record<string, string[]>> {
  await page.goto(`${admin.base}/admin/topics`);
  const rows = await page.locator('#precision tbody tr').all();
  const cells = await Promise.all(rows.map((row) => row.locator('td').allTextContents()));
  return Object.fromEntries(cells.map(([name = '', ...rest]) => [name, rest]));
}

test('when nobody has said anything, then the page says so', async () => {
  expect(await figures()).toEqual({});
  expect(await page.locator('#precision').textContent()).toContain('Nobody has said anything yet');
  await expectAccessible(page);
});

test('when readers said more and less of mailed papers, then the share is told over all, by what brought them and by line', async () => {
  const sure = await readers(10, 'sure');
  const normal = await readers(20, 'normal');
  const withoutWishes = await readers(1, 'more', []);
  const old = await readers(1, 'normal');
  await runPlan(ctx);
  await sendAll(ctx.db, ctx.now());
  const waiting = await readers(1, 'normal');
  await runPlan(ctx);
  const longAgo = new Date(ctx.now().getTime() - 31 * DAY_MS);
  await ctx.db.newsletter.updateMany({ where: { subscriberId: old[0]?.id ?? 0 }, data: { createdAt: longAgo } });
  await say([...sure, ...normal], 0, 24); // all ten of the strict and 14 of the others want more
  await say(normal.slice(0, 12), 1, 9);
  await say(withoutWishes, 0, 1);
  await say([...sure, ...old, ...waiting], 2, 5); // was not mailed
  await say([...old, ...waiting], 0, 0); // too long ago, and not sent
  expect(await figures()).toEqual({
    'All with an interest': ['79 % (64 to 88)', '33', '42'],
    '… topics': ['too few yet', '9', '12'],
    '… words': ['80 % (63 to 90)', '24', '30'],
    'Line 0.7, only sure ones': ['too few yet', '10', '10'],
    'Line 0.5, normal': ['72 % (55 to 84)', '23', '32'],
    'Without interests': ['too few yet', '1', '1'],
  });
  const topic = page.locator('tr', { has: page.getByText(SLUG, { exact: true }) });
  expect(await topic.locator('td').nth(4).textContent()).toBe('9 of 12');
  await expectAccessible(page);
});

test('when a reaction is taken back, then it counts no more', async () => {
  const before = (await figures())['All with an interest'];
  const one = await ctx.db.reaction.findFirstOrThrow({ where: { kind: 'less', paperId: papers[1]?.paperId ?? 0 } });
  await setReaction(ctx.db, { subscriberId: one.subscriberId, paperId: one.paperId, kind: null, at: ctx.now() });
  expect([before?.[2], (await figures())['All with an interest']?.[2]]).toEqual(['42', '41']);
});
