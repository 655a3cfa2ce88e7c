import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTopics } from '../../../src/match/concepts/own-concepts.ts';
import type { Concept } from '../../../src/model/concept.ts';

const terms = Array.from({ length: 8 }, (_, at) => `offprinting step ${at}`);
const own = (name: string, change: Partial<Concept> = {}): Concept => ({
  name,
  also: [],
  terms,
  broader: [],
  ...change,
});

async function fileOf(...concepts: Concept[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'offprint-concepts-')), 'own.json');
  await writeFile(path, JSON.stringify(concepts));
  return path;
}

test('when an operator adds a concept that can be picked, then it is on offer beside the shipped ones', async () => {
  const topic = {
    slug: 'offprinting',
    field: 'science',
    description: 'Of offprints and post.',
    arxivCategories: ['cs.DL'],
  };
  const topics = readTopics(await fileOf(own('Offprinting', { topic })));
  expect(topics.find(({ slug }) => slug === 'offprinting')).toEqual({ name: 'Offprinting', ...topic });
  expect(topics.length).toBe(readTopics().length + 1);
});

test('when it has the name of a shipped one, then it stands in for it', async () => {
  const [first] = readTopics();
  const topics = readTopics(await fileOf(own(first!.name)));
  expect(topics.map(({ slug }) => slug)).not.toContain(first!.slug);
});

test.each<[string, Concept, RegExp]>([
  ['another one’s name is taken', own('Offprinting', { also: ['Reinforcement learning'] }), /Reinforcement learning/],
  ['what is broader is missing', own('Offprinting', { broader: ['no such thing'] }), /broader «no such thing» is no/],
])('when %s, then the start refuses the file and says so', async (_, concept, words) => {
  const path = await fileOf(concept);
  expect(() => readTopics(path)).toThrow(words);
});
