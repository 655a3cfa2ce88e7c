import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setReaction } from '../../src/db/interests/reactions.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { COST_DAYS } from '../../src/preview/mute-costs.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { confirmedReader, type TestReader } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let reader: TestReader;

const TITLES = [
  'Tidal robots at night',
  'Tidal robots by day',
  'Tidal robots in harbours',
  'Tidal mills with robots',
  'Robots on bridges',
  'Bridges of glass',
  'Bridges of rope',
  'Bridges of stone',
  'Bridges of wire',
  'Glaciers of the north',
];

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, readTopics());
  // One paper is older than the days that are counted.
  await makeDigest(ctx.db, '2025-12-10', ['Tidal robots long ago'], new Date('2025-12-10T06:00:00Z'));
  await makeDigest(ctx.db, '2026-01-04', TITLES.slice(0, 5), new Date('2026-01-04T06:00:00Z'));
  await makeDigest(ctx.db, '2026-01-05', TITLES.slice(5), new Date('2026-01-05T06:00:00Z'));
  web = await startWeb(ctx);
  reader = await confirmedReader(ctx, 'ada@example.org', {
    interests: ['robots'],
    muted: ['tidal', 'glaciers', 'mills'],
  });
});
afterAll(() => web.close());

const text = (page: string) =>
  page
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/\s+/g, ' ');
const papers = () => ctx.db.paper.findMany({ orderBy: { id: 'asc' } });

describe('what a reader told us', () => {
  test('when words are muted, then each says how many papers that fit it left out in the days that count', async () => {
    const page = text(await (await web.get(reader.preferences)).text());
    expect(page).toContain(`tidal left out 4 papers in the last ${COST_DAYS} days`);
    expect(page).toContain(`mills left out 1 paper in the last ${COST_DAYS} days`);
    expect(page).toContain(`glaciers left out nothing in the last ${COST_DAYS} days`);
  });

  test('when papers were liked and disliked, then they are listed and a press takes one back, the others stay', async () => {
    const [, liked, disliked] = await papers();
    for (const [paper, kind] of [
      [liked!, 'more'],
      [disliked!, 'less'],
    ] as const)
      await setReaction(ctx.db, { subscriberId: reader.id, paperId: paper.id, kind, at: ctx.now() });
    const page = await (await web.get(reader.preferences)).text();
    expect(text(page)).toContain('Tidal robots at night more like this');
    expect(text(page)).toContain('Tidal robots by day less like this');
    const answer = await web.post(reader.preferences, { takeBack: `paper ${liked!.publicId}` });
    expect(text(await answer.text())).toContain(
      'Taken back: what you said of “Tidal robots at night” no longer counts',
    );
    const left = await ctx.db.reaction.findMany({ where: { subscriberId: reader.id } });
    expect(left.map(({ paperId, kind }) => [paperId, kind])).toEqual([[disliked!.id, 'less']]);
    const again = await web.post(reader.preferences, { takeBack: `paper ${liked!.publicId}` });
    expect(text(await again.text())).toContain('There was nothing to take back');
  });

  test('when a muted word is taken back, then it alone goes, and the preview shows what it had left out', async () => {
    const before = await (await web.get(`${reader.preferences}/preview/newsletter`)).text();
    expect(before).toContain('Robots on bridges');
    expect(before).not.toContain('Tidal mills');
    const answer = await web.post(reader.preferences, { takeBack: 'mute words tidal' });
    expect(text(await answer.text())).toContain('papers with “tidal” may come again');
    const muted = await ctx.db.subscriberInterest.findMany({ where: { subscriberId: reader.id, muted: true } });
    expect(muted.map(({ wording }) => wording).sort()).toEqual(['glaciers', 'mills']);
    const after = await (await web.get(`${reader.preferences}/preview/newsletter`)).text();
    expect(after).toContain('Tidal robots at night');
    expect(after).not.toContain('Tidal mills');
  });

  test.each(['', 'paper', 'mute', 'mute words', 'mute unknown x', 'paper ../..', 'drop table', 'paper nosuchpaper'])(
    'when the press says «%s», then nothing is changed and nothing breaks',
    async (takeBack) => {
      const before = await ctx.db.subscriberInterest.count();
      const answer = await web.post(reader.preferences, { takeBack });
      expect([200, 422]).toContain(answer.status);
      expect(await ctx.db.subscriberInterest.count()).toBe(before);
    },
  );

  test('when the link is not one of ours, then neither preview nor list is shown', async () => {
    const other = reader.preferences.slice(0, -2) + 'xx';
    for (const path of [other, `${other}/preview`, `${other}/preview/newsletter`])
      expect((await web.get(path)).status).toBe(404);
  });
});

describe('the form of settings', () => {
  test('when it is filled in and asked what it would bring, then it shows that and has saved nothing', async () => {
    const query = new URLSearchParams({ interests: 'bridges', cadence: 'weekly', maxPapers: '3', lang: 'en' });
    const page = await (await web.get(`${reader.preferences}?${query}`)).text();
    expect(text(page)).toContain('Not saved yet');
    expect(page).toContain('>bridges</textarea>');
    const preview = await (await web.get(`${reader.preferences}/preview/newsletter?${query}`)).text();
    expect(preview).toContain('Bridges of');
    expect(preview).not.toContain('Tidal robots');
    expect((await ctx.db.subscriber.findUniqueOrThrow({ where: { id: reader.id } })).cadence).toBe('daily');
  });

  test('when what is perhaps right is asked for, then the preview beside the form names it, saved or not', async () => {
    const wishes = { interests: 'bridges of glass and steel', selectivity: 'sure', cadence: 'daily', lang: 'en' };
    const framed = async (perhaps: readonly string[]) => {
      const query = new URLSearchParams([
        ...Object.entries(wishes),
        ...perhaps.map((one): [string, string] => ['perhaps', one]),
      ]);
      const page = await (await web.get(`${reader.preferences}?${query}`)).text();
      const src = /<iframe[^>]* src="([^"]*)"/.exec(page)?.[1] ?? '';
      return text(await (await web.get(src.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))).text());
    };
    expect(/ Perhaps .*Bridges of (?:wire|rope)/.test(await framed(['no', 'yes']))).toBe(true);
    expect(/ Perhaps /.test(await framed(['no']))).toBe(false);
  });

  test('when a script asks for the estimate, then it follows the form, not what is stored', async () => {
    const page = await (await web.get(`${reader.preferences}/preview?interests=bridges&cadence=daily`)).text();
    expect(page).toMatch(/data-brief="About \d[^"]* papers? /);
    expect(text(page)).toContain('About 1–4 papers a day');
  });
});

test('when a reader has left, then their settings offer no pause and no leaving, but the way back and erasing', async () => {
  const gone = await confirmedReader(ctx, 'gone@example.org', { interests: ['robots'] });
  const before = await (await web.get(gone.preferences)).text();
  await web.post(gone.unsubscribe, { action: 'unsubscribe' });
  const after = await (await web.get(gone.preferences)).text();
  const offers = (page: string) => ({
    pause: page.includes('name="pause"') && page.includes('href="#pause"') && page.includes('id="until"'),
    noPause: !page.includes('pause"') && !page.includes('id="until"'),
    leave: page.includes('href="/unsubscribe/') || page.includes(`href="${gone.unsubscribe}"`),
    back: text(page).includes('Take it back'),
    erase: page.includes('value="erase"'),
  });
  expect(offers(before)).toEqual({ pause: true, noPause: false, leave: true, back: false, erase: true });
  expect(offers(after)).toEqual({ pause: false, noPause: true, leave: false, back: true, erase: true });
});

describe('the page that mutes a word', () => {
  const mutePage = async (title: string) => {
    const paper = await ctx.db.paper.findFirstOrThrow({ where: { title } });
    const page = await web.get(`${reader.react}?paper=${paper.publicId}&do=mute`);
    return text(await page.text());
  };

  test('when words are offered, then each says in how many papers it stands, and the costly ones are last', async () => {
    const page = await mutePage('Tidal robots in harbours');
    expect(page).toMatch(/harbours in 1 of the 10 papers of the last 14 days(?!:)/);
    expect(page).toMatch(/tidal in 4 of the 10 papers of the last 14 days: would leave out much of what you get/i);
    expect(page.indexOf('harbours in')).toBeLessThan(page.indexOf('Tidal in 4'));
    expect(page.indexOf('harbours in')).toBeLessThan(page.indexOf('robots in 5'));
  });

  test('when a word is rare on the lists and yet in most of what the reader gets, then it is marked too', async () => {
    const few = await confirmedReader(ctx, 'few@example.org', { interests: ['mills', 'harbours'] });
    const paper = await ctx.db.paper.findFirstOrThrow({ where: { title: 'Tidal mills with robots' } });
    const page = text(await (await web.get(`${few.react}?paper=${paper.publicId}&do=mute`)).text());
    expect(page).toMatch(/mills in 1 of the 10 papers of the last 14 days: would leave out much of what you get/);
  });
});
