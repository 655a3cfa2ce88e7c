import { request } from 'node:http';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, signUp } from '../world/sign-ups.ts';
import { startWeb, type TestWeb } from './web-server.ts';

const database = testDatabase();
const TOKEN = 'numbers-for-the-operator';
const PUBLIC = { PUBLIC_URL: 'https://papers.example.org' };
const opened: TestWeb[] = [];
let log: string[];

beforeEach(() => {
  log = [];
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((web) => web.close()));
});

async function serve(settings: Record<string, string>): Promise<TestWeb> {
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString());
      done();
    },
  });
  const ctx = await testContext(database, settings, { log: pino({ level: 'warn' }, to) });
  const web = await startWeb(ctx);
  opened.push(web);
  return web;
}

/** fetch does not let a caller choose the Host header. */
function status(web: TestWeb, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    request(web.base + path, { headers }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end();
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`any:${token}`).toString('base64')}` });

describe('numbers and outbox', () => {
  /** What a plain `proxy_pass` makes of a stranger's request, and what a stranger may add. */
  const strangers: Record<string, string>[] = [
    {},
    { host: 'localhost' },
    { host: '127.0.0.1:3000' },
    { host: '[::1]' },
  ];

  it.each([
    { name: 'a public address', settings: PUBLIC },
    { name: 'a mail server', settings: { SMTP_URL: 'smtp://127.0.0.1:25' } },
    { name: 'a trusted proxy', settings: { TRUST_PROXY: '1' } },
  ])(
    'when there is $name and no token, then nobody sees either, whatever Host says and no proxy adds',
    async ({ settings }) => {
      const web = await serve(settings);
      for (const headers of [...strangers, bearer(''), bearer('undefined'), basic('')]) {
        expect([headers, await status(web, '/metrics', headers)]).toEqual([headers, 403]);
        expect([headers, await status(web, '/outbox', headers)]).toEqual([headers, 404]);
      }
      expect(await (await web.get('/readyz?verbose')).text()).toBe('ready\n');
    },
  );

  it('when a token is set, then everybody is asked for it, on this machine and elsewhere', async () => {
    for (const settings of [{}, PUBLIC]) {
      const web = await serve({ METRICS_TOKEN: TOKEN, ...settings });
      for (const headers of [...strangers, bearer('wrong'), basic('wrong'), { authorization: TOKEN }])
        expect([headers, await status(web, '/metrics', headers)]).toEqual([headers, 401]);
      expect(await status(web, '/metrics', { ...bearer(TOKEN), 'x-forwarded-for': '203.0.113.7' })).toBe(200);
      expect(await status(web, '/metrics', basic(TOKEN))).toBe(200);
      expect(await (await web.get('/readyz?verbose')).text()).toBe('ready\n');
      expect(await (await web.get('/readyz?verbose', bearer(TOKEN))).text()).toContain('"failingJobs":[]');
      const shown = 'PUBLIC_URL' in settings ? [404, 404, 404] : [401, 401, 200];
      const seen = [{}, basic('wrong'), basic(TOKEN)].map((headers) => status(web, '/outbox', headers));
      expect(await Promise.all(seen)).toEqual(shown);
    }
  });

  it('when nothing is set, as after npm start, then both are open on this machine, and to nobody else', async () => {
    const web = await serve({});
    expect([await status(web, '/metrics'), await status(web, '/outbox')]).toEqual([200, 200]);
    for (const headers of [
      { host: 'papers.example.org' },
      { 'x-forwarded-for': '203.0.113.7' },
      { forwarded: 'for=x' },
      { via: '1.1 proxy' },
    ])
      expect([await status(web, '/metrics', headers), await status(web, '/outbox', headers)]).toEqual([403, 404]);
  });

  it('when nothing is set and nginx passes requests on as it does by itself, then both are closed', async () => {
    const web = await serve({});
    const port = Number(new URL(web.base).port);
    const first = (path: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write(`GET ${path} HTTP/1.0\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
        });
        socket.once('data', (data: Buffer) => resolve(data.toString('latin1', 9, 12))).once('error', reject);
      });
    expect([await first('/metrics'), await first('/outbox')]).toEqual(['403', '404']);
  });
});

describe('what the numbers tell of one address', () => {
  let ctx: TestContext;

  const numbers = async () => {
    for (const job of ['deliver', 'housekeeping'] as const) await runJob(ctx, jobNamed(job)!);
    return (await (await opened[0]!.get('/metrics')).text()).split('\n');
  };
  /** What the process itself does moves by itself: its memory, the requests it answers, and how long they take. */
  const ofTheService = (lines: string[]) =>
    lines.filter((line) => !/^(process|nodejs|offprint_http)_/.test(line)).join('\n');
  /** Answers to the forms, by status. */
  const requests = (lines: string[]) =>
    lines.filter((line) => /^offprint_http_request_seconds_count.*route="\/(subscribe|preferences)"/.test(line));

  it('when a form names an address that is unknown, waiting, reading, gone or blocked, then they are the same after as before', async () => {
    ctx = await testContext(database);
    opened.push(await startWeb(ctx));
    await confirmedReader(ctx, 'reading@example.org');
    await signUp(ctx, 'waiting@example.org');
    const gone = await confirmedReader(ctx, 'gone@example.org');
    await opened[0]!.post(gone.unsubscribe, 'List-Unsubscribe=One-Click', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    await suppress(ctx, { email: 'blocked@example.org' }, 'cli');
    const seen = await numbers();
    const before = ofTheService(seen);
    expect(before).toContain('offprint_subscribers{status="confirmed"} 1');
    const answered: string[][] = [];
    for (const [n, who] of ['unknown', 'waiting', 'reading', 'gone', 'blocked'].entries()) {
      ctx.setNow(new Date(ctx.now().getTime() + 7_000));
      for (const form of ['/subscribe', '/preferences'])
        expect((await opened[0]!.post(form, { email: `${who}@example.org` })).status).toBe(202);
      const after = await numbers();
      expect([who, ofTheService(after)]).toEqual([who, before]);
      answered.push(requests(after).map((line) => line.replace(`} ${n + 1}`, '} n')));
    }
    for (const lines of answered) expect(lines).toEqual(answered[0]);
  });
});

describe('a proxy that the settings do not tell of', () => {
  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip'])(
    'when %s arrives, then one warning says what to do',
    async (name) => {
      const web = await serve({});
      await web.get('/help');
      expect(log).toEqual([]);
      for (let n = 0; n < 3; n++) await web.get('/help', { [name]: '203.0.113.7' });
      expect(log).toHaveLength(1);
      expect(log[0]).toContain('set TRUST_PROXY=1');
      expect(log[0]).not.toContain('203.0.113.7');
    },
  );

  it('when the proxy is trusted, then nothing is said', async () => {
    const web = await serve({ TRUST_PROXY: '1' });
    await web.get('/help', { 'x-forwarded-for': '203.0.113.7' });
    expect(log).toEqual([]);
  });
});
