import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nameKey, parseConcepts, readConceptFiles, topicsOf } from '../../../src/match/concepts/read-concepts.ts';
import { PACKAGE_ROOT } from '../../../src/package.ts';
import type { Concept } from '../../../src/model/concept.ts';

const TERMS = ['kalman filter', 'loop closure', 'odometry', 'LiDAR map', 'visual-inertial', 'pose graph', 'NDT', 'ORB'];
const concept = (name: string, change: Partial<Concept> = {}): Concept => ({
  ...{ name, also: [], terms: TERMS, broader: [] },
  ...change,
});
const topic = (slug: string) => ({
  ...{ slug, field: 'vision', description: 'Of maps and places.', arxivCategories: ['cs.CV'] },
});
const parse = (...concepts: Concept[]) => parseConcepts(concepts, 'here');

describe('a file of concepts', () => {
  test('when all of it is well formed, then it is read as it stands', () => {
    const list = [concept('robotics'), concept('SLAM', { also: ['mapping and localisation'], broader: ['Robotics'] })];
    expect(parse(...list)).toEqual(list);
  });

  test.each<[string, Concept[], RegExp]>([
    ['a name stands there twice', [concept('U-Net'), concept('u net')], /«u net»: «u net» names «U-Net» too/],
    ['a name is another one’s too', [concept('LLM', { also: ['AI'] }), concept('ai')], /«ai» names «LLM» too/],
    ['a term is the name', [concept('odometry')], /the term «odometry» stands there twice, or is its name/],
    ['a term comes twice', [concept('a1', { terms: [...TERMS, 'Pose-Graph'] })], /the term «Pose-Graph» stands/],
    ['a term holds no word', [concept('a1', { terms: [...TERMS, '—'] })], /the term «—» holds no word/],
    ['there are too few terms', [concept('a1', { terms: ['x'] })], /«a1»: terms: expected 8 terms or more/],
    ['what is broader is missing', [concept('a1', { broader: ['b1'] })], /broader «b1» is no concept/],
    [
      'concepts contain each other',
      [concept('a1', { broader: ['b1'] }), concept('b1', { broader: ['a1'] })],
      /«a1»: is broader than itself, by way of «b1»/,
    ],
    [
      'two topics have one slug',
      [concept('a1', { topic: topic('x') }), concept('b1', { topic: topic('x') })],
      /«b1»: the slug x is that of «a1» too/,
    ],
    ['a slug has capitals', [concept('a1', { topic: topic('X!') })], /«a1»: topic.slug: expected lower-case words/],
    ['a topic has no category', [concept('a1', { topic: { ...topic('x'), arxivCategories: [] } })], /arxivCategories/],
    ['a field is spelled otherwise', [{ ...concept('a1'), term: [] } as Concept], /«a1»: .*term/],
  ])('when %s, then it is refused and named', (_what, list, words) => {
    expect(() => parse(...list)).toThrow(words);
  });

  test('when there are several faults, then all of them are told at once', () => {
    expect(() => parse(concept('a1', { broader: ['b1'] }), concept('odometry'))).toThrow(/odometry[^]*b1/);
  });

  test('when names differ by case, accents, hyphens or signs, then they are one; C, C++ and C# are three', () => {
    expect(new Set(['U-Net', 'u net', 'Ü‐NET'].map(nameKey)).size).toBe(1);
    expect(new Set(['C', 'C++', 'C#'].map(nameKey)).size).toBe(3);
  });
});

test('the shipped concepts are well formed and many', async () => {
  const concepts = await readConceptFiles();
  expect(concepts.length).toBeGreaterThanOrEqual(2_500);
  const terms = concepts.map((one) => one.terms.length).sort((a, b) => a - b);
  expect(terms[Math.floor(terms.length / 2)]).toBeGreaterThanOrEqual(12);
});

test('the shipped topics are at least 80, over nine fields', async () => {
  const topics = topicsOf(await readConceptFiles());
  expect(topics.length).toBeGreaterThanOrEqual(80);
  expect([...new Set(topics.map(({ field }) => field))].sort()).toEqual(
    ['language', 'machine learning', 'robotics', 'safety', 'science', 'speech', 'systems', 'theory', 'vision'].sort(),
  );
});

test('every shipped concept was counted in known titles', async () => {
  const { concepts } = JSON.parse(await readFile(join(PACKAGE_ROOT, 'seeds', 'concept-rates.json'), 'utf8')) as {
    concepts: Record<string, number>;
  };
  const missing = (await readConceptFiles()).filter(({ name }) => !(name in concepts)).map(({ name }) => name);
  expect(missing).toEqual([]);
});
