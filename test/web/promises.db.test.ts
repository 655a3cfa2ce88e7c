import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWishes } from '../../src/db/subscribers/subscribers.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { links } from '../../src/links/links.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { changeAddress } from '../../src/subscribers/change-address.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import {
  confirmedReader,
  confirmToken,
  linksOf,
  newestConfirmPath,
  reload,
  signUp,
  statusOf,
  type TestReader,
} from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
const START = '2026-01-05T10:00:00Z';

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow(START);
  const topic = { slug: 'robotics', name: 'Robots at work', field: 'Robotics', description: '', arxivCategories: [] };
  await ctx.db.topic.create({ data: topic });
  await makeDigest(ctx.db, '2026-01-05', ['Quiet Experts for Robot Hands', 'Long Shadows of Attention'], ctx.now());
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const later = (hours: number) => ctx.setNow(new Date(ctx.now().getTime() + hours * 3_600_000));
const textOf = async (answer: Response | Promise<Response>) => (await answer).text();
const mailsOf = (email: string, kind: 'link' | 'confirmation') => ctx.db.delivery.count({ where: { email, kind } });

/** Presses every button of a page in turn is too much: sends each form as its first button would. */
async function pressAll(page: string): Promise<number[]> {
  const statuses: number[] = [];
  for (const [, action = '', inside = ''] of page.matchAll(
    /<form method="post" action="([^"]+)"[^>]*>([^]*?)<\/form>/g,
  )) {
    const hidden = [...inside.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, n = '', v = '']) => [
      n,
      v,
    ]);
    statuses.push((await web.post(action, Object.fromEntries(hidden) as Record<string, string>)).status);
  }
  return statuses;
}

/** Presses «keep it at this address» in the newest mail that told a reader of a move. */
async function keep({ email }: TestReader): Promise<void> {
  const told = await ctx.db.delivery.findFirstOrThrow({ where: { kind: 'moving', email }, orderBy: { id: 'desc' } });
  await web.post(links.undo('', ctx.keys.link[0]!, told.key, told.generation), {});
}

/** Looks for links that act for a reader. */
function expectNothingOpens(page: string): void {
  expect(page).not.toMatch(/\/preferences\/preferences\.|\/unsubscribe\//);
  expect(page).not.toContain('You have left since');
  expect(page).toContain('Send me the link to my settings');
}

describe('the page behind a confirmation link', () => {
  test('when it is opened, then it names the address, the wishes and the time, and one press confirms', async () => {
    const wishes = { interests: ['graph networks', 'OpenAI, Inc.'], topics: ['robotics'], authors: ['Ada Quenby'] };
    const when = { cadence: 'weekly', weekday: 5, hour: 7, timeZone: 'Europe/Berlin', maxPapers: 6 };
    const path = await signUp(ctx, 'recap@example.org', { ...wishes, ...when, muted: ['survey'] });
    const page = await textOf(web.get(path));
    const said = /<dl class="summary">[^]*<\/dl>/.exec(page)?.[0] ?? '';
    for (const text of [
      'recap@example.org',
      'graph networks',
      'OpenAI, Inc.',
      'Ada Quenby',
      'survey',
      'Every Friday at 07:00, Europe/Berlin',
      'At most 6 papers',
    ])
      expect(said).toContain(text);
    expect(said).toMatch(/<dt>Left out<\/dt>\s*<dd dir="auto">survey<\/dd>/);
    expect(await pressAll(page)).toEqual([200]);
    expect(await statusOf(ctx, 'recap@example.org')).toBe('confirmed');
  });

  test('when nothing was chosen, then it says what comes', async () => {
    const page = await textOf(web.get(await signUp(ctx, 'any@example.org')));
    expect(page).toContain('What everybody is reading');
    expect(page).toContain('Every day at 08:00, UTC');
  });

  test('when somebody has confirmed, then the first newsletter stands on the page, and it is the one that is sent', async () => {
    const path = await signUp(ctx, 'first@example.org', { timeZone: 'Europe/Berlin' });
    await web.get('/preview/newsletter'); // the papers are read by now, as the form has it
    const page = await textOf(web.post(path, {}));
    expect(page).toContain('You are in');
    const [, frame = ''] = /<iframe title="Your first newsletter" src="([^"]+)"/.exec(page) ?? [];
    const shown = await web.get(frame);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    const before = await shown.text();
    expect(before).toContain('Quiet Experts for Robot Hands');
    expect(before).toContain('Long Shadows of Attention');
    expect(before).not.toMatch(/\/(?:react|unsubscribe|preferences)\//);
    await runPlan(ctx);
    const [planned] = await ctx.db.newsletter.findMany({ where: { subscriber: { email: 'first@example.org' } } });
    expect(planned?.entryIds).toHaveLength(2);
    const after = await textOf(web.get(frame));
    for (const title of ['Quiet Experts for Robot Hands', 'Long Shadows of Attention']) expect(after).toContain(title);
    later(2);
    expect((await web.get(frame)).status).toBe(404); // a forwarded link tells nobody what is read
  });

  test('when the newest is declined, or there is none, then the page is whole without it', async () => {
    const page = await textOf(web.post(await signUp(ctx, 'none@example.org'), { latest: 'no' }));
    expect(page).toContain('You are in');
    expect(page).not.toContain('<iframe');
    const muted = { muted: ['attention', 'experts'], interests: ['zebrafish larvae'] };
    const odd = await textOf(web.post(await signUp(ctx, 'odd@example.org', muted), {}));
    expect(odd).toContain('You are in');
    expect(odd).not.toContain('<iframe');
    expect(odd).not.toContain('on its way');
  });

  test('when a reader comes back before a new list has come, then what they had is no first newsletter again', async () => {
    const email = 'back@example.org';
    const first = await textOf(web.post(await signUp(ctx, email), {}));
    expect(first).toContain('on its way');
    await runPlan(ctx);
    await runJob(ctx, jobNamed('deliver')!);
    await web.post(linksOf(ctx, await reload(ctx, email)).unsubscribe, { action: 'unsubscribe' });
    later(1);
    const page = await textOf(web.post(await signUp(ctx, email), {}));
    expect(page).toContain('You are in');
    expect(page).not.toContain('<iframe');
    expect(page).not.toContain('on its way');
    await runPlan(ctx);
    expect(await ctx.db.newsletter.count({ where: { subscriber: { email } } })).toBe(1);
  });

  test.each([
    ['en', 'Done', 'You have left. Nothing is sent to you.'],
    ['de', 'Erledigt', 'Sie haben abbestellt. Es wird Ihnen nichts geschickt.'],
  ])('when somebody who has left moves (%s), then no newsletter is promised', async (language, done, left) => {
    const reader = await confirmedReader(ctx, `still.gone.${language}@example.org`, { language });
    await web.post(reader.unsubscribe, { action: 'unsubscribe' });
    const next = `gone.elsewhere.${language}@example.org`;
    await changeAddress(ctx, reader.preferences.split('/')[2]!, next);
    const page = await textOf(web.post(await newestConfirmPath(ctx, next), {}));
    expect(await statusOf(ctx, next)).toBe('unsubscribed');
    expect(page).toContain(`<h1>${done}</h1>`);
    expect(page).toContain(left);
    expect(page).not.toMatch(/You are in|From now on|Every newsletter|Sie sind dabei|Von jetzt an|In jedem Newsletter/);
    expect(page).toContain('/preferences/preferences.');
  });

  test('when the composer breaks, then confirming goes on', async () => {
    const path = await signUp(ctx, 'broken@example.org');
    const { composer } = ctx;
    ctx.composer = () => Promise.reject(new Error('no templates'));
    const answer = await web.post(path, {});
    ctx.composer = composer;
    expect([answer.status, await statusOf(ctx, 'broken@example.org')]).toEqual([200, 'confirmed']);
  });
});

describe('«not me» on a move', () => {
  const told = /sign-up|reminder of|few days|on its way|Eintragung|einzige Erinnerung|einigen Tagen|unterwegs/;
  const moveTo = async (reader: { preferences: string }, email: string) => {
    await changeAddress(ctx, reader.preferences.split('/')[2]!, email);
    return `/decline/${await confirmToken(ctx, email, 'decline')}`;
  };

  test.each(['en', 'de'])(
    'when the new address presses it, and takes it back in time (%s), then no page speaks of a sign-up',
    async (language) => {
      const reader = await confirmedReader(ctx, `keeps.${language}@example.org`, { language });
      const other = `asked.${language}@example.org`;
      const decline = await moveTo(reader, other);
      const question = await newestConfirmPath(ctx, other);
      const pages = [await textOf(web.get(decline)), await textOf(web.post(decline, {}))];
      for (const path of [decline, question]) {
        const page = await textOf(web.get(path));
        expect(page).toContain(other);
        expect(page).not.toContain(reader.email);
        pages.push(page);
      }
      const back = await textOf(web.post(decline, { action: 'undo' }));
      expect(back).toContain(question);
      for (const page of [...pages, back, await textOf(web.post(decline, { action: 'undo' }))])
        expect(page).not.toMatch(told);
      await web.post(question, {});
      expect(await statusOf(ctx, other)).toBe('confirmed');
    },
  );

  test('when the question has run out, then taking it back promises no mail', async () => {
    const decline = await moveTo(await confirmedReader(ctx, 'stays@example.org'), 'slow@example.org');
    await web.post(decline, {});
    later(72);
    const page = await textOf(web.post(decline, { action: 'undo' }));
    expect(page).toContain('Taken back');
    expect(page).not.toMatch(told);
    expect(page).not.toContain('/confirm/');
    expect(await mailsOf('slow@example.org', 'confirmation')).toBe(1);
    expect(await ctx.db.suppression.count()).toBe(0);
  });

  test.each([
    ['the present address has kept the newsletter', 'kept', keep],
    ['the reader has asked another address', 'asks', (reader: TestReader) => moveTo(reader, 'right@example.org')],
    ['the reader has left', 'leaves', (reader: TestReader) => web.post(reader.unsubscribe, { action: 'unsubscribe' })],
  ])('when %s since, then taking it back opens the question no more', async (_, name, act) => {
    const reader = await confirmedReader(ctx, `${name}@example.org`);
    const other = `${name}.thief@example.org`;
    const decline = await moveTo(reader, other);
    const question = await newestConfirmPath(ctx, other);
    await web.post(decline, {});
    later(1);
    await act(reader);
    const page = await textOf(web.post(decline, { action: 'undo' }));
    expect(page).toContain('Taken back');
    expect(page).not.toContain('/confirm/');
    await web.post(question, {});
    expect(await statusOf(ctx, other)).toBe('gone');
  });

  test('when a reader has moved on, then «not me» at the new address is not taken back by the link of the first', async () => {
    const [work, home] = ['eve@work.example.org', 'eve@home.example.org'];
    const first = await signUp(ctx, work);
    const old = `/decline/${await confirmToken(ctx, work, 'decline')}`;
    await web.post(first, {});
    await moveTo(linksOf(ctx, await reload(ctx, work)), home);
    await web.post(await newestConfirmPath(ctx, home), {});
    await web.post(linksOf(ctx, await reload(ctx, home)).unsubscribe, { action: 'unsubscribe' });
    later(1);
    await signUp(ctx, home);
    await web.post(`/decline/${await confirmToken(ctx, home, 'decline')}`, {});
    for (const answer of [await web.get(first), await web.get(old), await web.post(old, { action: 'undo' })])
      expect(await answer.text()).not.toContain(home);
    expect(await ctx.db.suppression.count()).toBe(2);
    await ctx.db.suppression.deleteMany();
  });
});

describe('no press ends in nothing', () => {
  test('when a reader left after confirming, then the confirmation link offers the way back, and it works', async () => {
    const path = await signUp(ctx, 'leaver@example.org');
    await web.post(path, {});
    const { unsubscribe } = linksOf(ctx, await reload(ctx, 'leaver@example.org'));
    await web.post(unsubscribe, { action: 'unsubscribe' });
    const page = await textOf(web.get(path));
    expect(page).toContain('You have left since');
    expect(page).not.toContain('Send me a new link');
    expect(await pressAll(page)).toEqual([200]);
    expect(await statusOf(ctx, 'leaver@example.org')).toBe('confirmed');
  });

  test('when a reader left before the new address answered, then its link opens nothing of theirs', async () => {
    const reader = await confirmedReader(ctx, 'ada@example.org');
    await changeAddress(ctx, reader.preferences.split('/')[2]!, 'typo@example.org');
    const question = await newestConfirmPath(ctx, 'typo@example.org');
    await web.post(reader.unsubscribe, { action: 'unsubscribe' });
    for (const answer of [await web.get(question), await web.post(question, {})])
      expectNothingOpens(await answer.text());
  });

  test('when a reader moved and left, then the first confirmation opens nothing, and that of the new address the way back', async () => {
    const [work, home] = ['ada@work.example.org', 'ada@home.example.org'];
    const first = await signUp(ctx, work);
    await web.post(first, {});
    const { preferences } = linksOf(ctx, await reload(ctx, work));
    await changeAddress(ctx, preferences.split('/')[2]!, home);
    const second = await newestConfirmPath(ctx, home);
    await web.post(second, {});
    await web.post(linksOf(ctx, await reload(ctx, home)).unsubscribe, { action: 'unsubscribe' });
    expectNothingOpens(await textOf(web.get(first)));
    expect(await pressAll(await textOf(web.get(second)))).toEqual([200]);
    expect(await statusOf(ctx, home)).toBe('confirmed');
  });

  test('when a move was taken back and the reader left, then the link of the move opens nothing', async () => {
    const [owner, thief] = ['owner@example.org', 'thief@example.org'];
    const reader = await confirmedReader(ctx, owner);
    await changeAddress(ctx, reader.preferences.split('/')[2]!, thief);
    const question = await newestConfirmPath(ctx, thief);
    await web.post(question, {});
    await keep(reader);
    await web.post(linksOf(ctx, await reload(ctx, owner)).unsubscribe, { action: 'unsubscribe' });
    expectNothingOpens(await textOf(web.get(question)));
  });

  test('when a reader came back by a new consent and left again, then the first confirmation opens nothing', async () => {
    const email = 'left-twice@example.org';
    const first = await signUp(ctx, email);
    for (const path of [first, null]) {
      later(24);
      await web.post(path ?? (await signUp(ctx, email)), {});
      await web.post(linksOf(ctx, await reload(ctx, email)).unsubscribe, { action: 'unsubscribe' });
    }
    expectNothingOpens(await textOf(web.get(first)));
    expect(await textOf(web.get(await newestConfirmPath(ctx, email)))).toContain('You have left since');
  });

  test('when «not me» was pressed by mistake, then either link takes it back, and the sign-up waits again', async () => {
    for (const [email, through] of [
      ['oops@example.org', 'decline'],
      ['oops2@example.org', 'confirm'],
    ] as const) {
      const path = await signUp(ctx, email);
      const decline = `/decline/${await confirmToken(ctx, email, 'decline')}`;
      const done = await textOf(web.post(decline, {}));
      expect(done).toContain('Pressed by mistake?');
      expect(await textOf(web.get(path))).toContain('You said it was not you');
      expect(await textOf(web.get(decline))).toContain('You said it was not you');
      later(24);
      expect(await pressAll(await textOf(web.get(through === 'confirm' ? path : decline)))).toEqual([200]);
      expect(await ctx.db.suppression.count()).toBe(0);
      expect(await textOf(web.get(path))).toContain(email);
      await web.post(path, {});
      expect(await statusOf(ctx, email)).toBe('confirmed');
    }
  });

  test('when the new address of a move says «not me», then its links name it and no other', async () => {
    const reader = await confirmedReader(ctx, 'hidden@example.org');
    await changeAddress(ctx, reader.preferences.split('/')[2]!, 'wrong@example.org');
    const question = await newestConfirmPath(ctx, 'wrong@example.org');
    const decline = `/decline/${await confirmToken(ctx, 'wrong@example.org', 'decline')}`;
    await web.post(decline, {});
    for (const path of [question, decline]) {
      const page = await textOf(web.get(path));
      expect(page).toContain('nothing is sent to wrong@example.org');
      expect(page).not.toContain('hidden@example.org');
    }
    await ctx.db.suppression.deleteMany();
  });

  test('when the link has run out meanwhile, then taking «not me» back sends a new question', async () => {
    const email = 'late-oops@example.org';
    await signUp(ctx, email);
    const decline = `/decline/${await confirmToken(ctx, email, 'decline')}`;
    await web.post(decline, {});
    later(72);
    expect(await textOf(web.post(decline, { action: 'undo' }))).toContain('Taken back');
    expect(await mailsOf(email, 'confirmation')).toBe(2);
    await web.post(await newestConfirmPath(ctx, email), {});
    expect(await statusOf(ctx, email)).toBe('confirmed');
    expect(await textOf(web.post(decline, { action: 'undo' }))).toContain('Nothing to do');
  });

  test('when an operator suppressed the address, then neither link promises anything, and taking back lifts nothing', async () => {
    const path = await signUp(ctx, 'barred@example.org');
    const { addressHash } = await reload(ctx, 'barred@example.org');
    const row = { addressHash: Uint8Array.from(addressHash), reason: 'hard' as const, at: ctx.now() };
    await ctx.db.suppression.create({ data: { ...row, note: 'no such user' } });
    const page = await textOf(web.get(path));
    expect(page).toContain('Nothing can be sent to this address');
    expect(page).not.toContain('<form method="post" action="/confirm');
    await web.post(`/decline/${await confirmToken(ctx, 'barred@example.org', 'decline')}`, { action: 'undo' });
    expect(await ctx.db.suppression.count({ where: { reason: 'hard' } })).toBe(1);
    await ctx.db.suppression.deleteMany();
  });

  test('when an address has a newsletter of its own by now, then neither a move to it nor one back is offered', async () => {
    const reader = await confirmedReader(ctx, 'mover@example.org');
    const token = reader.preferences.split('/')[2]!;
    await changeAddress(ctx, token, 'target@example.org');
    const question = await newestConfirmPath(ctx, 'target@example.org');
    const moving = await ctx.db.delivery.findFirstOrThrow({ where: { kind: 'moving', email: 'mover@example.org' } });
    const undo = links.undo('', ctx.keys.link[0]!, moving.key, moving.generation);
    later(1);
    await confirmedReader(ctx, 'target@example.org');
    const closed = await textOf(web.get(question));
    expect(closed).toContain('Nothing can be sent to this address');
    expect(closed).toContain('Mails to target@example.org');
    expect(closed).not.toContain('mover@example.org');
    // It was not moved: that can be taken back.
    expect(await textOf(web.get(undo))).toContain('Keep it at this address');
    later(24 * 8);
    const ended = await web.get(undo);
    expect(ended.status).toBe(404);
    expect(await ended.text()).not.toContain('Keep it at this address');
  });
});

describe('who left', () => {
  test('when they change their settings, then the page says that nothing follows, and offers the way back', async () => {
    const reader = await confirmedReader(ctx, 'gone@example.org');
    await web.post(reader.unsubscribe, { action: 'unsubscribe' });
    const page = await textOf(
      web.post(reader.preferences, { action: 'save', hour: '9', timeZone: 'UTC', language: 'en', cadence: 'daily' }),
    );
    expect(page).not.toContain('Your next newsletter follows');
    expect(page).toContain('Saved. You have left');
    expect(page).toMatch(/action="\/unsubscribe\/[^"]+">\s*<input type="hidden" name="action" value="undo">/);
  });

  test('when a week has passed, then no undo is offered, but a confirmation by mail, and one press in it brings all back', async () => {
    const reader = await confirmedReader(ctx, 'longgone@example.org', { interests: ['graph networks'], hour: 6 });
    await web.post(reader.unsubscribe, { action: 'unsubscribe' });
    later(24 * 8);
    for (const page of [await textOf(web.get(reader.unsubscribe)), await textOf(web.get(reader.preferences))]) {
      expect(page).not.toContain('value="undo"');
      expect(page).toContain('Send me the confirmation');
    }
    const stale = await web.post(reader.unsubscribe, { action: 'undo' });
    expect([stale.status, await stale.text()]).toEqual([200, expect.stringContaining('Too late to take it back here')]);
    expect(await textOf(web.post(reader.unsubscribe, { action: 'ask' }))).toContain('longgone@example.org');
    const page = await textOf(web.get(await newestConfirmPath(ctx, 'longgone@example.org')));
    expect(page).toContain('graph networks');
    await web.post(await newestConfirmPath(ctx, 'longgone@example.org'), {});
    const back = await reload(ctx, 'longgone@example.org');
    expect(back).toMatchObject({ status: 'confirmed', hour: 6 });
    expect(await loadWishes(ctx.db, back.id)).toMatchObject([{ text: 'graph networks' }]);
  });

  test('when their address bounced, then no way back is promised', async () => {
    const reader = await confirmedReader(ctx, 'bounced@example.org');
    await web.post(reader.unsubscribe, { action: 'unsubscribe' });
    await ctx.db.suppression.create({
      data: { addressHash: Uint8Array.from(reader.addressHash), reason: 'hard', note: 'no such user', at: ctx.now() },
    });
    const page = await textOf(web.get(reader.unsubscribe));
    expect(page).not.toMatch(/value="(?:undo|ask)"/);
    expect(page).toContain('With another address you can sign up');
    await ctx.db.suppression.deleteMany();
  });

  test('when a reader is paused or waits, then «saved» says what follows', async () => {
    const reader = await confirmedReader(ctx, 'paused@example.org');
    await web.post(reader.preferences, { pause: '1w' });
    const form = { action: 'save', hour: '9', timeZone: 'UTC', language: 'en', cadence: 'daily' };
    expect(await textOf(web.post(reader.preferences, form))).toMatch(/Saved\. Your newsletters rest until \w+/);
  });
});

describe('a confirmed reader who fills in the form again', () => {
  const again = (email: string, fields: Record<string, string | string[]>) =>
    web.post('/subscribe', { email, ...fields });

  test('when it asks for something new, then the mail offers it, one press takes it over, and nothing else changes', async () => {
    const email = 'twice@example.org';
    const reader = await confirmedReader(ctx, email, { interests: ['graph networks'], hour: 6 });
    later(1);
    expect((await again(email, { interests: 'protein folding', hour: '21', timeZone: 'UTC' })).status).toBe(202);
    expect(await loadWishes(ctx.db, reader.id)).toMatchObject([{ text: 'graph networks' }]);
    const mail = await ctx.db.delivery.findFirstOrThrow({ where: { email, kind: 'link' } });
    const { offer } = mail.payload as { offer: string };
    const path = links.confirm('', ctx.keys.link[0]!, offer, reader.generation);
    const page = await textOf(web.get(path));
    expect(page).toContain('protein folding');
    expect(page).toContain('Every day at 21:00, UTC');
    expect(page).toContain('Yes, take these over');
    expect(await textOf(web.get(reader.preferences))).toContain(path);
    const consents = await ctx.db.consent.count({ where: { subscriberId: reader.id } });
    expect(await pressAll(page)).toEqual([200]);
    const now = await reload(ctx, email);
    expect(now).toMatchObject({ hour: 21, status: 'confirmed', generation: reader.generation });
    expect(now.confirmations).toBe(reader.confirmations);
    expect(await loadWishes(ctx.db, reader.id)).toMatchObject([{ text: 'protein folding' }]);
    expect(await ctx.db.consent.count({ where: { subscriberId: reader.id } })).toBe(consents);
    expect(await textOf(web.get(path))).toContain('Already confirmed');
  });

  test('when it is filled in once more on the same day, then the last one counts, and a page left open shows it first', async () => {
    const email = 'thrice@example.org';
    const reader = await confirmedReader(ctx, email);
    later(1);
    await again(email, { interests: 'protein folding' });
    const { offer } = (await ctx.db.delivery.findFirstOrThrow({ where: { email, kind: 'link' } })).payload as {
      offer: string;
    };
    const path = links.confirm('', ctx.keys.link[0]!, offer, reader.generation);
    const open = await textOf(web.get(path));
    later(1);
    await again(email, { interests: 'quantum error correction' });
    expect(await mailsOf(email, 'link')).toBe(1);
    const [, shown = ''] = /name="shown" value="([^"]+)"/.exec(open) ?? [];
    const answer = await textOf(web.post(path, { shown }));
    expect(answer).toContain('quantum error correction');
    expect(await loadWishes(ctx.db, reader.id)).toEqual([]);
    expect(await pressAll(answer)).toEqual([200]);
    expect(await loadWishes(ctx.db, reader.id)).toMatchObject([{ text: 'quantum error correction' }]);
  });

  test('when it asks for the same at another hour, then that is offered', async () => {
    const email = 'later@example.org';
    const reader = await confirmedReader(ctx, email, { interests: ['graph networks'], hour: 6 });
    later(1);
    await again(email, { interests: 'graph networks', hour: '21', timeZone: 'UTC' });
    const mail = await ctx.db.delivery.findFirstOrThrow({ where: { email, kind: 'link' } });
    const { offer } = mail.payload as { offer: string };
    const page = await textOf(web.get(links.confirm('', ctx.keys.link[0]!, offer, reader.generation)));
    expect(page).toContain('Every day at 21:00, UTC');
    expect(await pressAll(page)).toEqual([200]);
    expect(await reload(ctx, email)).toMatchObject({ hour: 21 });
  });

  test('when it asks for nothing new, or two days pass, then nothing is offered', async () => {
    const email = 'same@example.org';
    const reader = await confirmedReader(ctx, email, { interests: ['graph networks'] });
    later(1);
    for (const fields of [{}, { interests: 'Graph  networks' }]) await again(email, fields);
    expect((await ctx.db.delivery.findFirstOrThrow({ where: { email, kind: 'link' } })).payload).toBeNull();
    later(25);
    await again(email, { interests: 'protein folding' });
    const mail = await ctx.db.delivery.findFirstOrThrow({ where: { email, kind: 'link' }, orderBy: { id: 'desc' } });
    const { offer } = mail.payload as { offer: string };
    later(49);
    const path = links.confirm('', ctx.keys.link[0]!, offer, reader.generation);
    expect(await textOf(web.get(path))).toContain('These choices are no longer kept');
    await web.post(path, {});
    expect(await loadWishes(ctx.db, reader.id)).toMatchObject([{ text: 'graph networks' }]);
  });
});
