import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { confirmedReader, statusOf } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database);
  await syncTopics(ctx.db, readTopics());
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const planned = (email: string) => ctx.db.delivery.count({ where: { email, kind: 'confirmation' } });

describe('signing up', () => {
  test('when the form is sent, then the answer is 202 and one confirmation is planned, not sent', async () => {
    const answer = await web.post('/subscribe', {
      email: 'Ada@Example.org',
      topics: ['large-language-models', 'reinforcement-learning'],
      interests: 'state space models\n"linear attention"\ndiffusion -vision',
      authors: 'Ada Lovelace\nHopper, Grace',
      muted: 'blockchain',
      cadence: 'weekly',
      weekday: '3',
      hour: '7',
      timeZone: 'Europe/Lisbon',
      maxPapers: '5',
    });
    expect(answer.status).toBe(202);
    expect(await answer.text()).toContain('Check your inbox');
    const request = await ctx.db.confirmationRequest.findFirstOrThrow({
      where: { subscriber: { email: 'ada@example.org' } },
    });
    expect(request.signUp).toEqual({
      wishes: [
        { kind: 'topic', text: 'large-language-models', muted: false },
        { kind: 'topic', text: 'reinforcement-learning', muted: false },
        { kind: 'words', text: 'state space models', muted: false },
        { kind: 'words', text: '"linear attention"', muted: false },
        { kind: 'words', text: 'diffusion -vision', muted: false },
        { kind: 'author', text: 'Ada Lovelace', muted: false },
        { kind: 'author', text: 'Hopper, Grace', muted: false },
        { kind: 'words', text: 'blockchain', muted: true },
      ],
      preferences: { cadence: 'weekly', weekday: 3, hour: 7, timeZone: 'Europe/Lisbon', maxPapers: 5, language: 'en' },
    });
    expect(await planned('ada@example.org')).toBe(1);
    expect(await statusOf(ctx, 'ada@example.org')).toBe('pending');
  });

  test('when JSON is sent with an address alone, then the defaults hold', async () => {
    const answer = await web.post('/subscribe', JSON.stringify({ email: 'json@example.org' }), {
      'content-type': 'application/json',
    });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ outcome: 'accepted' });
    const reader = await ctx.db.subscriber.findUniqueOrThrow({ where: { email: 'json@example.org' } });
    expect(reader).toMatchObject({ cadence: 'daily', hour: 8, timeZone: 'UTC', maxPapers: 10 });
  });

  test('when a program says how strict to be, then it holds; the form leaves it alone', async () => {
    const headers = { 'content-type': 'application/json' };
    const strict = JSON.stringify({ email: 'strict@example.org', selectivity: 'sure' });
    expect((await web.post('/subscribe', strict, headers)).status).toBe(202);
    const reader = await ctx.db.subscriber.findUniqueOrThrow({ where: { email: 'strict@example.org' } });
    expect(reader.selectivity).toBe('sure');
    expect(reader.perhaps).toBe(false);
    const more = JSON.stringify({ email: 'perhaps@example.org', perhaps: true });
    expect((await web.post('/subscribe', more, headers)).status).toBe(202);
    const curious = await ctx.db.subscriber.findUniqueOrThrow({ where: { email: 'perhaps@example.org' } });
    expect(curious.perhaps).toBe(true);
    const odd = await web.post('/subscribe', JSON.stringify({ email: 'x@example.org', perhaps: 'often' }), headers);
    expect(await odd.json()).toMatchObject({
      problems: [{ field: 'perhaps', expected: 'expected yes (true) or no (false)' }],
    });
    const wrong = await web.post('/subscribe', JSON.stringify({ email: 'x@example.org', selectivity: 'all' }), headers);
    expect([wrong.status, await wrong.json()]).toMatchObject([
      422,
      { problems: [{ field: 'selectivity', expected: 'expected one of sure, normal, more' }] },
    ]);
    expect(await (await web.get('/')).text()).not.toMatch(/name="(?:selectivity|perhaps)"/);
  });

  test('when new, pending, confirmed and suppressed addresses ask, then nobody can tell them apart', async () => {
    await confirmedReader(ctx, 'known@example.org');
    const answers = [];
    for (const email of ['new@example.org', 'ada@example.org', 'known@example.org']) {
      const answer = await web.post('/subscribe', { email });
      const body = (await answer.text()).replaceAll(email, 'the address');
      answers.push({ status: answer.status, body, headers: [...answer.headers.keys()].sort() });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test.each([
    ['email', 'x@localhost'],
    ['email', 'a@b.example\r\nBcc: e@example.com'],
    ['email', '<script>@b.example'],
    ['email', ''],
    ['hour', '24'],
    ['weekday', 'monday'],
    ['timeZone', 'Mars/Olympus'],
    ['cadence', 'hourly'],
    ['maxPapers', '51'],
    ['topics', 'no-such-topic'],
    ['interests', '-nothing'],
    ['muted', 'x'.repeat(201)],
  ])('when %s is «%s», then 422 names the field, shows the form again and plans nothing', async (field, value) => {
    const before = await ctx.db.delivery.count();
    const answer = await web.post('/subscribe', { email: 'bad@example.org', [field]: value });
    const body = await answer.text();
    expect(answer.status).toBe(422);
    expect(body).toContain(`id="${field}-problem"`);
    expect(body).not.toContain('<script>@');
    expect(await ctx.db.delivery.count()).toBe(before);
    const json = await web.post(
      '/subscribe',
      JSON.stringify({
        email: 'bad@example.org',
        [field]: ['topics', 'interests', 'muted'].includes(field) ? [value] : value,
      }),
      {
        'content-type': 'application/json',
      },
    );
    expect(json.status).toBe(422);
    const { problems } = (await json.json()) as { problems: { field: string; expected: string }[] };
    expect(problems[0]?.field.split('.')[0]).toBe(field);
    expect(problems[0]?.expected).toMatch(/expected/);
  });

  test.each([
    ['{"email":', 'application/json', 422],
    ['[]', 'application/json', 422],
    ['null', 'application/json', 422],
    ['{"email":{"a":1},"topics":"x","muted":[1]}', 'application/json', 422],
    ['%%%=%E0%A4%A', 'application/x-www-form-urlencoded', 422],
    ['--x\r\nbroken', 'multipart/form-data; boundary=x', 422],
    ['anything', 'text/plain', 422],
    [`email=a%40example.org&interests=${'x'.repeat(70_000)}`, 'application/x-www-form-urlencoded', 413],
  ])('when the body is %.30s of type %s, then the answer is %d, never 500', async (body, type, status) => {
    const answer = await web.post('/subscribe', body, { 'content-type': type });
    expect(answer.status).toBe(status);
  });

  test('when UTC was chosen and the form is shown again, then no script guesses another zone', async () => {
    const guesses = (page: string) => page.includes('data-guess-zone');
    expect(guesses(await (await web.get('/')).text())).toBe(true);
    expect(guesses(await (await web.get('/?interests=robots')).text())).toBe(true);
    const again = { see: 'form', email: 'utc@example.org', timeZone: 'UTC' };
    const answer = await web.post('/subscribe', again);
    expect(answer.status).toBe(200);
    const page = await answer.text();
    expect([guesses(page), /<option[^>]* value="UTC" selected/.test(page)]).toEqual([false, true]);
    expect(guesses(await (await web.get('/?timeZone=UTC')).text())).toBe(false);
  });

  test('when what somebody typed is shown again, then it is text, never markup', async () => {
    const evil = '"><img src=x onerror=alert(1)>{{constructor}}';
    const answer = await web.post('/subscribe', { email: evil, interests: evil, authors: evil });
    const body = await answer.text();
    expect(answer.status).toBe(422);
    expect(body).not.toContain('<img');
    expect(body).toContain('&quot;&gt;&lt;img');
  });
});
