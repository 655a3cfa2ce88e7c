import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOwnConcepts } from '../../src/match/concepts/own-concepts.ts';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();

async function check(concepts: object[]) {
  const file = join(await mkdtemp(join(tmpdir(), 'offprint-concepts-')), 'own.json');
  await writeFile(file, JSON.stringify(concepts));
  return runCli(['topics', 'check'], { url: database.url, settings: { CONCEPTS_FILE: file } });
}

const own = {
  ...{ name: 'Gentle gardening', also: [], broader: [] },
  terms: Array.from({ length: 8 }, (_, at) => `weeding machine ${at}`),
};

test('when CONCEPTS_FILE adds a concept, then the check without files counts it beside the shipped ones', async () => {
  const { code, stderr } = await check([own]);
  expect(code).toBe(0);
  expect(stderr).toContain(`${readOwnConcepts().length + 1} concepts`);
});

test('when CONCEPTS_FILE holds a concept that cannot be used, then the check without files says so', async () => {
  const { code, stderr } = await check([{ ...own, broader: ['no such thing'] }]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('broader «no such thing» is no concept');
});
