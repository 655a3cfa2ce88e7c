import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import express from 'express';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { requestLog } from '../../src/http/request-log.ts';
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

/** Asks for an address as it stands, which `fetch` would mend. */
const askFor = (path: string) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const asked = request(web.base, { path, headers: { accept: 'text/html' } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on('error', reject).end();
  });

test.each(['//', '///', '//?x', '/\\', '//x:99999/', 'http://x:99999/', 'http://x:99999/admin/sign-in/provider/back'])(
  'when somebody asks for %s, then a page answers, and no trace of the code',
  async (path) => {
    const { status, text } = await askFor(path);
    expect(status).toBeLessThan(500);
    expect(text).toMatch(/^<!doctype html>/i);
    expect(text).not.toMatch(/node_modules|\.[jt]s:\d/);
  },
);

test('when a page has no address of a usual form, then its links to other languages keep its parameters', async () => {
  const { text } = await askFor('//?x=1');
  expect(text).toContain('href="?x=1&amp;lang=de"');
});

test('when a page breaks and none of ours says so, then it is logged, shows no trace of the code, and the process lives', async () => {
  const ctx = await testContext(database);
  const app = express();
  app.set('env', 'production');
  app.use(requestLog(ctx, (path) => ({ path, busy: false })));
  app.get('/breaks', (_req, res) => res.redirect(new URL('//', 'http://x').href));
  const error = vi.spyOn(console, 'error').mockReturnValue();
  const server = app.listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/breaks`);
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining('node_modules')]);
    await setImmediate(); // the request is logged once its answer is out: what that throws fails this run
  } finally {
    server.closeAllConnections();
    server.close();
    error.mockRestore();
  }
});
