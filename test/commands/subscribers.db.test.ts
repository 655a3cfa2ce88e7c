import { expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const run = (...args: string[]) => runCli(['subscribers', ...args], { url: database.url });

test('when a reader is added with a line of their own, then list, show and export tell it; a wrong one is refused', async () => {
  const consent = ['--consent-at', '2025-06-01', '--consent-source', 'paper form'];
  const added = await run('add', 'ada@example.org', '--selectivity', 'sure', ...consent);
  expect([added.code, added.stderr]).toEqual([0, '']);
  await run('add', 'bob@example.org', ...consent);
  const listed = await run('list', '--json');
  expect(listed.json().map(({ email, selectivity }) => [email, selectivity])).toEqual([
    ['ada@example.org', 'sure'],
    ['bob@example.org', 'normal'],
  ]);
  const shown = await run('show', 'ada@example.org');
  expect(shown.json()).toMatchObject([{ preferences: { selectivity: 'sure' } }]);
  const exported = await run('export');
  expect(exported.stdout.split('\n')[0]).toContain(',max_papers,selectivity,language,');
  const wrong = await run('add', 'eve@example.org', '--selectivity', 'all');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('sure, normal, more')]);
}, 120_000);
