import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '../../src/create-context.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, type TestReader } from '../web/readers.ts';
import { startWeb, type TestWeb } from './web-server.ts';

const database = testDatabase();
const SOURCE = 'https://ada:correct-horse@lists.example/daily?api_key=battery-staple';
let lines = '';
let ctx: TestContext;
let web: TestWeb;
let reader: TestReader;

beforeAll(async () => {
  const plain = await testContext(database, { SOURCES: `lists=${SOURCE}`, LOG_LEVEL: 'trace' });
  ctx = { ...plain, log: openLog(plain.config, { write: (line) => void (lines += line) }) };
  reader = await confirmedReader(ctx, 'reader@example.org');
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** Asks with the request target exactly as given; `fetch` would tidy it. */
function ask(target: string, method: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(web.base);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: target, method, headers, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const spellings: [name: string, spell: (path: string, token: string) => string][] = [
  ['as it is', (path) => path],
  ['a capital letter', (path) => path.replace(/\/(.)/, (_, letter: string) => `/${letter.toUpperCase()}`)],
  ['capitals', (path) => path.toUpperCase()],
  ['a letter in per cent', (path) => `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`],
  ['dots in per cent', (path) => path.replaceAll('.', '%2e')],
  ['per cent twice', (path) => path.replaceAll('.', '%252E')],
  ['slashes in per cent', (path) => `/${path.slice(1).replaceAll('/', '%2f')}`],
  ['two slashes', (path) => `/${path}`],
  ['two slashes within', (path) => path.replace(/(.)\//, '$1//')],
  ['a trailing dot', (path) => `${path}.`],
  ['a trailing slash', (path) => `${path}/`],
  ['matrix parameters', (path) => `${path.replace(/(.)\//, '$1;v=1/')};jsessionid=1`],
  ['a broken per cent sign', (path) => `${path}%E0%A4%A`],
  ['absolute form', (path) => `http://offprint.example${path}`],
  ['absolute form with a password', (path) => `http://ada:correct-horse@offprint.example${path}`],
  ['an unknown page', (_, token) => `/nothing/here/${token}`],
  ['an unknown page at the top', (_, token) => `/${token}`],
  ['under another page', (_, token) => `/digests/${token}`],
  ['as a feed', (_, token) => `/feeds/${token}.xml`],
  ['as a paper', (_, token) => `/papers/${token}`],
  ['under admin', (_, token) => `/admin/${token}`],
  ['in a query', (_, token) => `/digests?q=${token}&token=${token}`],
  ['beyond a directory', (path) => `/assets/..${path}`],
];

test.each(spellings)('when a link is asked for with %s, then its token is not logged', async (_, spell) => {
  for (const path of [reader.unsubscribe, reader.preferences, reader.react, reader.feed]) {
    const token = path.split('/')[2] ?? '';
    const [, subject = '', , mac = ''] = token.split('.');
    for (const method of ['GET', 'POST', 'PUT']) {
      const headers = { referer: `http://elsewhere.example${path}`, 'x-token': token };
      expect(await ask(spell(path, token), method, headers)).toBeLessThan(500);
    }
    for (const secret of [subject, mac.slice(0, 12)]) expect(lines.toLowerCase()).not.toContain(secret.toLowerCase());
  }
  expect(lines).toContain('"msg":"request"');
  expect(lines).not.toContain('correct-horse');
});

test('when an error holds a token, an address that opens something or a secret of the settings, then the log does not', () => {
  const token = reader.unsubscribe.split('/')[2] ?? '';
  const error = new Error(`cannot read ${SOURCE} for ${token}`, { cause: new Error('battery-staple was refused') });
  ctx.log.error({ err: error, problem: `refused: postgres://me:hunter2@db/x`, url: SOURCE }, `broke at ${SOURCE}`);
  const line = lines.trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(line)).toMatchObject({ level: 'error', problem: 'refused: postgres://db/x' });
  expect(line).not.toMatch(/correct-horse|battery-staple|hunter2/);
  expect(line).not.toContain(token.split('.')[1]);
});
