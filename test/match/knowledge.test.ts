import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOwnConcepts } from '../../src/match/concepts/own-concepts.ts';
import { readConceptFiles } from '../../src/match/concepts/read-concepts.ts';
import { knowledgeInForce, loadKnowledge, readKnowledge } from '../../src/match/knowledge.ts';
import { createMatcher, readMatcher } from '../../src/match/matcher.ts';
import { paper } from '../world/papers.ts';

test('when the knowledge is wanted at once while it is read in slices, then both get the same, read once', async () => {
  const reading = readKnowledge();
  await new Promise((resolve) => setImmediate(resolve));
  const wanted = loadKnowledge();
  expect(await reading).toBe(wanted);
  expect(wanted.lexicon.concepts.length).toBeGreaterThan(2_500);
});

test('when an operator’s file cannot be used, then reading in slices says so as loading does', async () => {
  await expect(readKnowledge('/no/such/file.json')).rejects.toMatchObject({ code: 'bad-input' });
  expect(() => loadKnowledge('/no/such/file.json')).toThrow('CONCEPTS_FILE');
});

test('when an operator has concepts of their own, then the edition is told without reading all, as at the start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'concepts-'));
  const file = join(folder, 'own.json');
  const write = (name: string) => {
    const terms = Array.from({ length: 8 }, (_, at) => `${name} ${at}`);
    writeFileSync(file, JSON.stringify([{ name, also: [], terms, broader: [] }]));
  };
  write('quiet gardening');
  const { edition, read } = knowledgeInForce(file);
  write('loud gardening'); // counts when the service is started again
  const { lexicon, ...knowledge } = await read();
  rmSync(folder, { recursive: true });
  expect([knowledge.edition, knowledgeInForce(file).edition]).toEqual([edition, edition]);
  expect(edition).not.toBe(knowledgeInForce().edition);
  expect(['quiet gardening', 'loud gardening'].map((name) => lexicon.names.find(name) >= 0)).toEqual([true, false]);
}, 60_000);

test('when papers are read in slices, then the matcher finds what one that is built at once finds', async () => {
  const papers = [paper('a', 'Grasping with tactile sensors', 'A robot hand.'), paper('b', 'Prime gaps', 'Sieves.')];
  const resources = { knowledge: loadKnowledge() };
  const asked = { id: 1, kind: 'words', text: 'robot manipulation' } as const;
  const found = (await readMatcher(papers, resources)).match(asked);
  expect(found.map((one) => one.paper.id)).toEqual(['a']);
  expect(found).toEqual(createMatcher(papers, resources).match(asked));
});

test('the shipped files stand one concept a line, as they are read at the start', async () => {
  expect(readOwnConcepts()).toEqual(await readConceptFiles());
});
