import type { Server } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../src/http/app.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { adminServer, type AdminServer } from '../admin/admin-server.ts';
import { tokenWith } from '../api/api-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

/** Strangers have half of what sending takes here; whoever is known has all they need. */
const LIMITS = {
  ...{ headersMs: 900, requestMs: 1_000, longerMs: 100_000, idleMs: 10_000 },
  ...{ stuckMs: 60_000, connections: 20, lookMs: 50 },
};
const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;
let server: Server;

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
  server = createHttpServer(createHttpApp(ctx), { limits: LIMITS });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await admin.close();
});

/** Sends a body in ten parts, over two seconds; returns all that came back until the connection was closed. */
async function sendSlowly(path: string, headers: Record<string, string>, body: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const given = { host: 'localhost', connection: 'close', 'content-length': String(body.length), ...headers };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const part = Math.ceil(body.length / 10);
  for (let at = 0; at < body.length; at += part) {
    await sleep(200);
    if (socket.writable) socket.write(body.slice(at, at + part));
  }
  await closed;
  return said;
}

/** A form with a file of readers. */
const formWith = (csrf: string) =>
  [
    '--mark\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n',
    `${csrf}\r\n--mark\r\nContent-Disposition: form-data; name="file"; filename="readers.csv"\r\n\r\n`,
    `email\n${'ada@example.org\n'.repeat(50)}\r\n--mark--\r\n`,
  ].join('');
const FORM = { 'content-type': 'multipart/form-data; boundary=mark' };

describe('a body that comes more slowly than strangers may send', () => {
  it('when an admin hands in a file of readers, then it is taken whole', async () => {
    const { cookie, csrf } = await admin.signIn();
    const answer = await sendSlowly('/admin/imports/files', { ...FORM, cookie }, formWith(csrf));
    expect(answer).toMatch(/^HTTP\/1\.1 303 /);
    expect(answer).toMatch(/\r\nLocation: \/admin\/imports\/\d+\r\n/i);
  });

  it('when an admin hands in a digest, then the page says what became of it', async () => {
    const { cookie, csrf } = await admin.signIn();
    const answer = await sendSlowly('/admin/digests/files', { ...FORM, cookie }, formWith(csrf));
    expect(answer).toMatch(/^HTTP\/1\.1 303 /);
  });

  it('when a program hands in a digest, then it is taken whole', async () => {
    const headers = {
      'content-type': 'application/octet-stream',
      authorization: `Bearer ${await tokenWith(ctx, 'papers:write')}`,
    };
    const answer = await sendSlowly('/api/v1/digests?source=nothing&name=a.json', headers, '[]'.padEnd(100));
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
  });

  it.each([
    ['to a page', '/subscribe', 408],
    ['to the API', '/api/v1/digests?source=nothing&name=a.json', 401],
  ])('when a stranger sends something %s, then it is not taken, and they are cut off', async (_where, path, status) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await sendSlowly(path, headers, `email=ada@example.org&name=${'x'.repeat(900)}`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('when a stranger hands in a file of readers, then nothing of it is taken', async () => {
    const answer = await sendSlowly('/admin/imports/files', FORM, formWith('no'));
    expect(answer).toContain('Location: /admin/sign-in');
  });
});
