import { afterAll, beforeAll, expect, test } from 'vitest';
import { PARSER_VERSION } from '../../src/ingest/capture.ts';
import { runIngest } from '../../src/ingest/run-ingest.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { hfAnswer } from '../world/captures.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let server: AdminServer;

beforeAll(async () => {
  ctx = await testContext(database);
  server = await adminServer(ctx);
});
afterAll(() => server.close());

test.each([
  [1, '(1 warning)'],
  [2, '(2 warnings)'],
])('when a digest has %i warnings, then they are counted as a person would', async (count, words) => {
  const digestOn = `2026-01-0${count}`;
  await makeDigest(ctx.db, digestOn, ['Bold'], ctx.now());
  const warnings = Array.from({ length: count }, (_, at) => ({ position: at + 1, field: 'title', problem: 'missing' }));
  await ctx.db.digest.updateMany({ where: { digestOn: new Date(digestOn) }, data: { warnings } });
  const { cookie } = await server.signIn();
  expect(await (await server.get('/admin/digests', cookie)).text()).toContain(words);
});

/** Hands in a file as the form of the page does; returns what the page then says. */
async function handIn(fields: Record<string, string | Blob>, name = 'list.json') {
  const { cookie, csrf } = await server.signIn();
  const form = new FormData();
  for (const [key, value] of Object.entries({ csrf, source: 'files', on: '', ...fields })) {
    if (typeof value === 'string') form.append(key, value);
    else form.append(key, value, name);
  }
  const answer = await fetch(`${server.base}/admin/digests/files`, {
    method: 'POST',
    body: form,
    headers: { cookie },
    redirect: 'manual',
  });
  return {
    status: answer.status,
    said: decodeURIComponent(/message=(.*)/.exec(answer.headers.get('location') ?? '')?.[1] ?? ''),
  };
}
const listOf = (title: string) => new Blob([hfAnswer(null, [{ title, arxivId: '2601.00001' }])]);

test('when an admin hands in a file, then the job reads it as the source and the day given, once', async () => {
  const fields = { file: listOf('Handed in'), source: 'lab', on: '2026-01-04' };
  expect(await handIn(fields)).toEqual({
    status: 303,
    said: expect.stringContaining('list.json is being read') as string,
  });
  expect(ctx.woken).toContain('ingest');
  expect(await runIngest(ctx)).toMatchObject({ digests: 1, papers: 1, rejected: 0 });
  const capture = await ctx.db.capture.findFirstOrThrow({ where: { source: 'lab' } });
  expect(capture).toMatchObject({
    state: 'parsed',
    name: 'list.json',
    parserVersion: PARSER_VERSION,
    toldOn: new Date('2026-01-04'),
    past: false,
  });
  expect((await handIn(fields)).said).toContain('read before');
  expect(await runIngest(ctx)).toMatchObject({ digests: 0, rejected: 0 });
});

test('when what is handed in is no digest, then it is kept and stands with its reason on the page', async () => {
  await handIn({ file: new Blob(['<html>not a list']) }, '../../odd\u0000name<b>.html');
  expect(await runIngest(ctx)).toMatchObject({ rejected: 1 });
  const page = await (await server.get('/admin/digests', (await server.signIn()).cookie)).text();
  expect(page).toMatch(/odd.{0,10}name&lt;b&gt;\.html/);
});

test.each([
  ['no file', { source: 'files' }, 'choose one first'],
  ['an empty file', { file: new Blob([]) }, 'an empty one'],
  ['a file of 25 MB', { file: new Blob([Buffer.alloc(25_000_000)]) }, 'too large: expected 20 MB'],
  ['a source of no name', { file: listOf('x'), source: 'A b' }, 'lower-case letters'],
  ['a day of no calendar', { file: listOf('x'), on: '2026-02-31' }, 'expected a date'],
])('when the form holds %s, then it says so and keeps nothing', async (_, fields, said) => {
  const before = await ctx.db.capture.count();
  expect((await handIn(fields)).said).toContain(said);
  expect(await ctx.db.capture.count()).toBe(before);
});

test('when megabytes come from nobody who is signed in, or without the token of the page, then they are refused', async () => {
  const form = new FormData();
  form.append('file', new Blob([Buffer.alloc(2_000_000)]), 'x');
  const send = (cookie: string) =>
    fetch(`${server.base}/admin/digests/files`, {
      method: 'POST',
      body: form,
      headers: { cookie },
      redirect: 'manual',
    });
  expect((await send('')).headers.get('location')).toBe('/admin/sign-in');
  expect((await send((await server.signIn()).cookie)).status).toBe(403);
});

test('when a held list differs from the one before, then its headings go down one step at a time', async () => {
  await makeDigest(ctx.db, '2026-01-03', ['Stays', 'Goes'], ctx.now(), { source: 'steps' });
  await makeDigest(ctx.db, '2026-01-04', ['Comes'], ctx.now(), { source: 'steps', state: 'held' });
  const { id } = await ctx.db.digest.findFirstOrThrow({ where: { source: 'steps', state: 'held' } });
  const page = await (await server.get(`/admin/digests/${id}`, (await server.signIn()).cookie)).text();
  expect(page).toMatch(/<h\d>New<.*<h\d>No longer there</s);
  const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
  expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
});
