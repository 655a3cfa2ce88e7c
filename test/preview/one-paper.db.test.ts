import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadNewsletterInput } from '../../src/db/newsletters/inputs.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { sampleNewsletter } from '../../src/preview/sample-newsletter.ts';
import { importCsv } from '../../src/subscribers/import-csv.ts';
import { checkWishes } from '../../src/subscribers/sign-up.ts';
import { makeDigest } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';
import { linksOf } from '../world/sign-ups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

const database = testDatabase();
const arrivedAt = new Date('2026-01-05T06:00:00Z');
let ctx: TestContext;
let web: TestWeb;

/** Title and abstract of the papers, and what organisation they come from, as slug and name. */
const PAPERS: [title: string, abstract: string, organization?: [string, string]][] = [
  ['Bridges that hum', 'We listen to steel.', ['massachusetts-tech', 'Massachusetts Institute of Technology']],
  ['Rivers in winter', 'We measure ice.', ['northern-lab', 'Royal Observatory of Hydrology']],
  ['Markets at night', 'Traders buy crypto.'],
  ['Pictures for sale', 'A survey of what an NFT buys.'],
  ['Coins and banks', 'On blockchain ledgers, and on proof of stake as it is used.'],
  ['Quiet gardens', 'We count bees.'],
];

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-01-05T12:00:00Z');
  const titles = PAPERS.map(([title]) => title);
  const papers = await makeDigest(ctx.db, '2026-01-05', titles, arrivedAt);
  for (const [at, { paperId, entryId }] of papers.entries()) {
    const [, abstract = '', organization] = PAPERS[at] ?? [];
    const [organizationSlug, organizationName] = organization ?? [];
    const data = { abstract, ...(organizationSlug && organizationName ? { organizationSlug, organizationName } : {}) };
    await ctx.db.paper.update({ where: { id: paperId }, data });
    await ctx.db.entry.update({ where: { id: entryId }, data });
  }
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** What is sent to a reader: titles, scores and reasons, and the mail's HTML. */
async function sentTo(subscriberId: number) {
  await runMatch(ctx);
  await runPlan(ctx);
  const { publicId } = await ctx.db.newsletter.findFirstOrThrow({ where: { subscriberId } });
  const input = await loadNewsletterInput(ctx.db, publicId);
  if (!input) throw new Error('no newsletter');
  const { html } = (await ctx.composer()).page(input, { personal: false });
  return { papers: input.papers, titles: input.papers.map(({ entry }) => entry.title), html };
}

/** What a page says, whatever of it stands out. */
const withoutTags = (html: string) => html.replace(/<\/?[a-z][^>]*>/gi, '');

describe('an organisation is found by name, slug and initials, wherever one looks', () => {
  test.each([
    ['MIT', 'Bridges that hum', 'Massachusetts Institute of Technology', 0.8],
    ['massachusetts-tech', 'Bridges that hum', 'Massachusetts Institute of Technology', 1],
    ['ROH', 'Rivers in winter', 'Royal Observatory of Hydrology', 0.8],
    ['Northern Lab', 'Rivers in winter', 'Royal Observatory of Hydrology', 1],
    ['observatory', 'Rivers in winter', 'Royal Observatory of Hydrology', 0.9],
  ])('when «%s» is wished for, then it brings «%s» by «%s»', async (text, title, name, score) => {
    const wish = { kind: 'organization' as const, text, muted: false };
    const reader = await makeReader(ctx.db, ctx.now(), { wishes: [wish], welcome: true });
    const sent = await sentTo(reader.id);
    expect(sent.titles).toEqual([title]);
    expect(sent.papers[0]?.match?.score).toBeCloseTo(score, 6);
    expect(sent.papers[0]?.match?.reasons.map((reason) => reason.text)).toEqual([name]);
    const sample = await sampleNewsletter(ctx, [wish]);
    expect(sample.papers.map(({ entry, match }) => [entry.title, match?.score, match?.reasons])).toEqual([
      [title, sent.papers[0]?.match?.score, sent.papers[0]?.match?.reasons],
    ]);
    const form = await (await web.get(`/preview/newsletter?organizations=${encodeURIComponent(text)}`)).text();
    const feed = await (await web.get(linksOf(ctx, reader).feed)).text();
    for (const shown of [sent.html, form, feed].map(withoutTags)) {
      expect(shown).toContain(title);
      expect(shown).toContain(`From ${name}, which you follow`);
      expect(shown).not.toContain(`${name} /`);
    }
  });
});

describe('words in one text, parted by commas, mute each for itself', () => {
  const wished = { interests: ['steel, ice, traders, survey, ledgers, bees'] };
  const all = PAPERS.map(([title]) => title).sort();

  test.each([
    ['crypto, nft', ['Markets at night', 'Pictures for sale']],
    ['nft, blockchain, unheard-of', ['Pictures for sale', 'Coins and banks']],
    ['proof of stake, bees', ['Coins and banks', 'Quiet gardens']],
    ['stake proof, bee', ['Quiet gardens']],
  ])('when «%s» is muted by JSON or by CSV, then neither sends %j', async (text, hidden) => {
    const left = all.filter((title) => !hidden.includes(title));
    const checked = checkWishes({ ...wished, muted: [text] }, { topics: new Set(), maxPapers: 10 });
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    const byJson = await makeReader(ctx.db, ctx.now(), { wishes: checked.value.wishes, welcome: true });
    const email = `csv${byJson.id}@example.org`;
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const csv = `email,status,consent_at,consent_source,interests,muted\n${email},confirmed,2025-06-01,form,${quoted(wished.interests[0] ?? '')},${quoted(text)}\n`;
    const { counts, rejected } = await importCsv(ctx, Readable.from([csv]), { actor: 'cli' });
    expect([counts.confirmed, rejected]).toEqual([1, []]);
    const byCsv = await ctx.db.subscriber.update({ where: { email }, data: { welcomeDueAt: ctx.now() } });
    for (const { id } of [byJson, byCsv]) expect((await sentTo(id)).titles.sort()).toEqual(left);
    const sample = await sampleNewsletter(ctx, checked.value.wishes);
    expect(sample.papers.map(({ entry }) => entry.title).sort()).toEqual(left);
    const query = new URLSearchParams({ interests: wished.interests[0] ?? '', muted: text });
    const form = await (await web.get(`/preview/newsletter?${query.toString()}`)).text();
    const feed = await (await web.get(linksOf(ctx, byJson).feed)).text();
    for (const shown of [form, feed]) expect(all.filter((title) => shown.includes(title))).toEqual(left);
  });
});
