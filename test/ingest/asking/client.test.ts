import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { ask, type Answer } from '../../../src/ingest/asking/ask.ts';
import { openClient, type Lookup } from '../../../src/ingest/asking/client.ts';
import { isPublicAddress } from '../../../src/lib/public-address.ts';
import { everyTurn } from '../../support/turns.ts';

/** Of this machine's own addresses one plays the public network; where the others answer, we were led inside. */
const PUBLIC = '127.0.0.2';
const servers: Server[] = [];
const asked: { at: string; url: string; authorization: string | undefined; connection: string | undefined }[] = [];
let port = 0;
let elsewhere = '';

async function serve(host: string, at: number): Promise<number> {
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    const { authorization, connection } = request.headers;
    asked.push({ at: host, url, authorization, connection });
    if (url.startsWith('/elsewhere'))
      response.writeHead(302, { location: Buffer.from(elsewhere).toString('latin1') }).end();
    else response.end('[]');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(at, host, resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  port = await serve(PUBLIC, 0);
  await serve('127.0.0.1', port);
  await serve('::1', port);
});
beforeEach(() => void asked.splice(0));
afterAll(() => servers.forEach((server) => server.close()));

/** A name service of our own; `rebinding.example` is public when it is first asked for, and then no more. */
const NAMES: Record<string, string[]> = {
  'lists.example.org': [PUBLIC],
  'inside.example.org': ['127.0.0.1'],
  'both.example.org': [PUBLIC, '127.0.0.1'],
  'six.example.org': ['::1'],
  'translated.example.org': ['64:ff9b::7f00:1'],
};
let times = 0;
const lookup: Lookup = (host) => {
  const found = host === 'rebinding.example.org' ? [times++ === 0 ? PUBLIC : '127.0.0.1'] : NAMES[host];
  if (!found) return Promise.reject(new Error(`getaddrinfo ENOTFOUND ${host}`));
  return Promise.resolve(found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
};

function contextOf(settings: Record<string, string> = {}) {
  const config = loadConfig({ PUBLIC_URL: 'https://papers.example.org', ...settings });
  const isPublic = (address: string) => address === PUBLIC || isPublicAddress(address);
  return { config, fetchSource: openClient(config, { lookup, isPublic }), turns: everyTurn, now: () => new Date() };
}
const guarded = contextOf();
const trusting = contextOf({ ALLOW_PRIVATE_SOURCES: 'yes' });

const get = (address: string, ctx = guarded): Promise<Answer> =>
  ask(ctx, address.replaceAll('PORT', String(port)), { timeoutMs: 3_000, until: Infinity });

/** Where nobody goes: each a way to write this machine, a network of one's own, or what is no address of the web. */
const INSIDE = [
  ...['http://127.0.0.1:PORT/', 'http://127.1:PORT/', 'http://127.0.0.1.:PORT/', 'http://127.255.3.4:PORT/'],
  ...['http://2130706433:PORT/', 'http://0x7f000001:PORT/', 'http://0x7f.1:PORT/', 'http://0X7F.0x0.0.0x1:PORT/'],
  ...['http://017700000001:PORT/', 'http://0177.0.0.01:PORT/', 'http://0:PORT/', 'http://0.0.0.0:PORT/'],
  ...['http://１２７.0.0.1:PORT/', 'http://127。0。0。1:PORT/', 'http://%31%32%37.0.0.1:PORT/'],
  ...['http://[::1]:PORT/', 'http://[::]:PORT/', 'http://[0:0:0:0:0:0:0:1]:PORT/', 'http://[::127.0.0.1]:PORT/'],
  ...['http://[::ffff:127.0.0.1]:PORT/', 'http://[::ffff:7f00:1]:PORT/', 'http://[::ffff:0:127.0.0.1]:PORT/'],
  ...['http://[64:ff9b::7f00:1]:PORT/', 'http://[64:ff9b::127.0.0.1]:PORT/', 'http://[64:ff9b::10.0.0.1]:PORT/'],
  ...['http://[64:ff9b:1::808:808]:PORT/', 'http://[64:ff9b::a9fe:a9fe]/', 'http://[64:ff9b::]/'],
  ...['http://[2002:7f00:1::1]:PORT/', 'http://[2002:a9fe:a9fe::]/', 'http://[2001:0:7f00:1::]/'],
  ...['http://10.0.0.1/', 'http://172.20.1.1/', 'http://192.168.0.1/', 'http://100.64.0.1/', 'http://198.18.0.1/'],
  ...['http://169.254.169.254/latest/meta-data', 'http://169.254.43518/', 'http://2852039166/'],
  ...['http://[fe80::1]/', 'http://[fd00:ec2::254]/', 'http://[fec0::1]/', 'http://100.100.100.200/'],
  ...['http://224.0.0.1/', 'http://255.255.255.255/', 'http://[ff02::1]/', 'http://192.0.0.192/'],
  ...['http://localhost:PORT/', 'http://LOCALHOST.:PORT/', 'http://a.localhost:PORT/', 'http://redis:PORT/'],
  ...['http://metadata.google.internal/', 'http://printer.local/', 'http://nas.home.arpa/', 'http://wiki.lan./'],
  ...['http://inside.example.org:PORT/', 'http://both.example.org:PORT/', 'http://six.example.org:PORT/'],
  'http://translated.example.org:PORT/',
];

describe('what is not public', () => {
  test.each(INSIDE)(
    'when the setting is %s, then nobody goes there, and it is no fault that passes',
    async (address) => {
      const answer = await get(address);
      expect(answer).toMatchObject({ problem: expect.stringContaining('not public') as string, again: false });
      expect(asked).toEqual([]);
    },
  );

  test.each([
    ...INSIDE,
    ...['//127.0.0.1:PORT/', '//localhost:PORT/', 'file:///etc/passwd', 'ftp://127.0.0.1/x', 'http://', 'data:,[]'],
    'http://user:hunter2@127.0.0.1:PORT/?key=hunter3',
  ])('when a stranger sends us on to %s, then nobody goes there, and no secret is told', async (target) => {
    elsewhere = target.replaceAll('PORT', String(port));
    const answer = await get(`http://${PUBLIC}:PORT/elsewhere`);
    const problem = expect.stringMatching(/not public|no http or https address/) as string;
    expect(answer).toMatchObject({ problem, again: false });
    expect(asked.map(({ at, url }) => at + url)).toEqual([`${PUBLIC}/elsewhere`]);
    expect(JSON.stringify(answer)).not.toContain('hunter');
  });

  test('when a name is public at first and leads inside the next time, then the first goes there and the second nowhere', async () => {
    times = 0;
    expect(await get('http://rebinding.example.org:PORT/')).toMatchObject({ bytes: Buffer.from('[]') });
    expect(await get('http://rebinding.example.org:PORT/')).toMatchObject({ again: false });
    expect(asked.map(({ at }) => at)).toEqual([PUBLIC]);
    expect(times).toBe(2); // looked up once for each connection: never asked again between the look and the act
  });

  test('when a name is public, then it is gone to, and sent on by it as well, without our password, and no connection is kept', async () => {
    elsewhere = `http://lists.example.org:${port}/moved`;
    await get(`http://ada:hunter2@${PUBLIC}:PORT/elsewhere`);
    expect(asked.map(({ url, authorization, connection }) => [url, authorization, connection])).toEqual([
      ['/elsewhere', `Basic ${Buffer.from('ada:hunter2').toString('base64')}`, 'close'],
      ['/moved', undefined, 'close'],
    ]);
  });
});

describe('ALLOW_PRIVATE_SOURCES', () => {
  test.each(['http://127.0.0.1:PORT/', 'http://localhost:PORT/', 'http://[::1]:PORT/', 'http://2130706433:PORT/'])(
    'when it is set, then %s is asked',
    async (address) => {
      expect(await get(address, trusting)).toMatchObject({ bytes: Buffer.from('[]') });
    },
  );

  test('when it is set, then what lies inside may send on inside, and what is public still sends nobody there', async () => {
    elsewhere = `http://localhost:${port}/moved`;
    expect(await get('http://127.0.0.1:PORT/elsewhere', trusting)).toMatchObject({ bytes: Buffer.from('[]') });
    elsewhere = `http://[::1]:${port}/moved`;
    // Only the guard asks our name service: without it, the name is made one of this machine here.
    const fetchSource: typeof trusting.fetchSource = (url, options) =>
      trusting.fetchSource(url.replace('lists.example.org', PUBLIC), options);
    expect(await get('http://lists.example.org:PORT/elsewhere', { ...trusting, fetchSource })).toMatchObject({
      problem: expect.stringContaining('not public') as string,
    });
  });
});

describe('HTTPS_PROXY', () => {
  const seen: { method: string; url: string; authorization: string | undefined }[] = [];
  let proxy: Server;
  beforeAll(async () => {
    const note = ({ method = '', url = '', headers }: IncomingMessage) =>
      seen.push({ method, url, authorization: headers['proxy-authorization'] });
    proxy = createServer((request, response) => {
      note(request);
      response.end('[]');
    });
    proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
      note(request);
      socket.end('HTTP/1.1 502 No Way\r\n\r\n');
    });
    servers.push(proxy);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => void seen.splice(0));

  test('when it is set, then requests go by it, which may lie inside, and what is named in NO_PROXY does not', async () => {
    const url = `http://ada:hunter2@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const authorization = `Basic ${Buffer.from('ada:hunter2').toString('base64')}`;
    const ctx = contextOf({ https_proxy: url, HTTP_PROXY: url, NO_PROXY: 'lists.example.org' });
    const secure = await get('https://papers.example.net/list', ctx);
    expect(secure).toMatchObject({ problem: expect.stringContaining('502') as string, again: true });
    expect(JSON.stringify(secure)).not.toContain('hunter');
    expect(await get('http://papers.example.net/list?a=b', ctx)).toMatchObject({ bytes: Buffer.from('[]') });
    expect(seen).toEqual([
      { method: 'CONNECT', url: 'papers.example.net:443', authorization },
      { method: 'GET', url: 'http://papers.example.net/list?a=b', authorization },
    ]);
    expect(await get('http://lists.example.org:PORT/', ctx)).toMatchObject({ bytes: Buffer.from('[]') });
    expect(asked.map(({ at }) => at)).toEqual([PUBLIC]);
  });

  test.each(['http://127.0.0.1:PORT/', 'http://inside.example.org/', 'https://metadata.google.internal/'])(
    'when %s would be asked by it, then it is not',
    async (address) => {
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const answer = await get(address, contextOf({ HTTPS_PROXY: url, HTTP_PROXY: url }));
      expect(answer).toMatchObject({ problem: expect.stringContaining('not public') as string, again: false });
      expect(seen).toEqual([]);
    },
  );
});
