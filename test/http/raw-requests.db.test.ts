import { connect } from 'node:net';
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

/** Addresses that no browser and no `fetch` would ask for as they stand. */
const TARGETS = [
  ...[
    '*',
    '//',
    '///',
    '/\\',
    '//x:99999/',
    'http://elsewhere.example/',
    'http://[::1',
    '?',
    '/??a=b',
    '/;a=b',
    '/a b',
  ],
  ...['/%', '/%00', '/%ff', '/%2e%2e/%2e%2e', '/..//', '/\u00e9', `/${'a'.repeat(7_000)}`, `/${'%41'.repeat(2_000)}`],
  ...[
    '/?lang=%',
    '/?lang[]=de',
    '/?lang=__proto__',
    '/?__proto__[x]=1',
    '/archive?after=%00',
    '/feed/%.xml',
    '/feed//',
  ],
  ...['/confirm/%', '/confirm//', '/preferences//x', '/preferences/%E0%A4%A', '/unsubscribe//', '/react/a//more'],
  ...[
    '/newsletters/%',
    '/digests/%',
    '/digests//',
    '/papers/%',
    '/preview/newsletter?interests=%00',
    '/subscribe?email[]=a',
  ],
  ...['/admin//', '//admin', '/admin/%', '/admin/editions//read/', '/api//', '/api/v1//', '/api/v1/subscribers/%'],
  ...[
    '/assets//',
    '/assets/%',
    '/assets/..%2f..%2fpackage.json',
    '/assets/offprint.css?v[]=1',
    '/outbox/%',
    '/metrics//',
  ],
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
/** Headers as only a hand or a fault writes them. */
const HEADERS = [
  ...['Accept-Language: \u0001;q=x', 'Accept: */*;q=,', 'Cookie: =;;;a', 'If-None-Match: "', 'Range: bytes=9-1,x'],
  ...['X-Forwarded-For: ,,,', 'X-Forwarded-Proto: javascript:', 'Referer: http://[', 'Origin: null', 'Host: '],
  ...['Authorization: Bearer ', 'Content-Encoding: gzip', 'Content-Type: multipart/form-data; boundary='],
];

/** Sends a request line as it stands, and returns the status of the answer. */
function statusOf(method: string, target: string, header = 'X-None: 1'): Promise<number> {
  const { hostname, port, host } = new URL(web.base);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      const hosts = header.startsWith('Host:') ? [header] : [`Host: ${host}`, header];
      const lines = [`${method} ${target} HTTP/1.1`, ...hosts, 'Content-Length: 0', 'Connection: close', '', ''];
      socket.write(Buffer.from(lines.join('\r\n'), 'latin1'));
    });
    socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])));
  });
}

test.each(METHODS)(
  'when %s is sent with addresses of any form, then each is answered and none is our fault',
  async (method) => {
    for (const target of TARGETS) {
      const status = await statusOf(method, target);
      expect([target, status >= 200 && status < 500]).toEqual([target, true]);
    }
  },
);

test.each(HEADERS)('when «%s» stands in a request, then it is answered and no fault of ours', async (header) => {
  for (const target of [
    '/',
    '//',
    '/subscribe',
    '/admin/sign-in',
    '/api/v1/subscribers',
    '/preferences/x',
    '/assets/offprint.css',
  ])
    for (const method of ['GET', 'POST']) {
      const status = await statusOf(method, target, header);
      expect([method, target, status >= 200 && status < 500]).toEqual([method, target, true]);
    }
});
