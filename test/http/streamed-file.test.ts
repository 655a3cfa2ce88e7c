import { existsSync, mkdtempSync, readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type NextFunction, type Request, type Response } from 'express';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimFile, streamFile } from '../../src/http/streamed-file.ts';
import { until } from '../support/until.ts';

const HEAD = '--mark\r\nContent-Disposition: form-data; name="file"; filename="readers.csv"\r\n\r\n';
const END = '\r\n--mark--\r\n';
let folder: string;
let server: Server;
let failed: { status?: number }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offprint-streamed-'));
  failed = [];
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Serves a form with a file, which goes to a path; begins to send one. */
async function sendTo(path: string) {
  const app = express();
  app.post(
    '/files',
    streamFile(() => Promise.resolve(path), 1_000_000),
    (_req, res) => void res.json(claimFile(res)),
  );
  app.use((error: { status?: number }, _req: Request, res: Response, _next: NextFunction) => {
    failed.push(error);
    res.status(error.status ?? 500).send('failed');
  });
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'multipart/form-data; boundary=mark' };
  const sent = request({ port, host: '127.0.0.1', path: '/files', method: 'POST', headers });
  sent.on('error', () => {});
  return sent;
}

const OPEN = '/proc/self/fd';

/** What this process has open below the folder; only Linux tells. */
const opened = () =>
  (existsSync(OPEN) ? readdirSync(OPEN) : []).filter((fd) => {
    try {
      return readlinkSync(join(OPEN, fd)).startsWith(folder);
    } catch {
      return false; // closed meanwhile
    }
  });

describe('a file that comes with a form', () => {
  test('when it comes whole, then it lies where it was to go', async () => {
    const path = join(folder, 'a.csv');
    const sent = await sendTo(path);
    sent.end(`${HEAD}email\nada@example.org${END}`);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    expect(await readFile(path, 'utf8')).toBe('email\nada@example.org');
    expect(opened()).toEqual([]);
  });

  test.each([
    ['in the midst of it', HEAD + 'ada@example.org\n'.repeat(1_000)],
    ['behind it', `${HEAD}ada@example.org${END.slice(0, -2)}`],
  ])(
    'when the browser goes away %s, then nothing stays, on disk or open, and no fault of ours is told',
    async (_where, part) => {
      const sent = await sendTo(join(folder, 'a.csv'));
      sent.write(part);
      await until('a part of it is on disk', () => readdirSync(folder).length > 0);
      await sleep(100); // what was sent is read
      sent.destroy();
      await until('it is told', () => failed.length > 0);
      expect(failed.map(({ status }) => status)).toEqual([400]);
      expect([readdirSync(folder), opened()]).toEqual([[], []]);
    },
  );

  test('when the disk does not take it, then the answer is 500, and the process lives', async () => {
    const sent = await sendTo(join(folder, 'missing', 'a.csv'));
    sent.write(HEAD);
    for (let at = 0; at < 5; at++) {
      sent.write('ada@example.org\n'.repeat(100));
      await sleep(20); // small and slow: nobody waits for the disk when it fails
    }
    sent.end(END);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(500);
    expect(opened()).toEqual([]);
  });
});
