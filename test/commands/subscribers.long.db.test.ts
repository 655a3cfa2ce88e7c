import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

const database = testDatabase();
const run = (...args: string[]) => runCli(['subscribers', ...args], { url: database.url });

test('when a reader is added with a line of their own, then list, show and export tell it; a wrong one is refused', async () => {
  const consent = ['--consent-at', '2025-06-01', '--consent-source', 'paper form'];
  const added = await run('add', 'ada@example.org', '--selectivity', 'sure', '--perhaps', ...consent);
  expect([added.code, added.stderr]).toEqual([0, '']);
  await run('add', 'bob@example.org', ...consent);
  const listed = await run('list', '--json');
  expect(listed.json().map(({ email, selectivity, perhaps }) => [email, selectivity, perhaps])).toEqual([
    ['ada@example.org', 'sure', true],
    ['bob@example.org', 'normal', false],
  ]);
  const shown = await run('show', 'ada@example.org');
  expect(shown.json()).toMatchObject([{ preferences: { selectivity: 'sure', perhaps: true } }]);
  const exported = await run('export');
  expect(exported.stdout.split('\n')[0]).toContain(',max_papers,selectivity,language,');
  const wrong = await run('add', 'eve@example.org', '--selectivity', 'all');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('sure, normal, more')]);
  const nowhere = await run('add', 'eve@example.org', '--time-zone', 'IST');
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('time_zone: «IST»: expected an IANA')]);
  const there = await run(
    'add',
    'eve@example.org',
    '--time-zone',
    'Asia/Calcutta',
    '--interest',
    'sparse; dense',
    ...consent,
  );
  expect([there.code, there.stderr]).toEqual([0, '']);
  expect((await run('list', '--json', '--email', 'eve@example.org')).json()).toMatchObject([
    { timeZone: 'Asia/Kolkata', interests: [{ kind: 'words', text: 'sparse; dense' }] },
  ]);
}, 120_000);

test('when a file of another tool is imported, then its columns are mapped, what is odd is told, and the count is printed', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'offprint-csv-')), 'list.csv');
  const rows = ['sep=;', 'Correo;Zone;Wishes;x', 'c1@example.org;Asia/Calcutta;"OpenAI, Inc.\ngraphs; trees";1'];
  rows.push('c2@example.org;IST;graphs;2', '"c3@example.org;UTC;graphs;3', 'c4@example.org;UTC;Zürich;4');
  writeFileSync(file, Buffer.from(rows.join('\r\n'), 'latin1'));
  const map = ['--map', 'Correo=email', '--map', 'Zone=time_zone', '--map', 'Wishes=interests'];
  const imported = await run('import', file, ...map);
  expect(imported.stderr.split('\n')).toEqual([
    'not read: «x»',
    'read as Windows-1252, since it is no UTF-8',
    'line 5: c2@example.org: time_zone: «IST»: expected an IANA time zone such as Europe/Lisbon, no abbreviation',
    'line 6: a quotation mark opens a cell and never closes it',
    '',
  ]);
  expect(imported.stdout).toMatch(
    /^imported: 0 confirmed, 2 pending \(asked by mail\), 0 unsubscribed; rejected: 2\nthe way back: offprint acts undo \d+\n$/,
  );
  expect(imported.code).toBe(2);
  const json = await run('import', file, ...map, '--json');
  expect(json.json().at(-1)).toMatchObject({ pending: 0, confirmed: 0, unsubscribed: 0, rejected: 4 });
  const wrong = await run('import', file, '--map', 'Correo=post');
  expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([2, '', expect.stringContaining('expected theirs=ours')]);
}, 120_000);

test('when an import is interrupted, then it says what was done and up to which line', async () => {
  const child = spawn(process.execPath, ['dist/cli.js', 'subscribers', 'import', '-'], {
    cwd: PACKAGE_ROOT,
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url, DATA_DIR: tmpdir(), LOG_LEVEL: 'error' },
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => (said[name] += chunk.toString()));
  const row = (n: number) => `i${n}@example.org,unsubscribed\n`;
  child.stdin.write(`email,status\n${Array.from({ length: 1_125 }, (_, n) => row(n)).join('')}`);
  const ended = once(child, 'close');
  const has = () => database.db.subscriber.count({ where: { email: 'i999@example.org' } });
  await until('the first thousand are in', async () => (await has()) === 1);
  child.kill('SIGINT');
  const [code] = (await ended) as [number];
  expect([code, said.stdout.split('\n')[0]]).toEqual([
    1,
    'imported: 0 confirmed, 0 pending (asked by mail), 1000 unsubscribed; rejected: 0',
  ]);
  expect(said.stderr).toContain('ended after line 1001: it was told to stop.');
}, 120_000);
