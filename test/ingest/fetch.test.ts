import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { fetchUrl, listDigestFiles, readSettledFile, settledFiles } from '../../src/ingest/fetch.ts';
import { ask } from '../../src/ingest/asking/ask.ts';
import { openClient } from '../../src/ingest/asking/client.ts';
import { ownTurns } from '../../src/ingest/asking/own-turns.ts';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { everyTurn } from '../support/turns.ts';
import { hfAnswer } from '../world/captures.ts';

/** Plays the daily_papers API, each path in another mood. */
let server: Server;
let base: string;
const asked: { url: string; agent: string; authorization: string | undefined }[] = [];
const patience = { timeoutMs: 15_000, pausesMs: [10, 10], longestPauseMs: 1_000 };
const config = loadConfig({ PUBLIC_URL: 'https://papers.example.org', ALLOW_PRIVATE_SOURCES: 'yes' });
const ctx = { fetchSource: openClient(config), turns: everyTurn, now: () => new Date(), config };
const list = hfAnswer('2026-11-20', [{ title: 'Kites over Clusters', arxivId: '2611.04321' }]);

const moods: Record<string, (response: ServerResponse, times: number) => void> = {
  '/ok': (response) => response.end(list),
  '/busy': (response, times) =>
    times < 3 ? response.writeHead(429, { 'retry-after': '0' }).end('slow down') : response.end(list),
  '/always-busy': (response) => response.writeHead(503).end(),
  '/moved': (response) => response.writeHead(302, { location: '/ok?moved' }).end(),
  '/round': (response) => response.writeHead(307, { location: '/round' }).end(),
  '/gone': (response) => response.writeHead(404).end('no such list'),
  '/garbage': (response) => response.end('<html>maintenance</html>'),
  '/huge': (response) => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const pump = () => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', pump);
    };
    pump();
  },
  '/later': (response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
  '/hangs': () => {},
  '/drips': (response) => {
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  },
  '/breaks': (response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('half', () => response.destroy());
  },
};

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response) => {
    const url = request.url ?? '';
    asked.push({ url, agent: request.headers['user-agent'] ?? '', authorization: request.headers.authorization });
    const mood = moods[url.split('?')[0]!];
    if (mood) mood(response, timesAsked(url));
    else response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const timesAsked = (url: string) => asked.filter((request) => request.url === url).length;

describe('getting a URL', () => {
  it('when the API answers, then its bytes come back and it was told who asks', async () => {
    const received = await fetchUrl(ctx, `${base}/ok?date=2026-11-20`, patience);
    expect(
      parseCapture(received.bytes, { name: received.name, fetchedAt: new Date('2026-11-20T12:00:00Z') }),
    ).toMatchObject({
      digestOn: '2026-11-20',
      entries: [{ title: 'Kites over Clusters', arxivId: '2611.04321', upvotes: 3, comments: 1 }],
    });
    expect(asked.at(-1)!.agent).toMatch(/^Offprint\/\d+\.\d+\.\d+ \(\+https:\/\/papers\.example\.org\)$/);
  });

  it('when it is busy, then it is asked again, and no more than patience allows', async () => {
    expect((await fetchUrl(ctx, `${base}/busy`, patience)).bytes.length).toBe(list.length);
    expect(timesAsked('/busy')).toBe(3);
    await expect(fetchUrl(ctx, `${base}/always-busy`, patience)).rejects.toThrow(
      `${base}/always-busy: answered 503; expected`,
    );
    expect(timesAsked('/always-busy')).toBe(3);
  });

  it('when it is to be asked in an hour, then nobody waits at the terminal', async () => {
    await expect(fetchUrl(ctx, `${base}/later`, patience)).rejects.toThrow('answered 429, to be asked again in 60 min');
    expect(timesAsked('/later')).toBe(1);
  });

  it('when there is no such list, then it is asked once', async () => {
    await expect(fetchUrl(ctx, `${base}/gone`, patience)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('answered 404') as string,
    });
    expect(timesAsked('/gone')).toBe(1);
  });

  it('when the answer has no end, then reading stops at 20 MB', async () => {
    await expect(fetchUrl(ctx, `${base}/huge`, patience)).rejects.toThrow('more than 20971520 bytes');
    expect(timesAsked('/huge')).toBe(1);
  });

  it.each(['/hangs', '/breaks'])(
    'when the server %s, then it is asked again and the problem is named',
    async (path) => {
      await expect(
        fetchUrl(ctx, `${base}${path}`, { ...patience, timeoutMs: 2_000, pausesMs: [10] }),
      ).rejects.toMatchObject({
        code: 'unavailable',
      });
      expect(timesAsked(path)).toBe(2);
    },
  );

  it('when a tick is over, then so is the asking, wherever it is', async () => {
    const started = performance.now();
    const answers = await Promise.all(
      ['/hangs', '/drips'].map((path) =>
        ask(ctx, base + path, { timeoutMs: 20_000, until: Infinity, endsAt: started + 300 }),
      ),
    );
    expect(performance.now() - started).toBeLessThan(1_000);
    for (const answer of answers)
      expect(answer).toMatchObject({ problem: expect.stringContaining('timeout') as string });
    const late = await ask(ctx, `${base}/ok?late`, { timeoutMs: 20_000, until: performance.now() - 1 });
    expect(late).toHaveProperty('waitMs');
    expect(timesAsked('/ok?late')).toBe(0);
  });

  it('when a host rests, then the operator hears what is waited for', async () => {
    const waits: [string, number][] = [];
    const play: typeof ctx.fetchSource = () => Promise.resolve(new Response(list));
    const paced = { ...ctx, fetchSource: play, turns: ownTurns() };
    for (let times = 0; times < 2; times++)
      await fetchUrl(paced, 'https://lists.example.org/', { onWait: (host, ms) => waits.push([host, ms]) });
    expect(waits).toEqual([['lists.example.org', expect.closeTo(1_000, -2)]]);
  });

  it('when the answer is garbage, then parsing says so by name', async () => {
    const { bytes, name } = await fetchUrl(ctx, `${base}/garbage`, patience);
    expect(() => parseCapture(bytes, { name, fetchedAt: new Date() })).toThrow(
      `${base}/garbage: a web page without a list of papers`,
    );
  });
});

describe('being sent on', () => {
  test('when a list moved within its own origin, then it is followed, on loopback too', async () => {
    expect((await fetchUrl(ctx, `${base}/moved`, patience)).bytes.length).toBe(list.length);
    expect(asked.at(-1)!.url).toBe('/ok?moved');
  });

  test('when it sends round in circles, then it is given up', async () => {
    await expect(fetchUrl(ctx, `${base}/round`, patience)).rejects.toThrow('more than 5 times');
    expect(timesAsked('/round')).toBe(6);
  });
});

describe('what opens a source', () => {
  test('when the address holds a name and a password, then they are sent as Basic, and nowhere shown', async () => {
    const address = base.replace('http://', 'http://ada:hunter%402@');
    const received = await fetchUrl(ctx, `${address}/ok?date=2026-11-20&api_key=hunter3`, patience);
    expect(asked.at(-1)!.authorization).toBe(`Basic ${Buffer.from('ada:hunter@2').toString('base64')}`);
    expect(asked.at(-1)!.url).toBe('/ok?date=2026-11-20&api_key=hunter3');
    expect(received.name).toBe(`${base}/ok?date=2026-11-20&api_key=…`);
  });

  test.each(['/gone', '/always-busy', '/breaks', '/hangs'])(
    'when %s fails, then the problem shows neither',
    async (path) => {
      const address = `${base.replace('http://', 'http://ada:hunter2@')}${path}?api_key=hunter3`;
      const failure = await fetchUrl(ctx, address, { ...patience, timeoutMs: 200, pausesMs: [] }).catch(
        (e: unknown) => e as Error,
      );
      expect((failure as Error).message).toContain(`${base}${path}`);
      expect(JSON.stringify([(failure as Error).message, (failure as Error).stack])).not.toMatch(/hunter/);
    },
  );
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-files-'));

  it('when a folder is listed, then only files that may be digests come, by name', async () => {
    for (const name of ['b.txt', 'a.json', '.hidden.txt', 'c.txt.part', 'd.tmp', 'e.md', 'README'])
      writeFileSync(join(folder, name), 'x');
    mkdirSync(join(folder, '2026', '.git'), { recursive: true });
    for (const name of ['f.rss', 'g.ATOM', 'h.json.gz', 'i.pdf', '.git/j.json'])
      writeFileSync(join(folder, '2026', name), 'x');
    const passed: string[] = [];
    expect((await listDigestFiles(folder, (path) => passed.push(path))).map((mark) => mark.path)).toEqual(
      ['2026/f.rss', '2026/g.ATOM', '2026/h.json.gz', 'a.json', 'b.txt', 'e.md'].map((name) => join(folder, name)),
    );
    expect(passed).toEqual(['2026/i.pdf', 'README', 'c.txt.part', 'd.tmp'].map((name) => join(folder, name)));
    await expect(listDigestFiles(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('when files are old, then nobody waits; when one grows, then it is left out', async () => {
    const marks = await listDigestFiles(folder);
    expect(await settledFiles(marks, new Date(Date.now() + 60_000), 300)).toBe(marks);
    const path = join(folder, 'b.txt');
    setTimeout(() => writeFileSync(path, 'xy'), 100); // this process's timers go off in order: within the 300 ms
    const settled = await settledFiles(marks, new Date(), 300);
    expect(settled.map((mark) => mark.path)).not.toContain(path);
    expect(settled).toHaveLength(5);
  });

  it('when a file cannot be read, then the error names it', async () => {
    await expect(readSettledFile(join(folder, 'nowhere.txt'))).rejects.toThrow(/nowhere\.txt: .*expected/);
    expect((await readSettledFile(join(folder, 'a.json'))).sha256).toBe(
      '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
    );
  });
});
