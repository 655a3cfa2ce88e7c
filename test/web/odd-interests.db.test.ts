import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSignUp } from '../../src/subscribers/sign-up.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** Signs up with these interests as JSON, from another network each time; returns the answer and what was kept. */
let networks = 0;
async function signUp(interests: unknown) {
  const email = `odd${++networks}@example.org`;
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': `10.1.${networks}.1` };
  const answer = await web.post('/subscribe', JSON.stringify({ email, interests }), headers);
  const body = await answer.text();
  const request = await ctx.db.confirmationRequest.findFirst({ where: { subscriber: { email } } });
  const signed = request?.signUp as { wishes: { text: string }[] } | undefined;
  const problems =
    answer.status === 422 ? (JSON.parse(body) as { problems: { field: string; expected: string }[] }).problems : [];
  return { status: answer.status, problems, kept: signed?.wishes.map(({ text }) => text) ?? null };
}

describe('what cannot be an interest is refused with the field and what was expected, and nothing is kept', () => {
  test.each([
    ['emoji alone', ['🎉🔥'], 'interests.0'],
    ['regex signs alone', ['graphs', '.*(+?[]{}|^$\\'], 'interests.1'],
    ['an exclusion alone', ['-graphs'], 'interests.0'],
    ['10 kB', ['graph '.repeat(1_700)], 'interests.0'],
    ['10 kB of one letter', ['x'.repeat(10_000)], 'interests.0'],
    ['101 interests', Array.from({ length: 101 }, (_, at) => `subject ${at}`), 'interests'],
  ])('%s', async (_, interests, field) => {
    const { status, problems, kept } = await signUp(interests);
    expect(status).toBe(422);
    expect(problems.map((problem) => problem.field)).toContain(field);
    expect(problems.length).toBeLessThan(10);
    for (const { expected } of problems) expect(expected).toContain('expected');
    expect(kept).toBeNull();
  });
});

describe('what can be read is kept as it was meant', () => {
  test.each([
    ['empty ones are no interests', ['', '  ', '\n'], []],
    ['HTML is text', ['<b>graph</b> networks'], ['<b>graph</b> networks']],
    ['regex signs beside words', ['C++ (templates)?'], ['C++ (templates)?']],
    ['emoji beside words', ['robots 🤖'], ['robots 🤖']],
    [
      '100 interests',
      Array.from({ length: 100 }, (_, at) => `subject ${at}`),
      Array.from({ length: 100 }, (_, at) => `subject ${at}`),
    ],
  ])('%s', async (_, interests, kept) => {
    expect(await signUp(interests)).toEqual({ status: 202, problems: [], kept });
  });
});

test('when somebody sends 10,000 interests, then the page refuses the body, the check the number, and nothing is kept', async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => `a${at}`);
  expect(await signUp(many)).toEqual({ status: 413, problems: [], kept: null });
  const settings = { topics: new Set<string>(), maxPapers: 10, disposableDomains: 'allow' as const };
  expect(checkSignUp({ email: 'many@example.org', interests: many }, settings)).toMatchObject({
    ok: false,
    problems: [{ field: 'interests', expected: expect.stringContaining('at most 100') as string }],
  });
});
