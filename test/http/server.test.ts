import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Response } from 'express';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createHttpServer, takesLonger, type ServerLimits } from '../../src/http/server.ts';
import { until } from '../support/until.ts';

const LIMITS = {
  headersMs: 400,
  requestMs: 800,
  longerMs: 60_000,
  idleMs: 60_000,
  stuckMs: 60_000,
  connections: 20,
  lookMs: 50,
};
let server: Server;
let slow: Response | undefined;
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
});

async function listening(limits: ServerLimits | null = LIMITS): Promise<number> {
  const app = express();
  app.get('/healthz', (_req, res) => void res.send('ok'));
  app.get('/slow', (_req, res) => void (slow = res));
  app.post('/form', express.raw({ type: () => true }), (_req, res) => void res.send('taken'));
  app.post('/file', takesLonger, express.raw({ type: () => true }), (_req, res) => void res.send('taken'));
  app.post('/refused', (_req, res) => void res.status(401).send('refused'));
  server = createHttpServer(app, limits ? { limits } : {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const connections = () => new Promise<number>((resolve) => server.getConnections((_error, n) => resolve(n)));

/** A connection that says something, and what came back until it was closed. */
function open(port: number, words: string): { socket: Socket; said: () => string; closed: Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  socket.on('error', () => {});
  socket.write(words);
  return { socket, said: () => said, closed: new Promise((resolve) => socket.once('close', () => resolve())) };
}

describe('those who connect and do not finish', () => {
  test.each([
    ['headers that come a byte at a time', 'GET /healthz HTTP/1.1\r\nHost: x\r\n', 'X'],
    ['a body that comes a byte at a time', 'POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n', 'x'],
  ])('when somebody sends %s, then they are cut off with 408', async (_, start, drip) => {
    const port = await listening();
    const one = open(port, start);
    const dripping = setInterval(() => one.socket.write(drip), 30);
    await one.closed; // at this pace the whole would take many minutes: the minute of a test is the bound
    clearInterval(dripping);
    expect(one.said()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test.each([
    ['to a page that wants none of it', 'POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n', 401],
    [
      'and expects what there is not',
      'POST /form HTTP/1.1\r\nHost: x\r\nExpect: more\r\nContent-Length: 60000\r\n\r\n',
      417,
    ],
  ])('when a body comes a byte at a time %s, then they are told at once, and cut off', async (_, start, status) => {
    const port = await listening();
    const one = open(port, start);
    const dripping = setInterval(() => one.socket.write('x'), 30);
    await one.closed; // as above
    clearInterval(dripping);
    expect(one.said()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('when somebody is given longer for a file, then they have longer, and no longer than that', async () => {
    const port = await listening({ ...LIMITS, requestMs: 500, longerMs: 2_500 });
    const one = open(port, 'POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n');
    const dripping = setInterval(() => one.socket.write('x'), 30);
    await sleep(1_200); // more than twice what others have
    expect([one.socket.closed, one.said()]).toEqual([false, '']);
    await one.closed;
    clearInterval(dripping);
    expect(one.said()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test.each([
    ['say nothing', ''],
    ['begin a request', 'GET /healthz HTTP/1.1\r\nHost: x\r\n'],
    ['begin a form', 'POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nx'],
  ])('when 60 connections %s where 20 fit, then a reader is answered all the same, at once', async (_, words) => {
    const port = await listening({ ...LIMITS, headersMs: 60_000, requestMs: 60_000 });
    for (let at = 0; at < 60; at++) open(port, words);
    await until('no more connections fit', async () => (await connections()) >= LIMITS.connections);
    const signal = AbortSignal.timeout(30_000); // half of what those who say nothing may take
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`, { signal })).text()).toBe('ok');
    expect(await connections()).toBeLessThanOrEqual(LIMITS.connections + 1);
  });

  test('when a flood connects, then who waits for an answer keeps the connection', async () => {
    const port = await listening();
    const answer = fetch(`http://127.0.0.1:${port}/slow`);
    await until('somebody waits for an answer', () => slow !== undefined);
    for (let at = 0; at < 60; at++) open(port, '');
    await until('no more connections fit', async () => (await connections()) >= LIMITS.connections);
    slow?.send('done');
    expect(await (await answer).text()).toBe('done');
  });
});

test('when nothing is said of limits, then the server has them: headers, whole requests, idle connections, their number', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const port = await listening(null);
    const one = open(port, 'POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nx');
    await once(server, 'request');
    await vi.advanceTimersByTimeAsync(30_000); // what a stranger has
    await one.closed;
    expect(one.said()).toMatch(/^HTTP\/1\.1 408 /);
  } finally {
    vi.useRealTimers();
  }
  expect(server.headersTimeout).toBeGreaterThan(0);
  expect(server.headersTimeout).toBeLessThanOrEqual(30_000);
  expect(server.requestTimeout).toBeGreaterThan(0);
  expect(server.requestTimeout).toBeLessThanOrEqual(30 * 60_000); // what a file has that `takesLonger`
  expect(server.keepAliveTimeout).toBeLessThanOrEqual(60_000);
  expect(server.timeout).toBeGreaterThan(0);
  expect(server.timeout).toBeLessThanOrEqual(60_000);
  expect(server.maxConnections).toBeLessThanOrEqual(10_000);
});
