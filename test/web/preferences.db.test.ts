import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { fieldsIn } from './form-fields.ts';
import { confirmedReader, newestConfirmPath, statusOf } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, readTopics());
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const readerRow = (email: string) => ctx.db.subscriber.findUniqueOrThrow({ where: { email } });
const wordings = async (id: number) =>
  (await ctx.db.subscriberInterest.findMany({ where: { subscriberId: id }, orderBy: { wording: 'asc' } })).map(
    ({ wording }) => wording,
  );

describe('a reader’s settings', () => {
  test('when they are saved as they stand, then nothing is changed and the page says so', async () => {
    const reader = await confirmedReader(ctx, 'same@example.org', {
      topics: ['reinforcement-learning'],
      interests: ['"state space" models -vision'],
      authors: ['Hopper, Grace'],
      muted: ['crypto', 'author: Nobody Known'],
      cadence: 'weekly',
      weekday: 5,
      hour: 6,
      timeZone: 'Asia/Kathmandu',
      maxPapers: 3,
      selectivity: 'more',
    });
    const before = await readerRow('same@example.org');
    const page = await (await web.get(reader.preferences)).text();
    const answer = await web.post(reader.preferences, { action: 'save', ...fieldsIn(page) });
    expect(await answer.text()).toContain('Nothing was different');
    expect(await readerRow('same@example.org')).toEqual(before);
    expect(await wordings(reader.id)).toEqual([
      '"state space" models -vision',
      'Hopper, Grace',
      'Nobody Known',
      'crypto',
      'reinforcement-learning',
    ]);
  });

  test('when a newsletter is due and not there yet, then the page says that it comes shortly, not when it was due', async () => {
    const reader = await confirmedReader(ctx, 'due@example.org');
    const stands = async () => (await (await web.get(reader.preferences)).text()).includes('comes shortly');
    expect(await stands()).toBe(false);
    await ctx.db.subscriber.update({ where: { id: reader.id }, data: { nextDueAt: ctx.now() } });
    expect(await stands()).toBe(true);
  });

  test('when they are changed, then the change holds, language included', async () => {
    const reader = await confirmedReader(ctx, 'change@example.org');
    const answer = await web.post(reader.preferences, {
      action: 'save',
      topics: ['large-language-models', 'reinforcement-learning'],
      interests: 'robots',
      cadence: 'weekdays',
      hour: '17',
      timeZone: 'America/New_York',
      maxPapers: '4',
      language: 'de',
    });
    const page = await answer.text();
    expect(page).toContain('Gespeichert');
    expect(page).toContain('<html lang="de"');
    expect(await readerRow('change@example.org')).toMatchObject({
      cadence: 'weekdays',
      hour: 17,
      timeZone: 'America/New_York',
      maxPapers: 4,
      language: 'de',
    });
    expect(await wordings(reader.id)).toEqual(['large-language-models', 'reinforcement-learning', 'robots']);
    const leaving = await web.get(reader.unsubscribe, { 'accept-language': 'en' });
    expect(await leaving.text()).toContain('Offprint abbestellen?');
  });

  test('when they say how strict to be, then it holds, the page shows it, and so does what may be taken along', async () => {
    const reader = await confirmedReader(ctx, 'strict@example.org');
    const first = await (await web.get(reader.preferences)).text();
    expect(first).toMatch(/value="normal"[^>]* checked/);
    expect(first.match(/name="selectivity"/g)).toHaveLength(3);
    await web.post(reader.preferences, { action: 'save', selectivity: 'sure' });
    expect(await readerRow('strict@example.org')).toMatchObject({ selectivity: 'sure' });
    const page = await (await web.get(reader.preferences, { 'accept-language': 'de' })).text();
    expect(page).toMatch(/value="sure"[^>]* checked/);
    const data = (await (await web.get(`${reader.preferences}/data.json`)).json()) as object;
    expect(data).toMatchObject({ preferences: { selectivity: 'sure' } });
    await web.post(reader.preferences, { action: 'save', hour: '9' }); // a form without the question
    expect(await readerRow('strict@example.org')).toMatchObject({ hour: 9, selectivity: 'sure' });
  });

  test('when they ask for what is perhaps right, then it holds until the box is empty, and what says nothing keeps it', async () => {
    const reader = await confirmedReader(ctx, 'perhaps@example.org');
    const pageOf = async () => (await web.get(reader.preferences)).text();
    const box = /<input type="checkbox" id="perhaps" name="perhaps" value="yes"[^>]* checked/;
    expect(await pageOf()).not.toMatch(box);
    await web.post(reader.preferences, { action: 'save', perhaps: ['no', 'yes'] });
    expect(await readerRow('perhaps@example.org')).toMatchObject({ perhaps: true });
    expect(await pageOf()).toMatch(box);
    const data = (await (await web.get(`${reader.preferences}/data.json`)).json()) as object;
    expect(data).toMatchObject({ preferences: { perhaps: true } });
    await web.post(reader.preferences, { action: 'save', hour: '9' });
    expect(await readerRow('perhaps@example.org')).toMatchObject({ hour: 9, perhaps: true });
    await web.post(reader.preferences, { action: 'save', perhaps: 'no' });
    expect(await readerRow('perhaps@example.org')).toMatchObject({ perhaps: false });
  });

  test.each([
    [{ action: 'save', perhaps: 'maybe' }, 'Choose yes or no'],
    [{ action: 'save', hour: '25' }, 'Choose an hour'],
    [{ action: 'save', selectivity: 'never' }, 'Choose only sure ones, normal or a few more'],
    [{ action: 'save', topics: 'nope' }, 'There is no topic'],
    [{ action: 'pause', until: '2020-01-01' }, 'Choose a day after today'],
    [{ action: 'pause', until: '2999-01-01' }, 'Choose a day after today'],
    [{ action: 'pause', until: 'tomorrow' }, 'Choose a day after today'],
    [{ action: 'address', newEmail: 'x@localhost' }, 'not a full domain name'],
    [{ action: 'erase' }, 'Tick the box first'],
    [{ action: 'fly' }, 'Something in the form cannot be used'],
    [{}, 'Something in the form cannot be used'],
  ])('when the form is %j, then 422 says why and nothing changes', async (form, why) => {
    const email = 'wrong@example.org';
    const reader =
      (await ctx.db.subscriber.count({ where: { email } })) === 0 ? await confirmedReader(ctx, email) : null;
    kept ??= reader?.preferences ?? '';
    const before = await readerRow(email);
    const answer = await web.post(kept, form);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(why);
    expect(await readerRow(email)).toEqual(before);
  });
  let kept: string | undefined;

  test('when a field cannot be used, then the link of its error leads to it', async () => {
    const reader = await confirmedReader(ctx, 'anchors@example.org', { language: 'de' });
    const schedule = { cadence: '!', weekday: '!', hour: '!', maxPapers: '!', timeZone: '!' };
    const names = { authors: '!', organizations: '!', muted: '!' };
    const wishes = { topics: 'nope', interests: '!', like: 'https://example.org/a', ...names };
    for (const [path, form, count] of [
      ['/subscribe?lang=de', { email: 'x', ...schedule }, 6],
      ['/subscribe?lang=de', { email: 'ada@example.org', ...wishes }, 6],
      [reader.preferences, { action: 'save', selectivity: '!', perhaps: '!', ...schedule }, 7],
      [reader.preferences, { action: 'save', ...wishes }, 6],
      [reader.preferences, { action: 'pause', until: '2020-01-01' }, 1],
      [reader.preferences, { action: 'address', newEmail: 'x@localhost' }, 1],
      [reader.preferences, { action: 'erase' }, 1],
    ] as const) {
      const page = await (await web.post(path, form)).text();
      const links = [...page.matchAll(/<li><a href="#([^"]+)">[^<]+<\/a>: /g)].map(([, anchor = '']) => anchor);
      expect([links, links.length]).toEqual([links.filter((anchor) => page.includes(` id="${anchor}"`)), count]);
    }
  });

  test('when the box is not ticked on erasing, then it is marked and its error is named after it', async () => {
    const reader = await confirmedReader(ctx, 'unticked@example.org', { language: 'de' });
    const page = await (await web.post(reader.preferences, { action: 'erase' })).text();
    expect(/<a href="#sure">([^<]*)/.exec(page)?.[1]).toBe('Meine Daten löschen');
    const box = /<input type="checkbox"[^>]* name="sure"[^>]*>/.exec(page)?.[0];
    expect(box).toContain(' aria-invalid="true" aria-describedby="sure-problem"');
  });

  test('when a reader pauses for a day of their own, then it lasts until midnight there, and resuming ends it', async () => {
    const reader = await confirmedReader(ctx, 'pause@example.org', { timeZone: 'Pacific/Auckland' });
    const page = await (await web.post(reader.preferences, { action: 'pause', until: '2026-02-10' })).text();
    expect(page).toContain('Nothing comes before Tuesday, 10 February 2026');
    expect((await readerRow('pause@example.org')).pausedUntil?.toISOString()).toBe('2026-02-09T11:00:00.000Z');
    expect(await (await web.post(reader.preferences, { action: 'resume' })).text()).toContain('comes again');
    expect((await readerRow('pause@example.org')).pausedUntil).toBeNull();
  });

  test('when a reader moves to another address, then the new one is asked, and only its button moves them', async () => {
    const reader = await confirmedReader(ctx, 'old@example.org');
    expect(
      await (await web.post(reader.preferences, { action: 'address', newEmail: 'New@Example.org' })).text(),
    ).toContain('Check the inbox of the new address');
    expect(await statusOf(ctx, 'old@example.org')).toBe('confirmed');
    const link = await newestConfirmPath(ctx, 'new@example.org');
    expect(await (await web.get(link)).text()).toContain('Move your newsletter here?');
    expect(await (await web.post(link, {})).text()).toContain('your newsletter goes to this address');
    expect(await statusOf(ctx, 'new@example.org')).toBe('confirmed');
    expect(await statusOf(ctx, 'old@example.org')).toBe('gone');
  });

  test('when a reader takes their data along, then it is a JSON file with what is kept', async () => {
    const reader = await confirmedReader(ctx, 'data@example.org', { interests: ['sparse models'] });
    const answer = await web.get(`${reader.preferences}/data.json`);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('cache-control')).toContain('no-store');
    const data = (await answer.json()) as { email: string; interests: unknown[]; consents: unknown[] };
    expect(data).toMatchObject({
      email: 'data@example.org',
      interests: [{ kind: 'words', text: 'sparse models', muted: false }],
    });
    expect(data.consents.length).toBe(2);
    expect((await web.get(`${reader.preferences.slice(0, -2)}AA/data.json`)).status).toBe(404);
  });
});

describe('asking for my link', () => {
  test('when readers and strangers ask, then the answer is the same, and only readers get a mail', async () => {
    await confirmedReader(ctx, 'asker@example.org');
    const answers = await Promise.all(
      ['asker@example.org', 'stranger@example.org'].map((email) => web.post('/preferences', { email })),
    );
    const [known, unknown] = await Promise.all(
      answers.map(async (answer) => ({ status: answer.status, body: await answer.text() })),
    );
    expect(known).toEqual(unknown);
    expect(known?.status).toBe(202);
    expect(await ctx.db.delivery.count({ where: { kind: 'link', email: 'asker@example.org' } })).toBe(1);
    expect(await ctx.db.delivery.count({ where: { kind: 'link', email: 'stranger@example.org' } })).toBe(0);
  });
});

describe('a retired topic', () => {
  test('when a reader mutes it, then it stays muted on saving', async () => {
    const reader = await confirmedReader(ctx, 'muted-topic@example.org', { muted: ['topic: causality'] });
    await syncTopics(
      ctx.db,
      readTopics().filter(({ slug }) => slug !== 'causality'),
    );
    const fields = fieldsIn(await (await web.get(reader.preferences)).text());
    expect(fields['muted']).toBe('topic: causality');
    const answer = await web.post(reader.preferences, { action: 'save', ...fields });
    expect([answer.status, await wordings(reader.id)]).toEqual([200, ['causality']]);
    await syncTopics(ctx.db, readTopics());
  });

  test('when a reader holds it, then it is shown as retired, stays on saving, and goes when it is unticked', async () => {
    const reader = await confirmedReader(ctx, 'retired@example.org', { topics: ['causality', 'fairness'] });
    const all = readTopics();
    await syncTopics(
      ctx.db,
      all.filter(({ slug }) => slug !== 'causality'),
    );
    const held = async () => {
      const rows = await ctx.db.subscriberInterest.findMany({ where: { subscriberId: reader.id } });
      return rows.map(({ wording }) => wording).sort();
    };
    const page = await (await web.get(reader.preferences)).text();
    const retired = page.slice(page.indexOf('No longer offered'), page.indexOf('<span>Language</span>'));
    expect(retired).toContain('They stay yours until you untick them');
    expect(retired).toContain('value="causality" checked');
    expect(await (await web.get('/')).text()).not.toContain('value="causality"');
    const kept = { action: 'save', topics: ['causality', 'fairness'], hour: '5' };
    expect((await web.post(reader.preferences, kept)).status).toBe(200);
    expect(await held()).toEqual(['causality', 'fairness']);
    expect((await web.post(reader.preferences, { action: 'save', topics: ['fairness'] })).status).toBe(200);
    expect(await held()).toEqual(['fairness']);
    expect((await web.post(reader.preferences, kept)).status).toBe(422); // given up: no way back to what is not offered
    await syncTopics(ctx.db, all);
  });
});

describe('an address that was refused for good', () => {
  test('when its reader asks for one more try, then it is lifted once, and the next refusal is the last', async () => {
    const reader = await confirmedReader(ctx, 'refused@example.org');
    const { addressHash } = await readerRow('refused@example.org');
    const where = { addressHash: Uint8Array.from(addressHash) };
    await ctx.db.suppression.create({ data: { ...where, reason: 'hard', at: ctx.now(), note: 'refused as unknown' } });
    const page = await (await web.get(reader.preferences)).text();
    expect(page).toContain('Your mail server refused our mail for good');
    const answer = await web.post(reader.preferences, { action: 'again' });
    expect(await answer.text()).toContain('If it is refused, nothing more follows');
    expect(await ctx.db.suppression.count({ where })).toBe(0);
    expect(await ctx.db.addressStanding.findUnique({ where })).toMatchObject({ restUntil: ctx.now() });
    expect(await (await web.get(reader.preferences)).text()).not.toContain('refused our mail');
  });

  test('when it was a complaint, or an operator’s word, then there is no such offer', async () => {
    const reader = await confirmedReader(ctx, 'complained@example.org');
    const { addressHash } = await readerRow('complained@example.org');
    const where = { addressHash: Uint8Array.from(addressHash) };
    await ctx.db.suppression.create({ data: { ...where, reason: 'complaint', at: ctx.now() } });
    expect(await (await web.get(reader.preferences)).text()).not.toContain('refused our mail');
    await web.post(reader.preferences, { action: 'again' });
    expect(await ctx.db.suppression.count({ where })).toBe(1);
  });

  test.each(['hard', 'complaint', 'manual', 'erased'] as const)(
    'when nothing may go there (%s), then its settings promise no newsletter, not even saved, paused or resumed',
    async (reason) => {
      const email = `${reason}@silent.example.org`;
      const reader = await confirmedReader(ctx, email);
      const { addressHash } = await readerRow(email);
      await ctx.db.suppression.create({
        data: { addressHash: Uint8Array.from(addressHash), reason, at: ctx.now() },
      });
      const lead = (page: string) => /<p class="lead">([^<]*)/.exec(page)?.[1];
      const said = (page: string) => /<div class="done"[^>]*><p>([^<]*)/.exec(page)?.[1];
      const after = async (form: Record<string, string>) => (await web.post(reader.preferences, form)).text();
      const shown = await (await web.get(reader.preferences)).text();
      const saved = await after({ action: 'save', interests: 'robots', hour: '9' });
      const paused = await after({ pause: '1w' });
      const resumed = await after({ action: 'resume' });
      for (const page of [shown, saved, paused, resumed])
        expect(lead(page)).toBe('Nothing is sent to this address at present.');
      expect(said(saved)).toBe('Saved. Nothing is sent to this address at present.');
      expect(said(resumed)).toBe('The pause is over. Nothing is sent to this address at present.');
      expect(paused).toMatch(/<p class="hint">Paused until [^<]+\.<\/p>/);
    },
  );
});
