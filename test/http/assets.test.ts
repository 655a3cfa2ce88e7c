import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assetRoutes, assetUrl } from '../../src/http/assets.ts';

let server: Server;

beforeAll(async () => {
  server = express().use(assetRoutes()).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
const keptFor = async (path: string) => {
  const answer = await get(path);
  return [answer.status, answer.headers.get('cache-control')];
};

describe.each(['offprint.css', 'icon.svg', 'simplewebauthn.js'])('%s', (name) => {
  test('when it is asked for by its own hash, then a browser may keep it for ever', async () => {
    expect(await keptFor(assetUrl(name))).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  test.each(['?v=0123456789', '?v=', '?v=0123456789&v=0123456789'])(
    'when it is asked for by %s, as another release has it, then it is served and nobody keeps it',
    async (query) => {
      expect(await keptFor(`/assets/${name}${query}`)).toEqual([200, 'no-store']);
    },
  );

  test('when it is asked for without a hash, then it is kept for an hour', async () => {
    expect(await keptFor(`/assets/${name}`)).toEqual([200, 'public, max-age=3600']);
  });
});

test.each(['/assets/none.css?v=0123456789', '/assets/', '/assets/..%2fweb%2fhome.hbs'])(
  'when %s is asked for, then there is nothing to keep',
  async (path) => {
    const [status, kept] = await keptFor(path);
    expect([status, kept]).toEqual([expect.toSatisfy((code: number) => code >= 400 && code < 500), null]);
  },
);
