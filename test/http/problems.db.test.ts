import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from './web-server.ts';

const database = testDatabase();
let web: TestWeb;

beforeAll(async () => {
  web = await startWeb(await testContext(database));
});
afterAll(() => web.close());

test.each(['application/json', 'application/problem+json', 'application/problem+json, text/html;q=0.5'])(
  'when a program that accepts %s asks for what is not there, then it is told as a problem (RFC 9457)',
  async (accept) => {
    const answer = await web.get('/nothing', { accept });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ type: 'about:blank', title: 'Nothing here', status: 404, error: 'Nothing here' });
    expect(problem['detail']).toContain('does not exist');
  },
);

test('when a browser asks, then the same is a page', async () => {
  const answer = await web.get('/nothing', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(await answer.text()).toContain('<h1>Nothing here</h1>');
});

test('when a sign-up as JSON cannot be used, then the problem names each field', async () => {
  const body = JSON.stringify({ email: 'nobody', hour: 99 });
  const answer = await web.post('/subscribe', body, { 'content-type': 'application/json' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8']);
  const { problems, ...problem } = (await answer.json()) as { problems: { field: string }[] };
  expect(problem).toMatchObject({
    status: 422,
    title: 'Please look at this again',
    error: 'Please look at this again',
  });
  expect(problems.map(({ field }) => field).sort()).toEqual(['email', 'hour']);
});
