import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createHttpApp } from '../../src/http/app.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, signUp } from '../web/readers.ts';

const database = testDatabase();
let ctx: TestContext;
let server: Server;
let base: string;
let reads: Record<string, number>;

/** What a page is told of its visitor by; whatever reads it at all makes a visit. */
const TELLING = ['accept-language', 'user-agent'];

beforeAll(async () => {
  ctx = await testContext(database);
  const app = createHttpApp(ctx);
  server = createServer((request, response) => {
    countReads(request);
    app(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  reads = {};
});

/** Counts how often a request is asked for what it says of its visitor. */
function countReads(request: IncomingMessage): void {
  const headers = new Proxy(request.headers, {
    get(target, name: string) {
      if (TELLING.includes(name)) reads[name] = (reads[name] ?? 0) + 1;
      return target[name];
    },
  });
  Object.defineProperty(request, 'headers', { value: headers });
}

const ONCE = { 'accept-language': 1, 'user-agent': 1 };
const german = { 'accept-language': 'de', 'user-agent': 'a browser' };
const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: german,
  body: new URLSearchParams(fields),
});

test('when somebody signs up, then their language and browser are read once, and the page is in that language', async () => {
  const answer = await fetch(`${base}/subscribe`, form({ email: 'ada@example.org' }));
  expect([answer.status, answer.headers.get('content-language')]).toEqual([202, 'de']);
  expect(reads).toEqual(ONCE);
});

test('when a form is sent that cannot be used, then showing it again reads nothing anew', async () => {
  const answer = await fetch(`${base}/subscribe`, form({ email: 'no address' }));
  expect([answer.status, answer.headers.get('content-language')]).toEqual([422, 'de']);
  expect(reads).toEqual(ONCE);
});

test('when somebody confirms, then what is kept as evidence is what was read once', async () => {
  const path = await signUp(ctx, 'grace@example.org', { language: 'de' });
  expect((await fetch(base + path, form({ latest: 'no' }))).status).toBe(200);
  expect(reads).toEqual(ONCE);
  const { subscriberId } = await ctx.db.delivery.findFirstOrThrow({ where: { email: 'grace@example.org' } });
  const consent = await ctx.db.consent.findFirstOrThrow({
    where: { subscriberId: subscriberId ?? 0, step: 'confirm' },
  });
  expect(consent.userAgent).toBe('a browser');
});

test('when a page is behind a reader’s link, then it speaks the reader’s language, or the one that the address asks for', async () => {
  const { unsubscribe } = await confirmedReader(ctx, 'edsger@example.org', { language: 'en' });
  const spoken = async (path: string) =>
    (await fetch(base + path, { headers: german })).headers.get('content-language');
  expect(await spoken(unsubscribe)).toBe('en');
  expect(await spoken(`${unsubscribe}?lang=de`)).toBe('de');
  expect(await spoken(`${unsubscribe}?lang=xx`)).toBe('en');
  expect(await spoken('/help')).toBe('de');
});
