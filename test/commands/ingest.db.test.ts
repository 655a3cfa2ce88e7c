import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { hfAnswer } from '../world/captures.ts';

const database = testDatabase();
const asked: { url: string; atMs: number }[] = [];
let proxy: Server;
let port = 0;

beforeAll(async () => {
  proxy = createServer((request, response) => {
    asked.push({ url: request.url ?? '', atMs: performance.now() });
    response.end(hfAnswer('2026-11-20', [{ title: 'Kelp', arxivId: '2611.04321' }]));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  port = (proxy.address() as AddressInfo).port;
});
afterAll(() => proxy.close());

test('when addresses are taken in at the terminal, then each waits its turn at its host, and the operator hears of it', async () => {
  // A service that wants three seconds: what is left of them after the first list is stored is told on any machine.
  const addresses = ['http://export.arxiv.org/a', 'http://export.arxiv.org/b'];
  const settings = { HTTP_PROXY: `http://127.0.0.1:${port}` };
  const { code, stderr, json } = await runCli(['ingest', '--json', ...addresses], { url: database.url, settings });
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^Waiting [123] s for arxiv\.org …\n$/)]);
  expect(json().map(({ outcome }) => outcome)).toEqual(['stored', 'refreshed']);
  expect(Object.keys(json()[0] ?? {})).toEqual([
    ...['file', 'source', 'outcome', 'digestOn', 'state', 'health'],
    ...['entries', 'newEntries', 'newPapers', 'warnings', 'problem'],
  ]);
  expect(json()[0]).not.toHaveProperty('health.why');
  expect(asked.map(({ url }) => url)).toEqual(addresses);
  expect(asked[1]!.atMs - asked[0]!.atMs).toBeGreaterThanOrEqual(3_000);
});

test('when an address lies on this machine, then it is refused, with what allows it', async () => {
  const before = asked.length;
  const address = `http://2130706433:${port}/list`;
  const refused = await runCli(['ingest', '--dry-run', address], { url: database.url });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(`127.0.0.1:${port} is on this machine or in a network that is not public`);
  expect(refused.stderr).toContain('ALLOW_PRIVATE_SOURCES=yes');
  expect(asked).toHaveLength(before);
  const settings = { ALLOW_PRIVATE_SOURCES: '1' };
  expect((await runCli(['ingest', '--dry-run', address], { url: database.url, settings })).code).toBe(0);
  expect(asked).toHaveLength(before + 1);
});
