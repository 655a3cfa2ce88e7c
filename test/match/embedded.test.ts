import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { embeddedNearness } from '../../src/match/embedded.ts';
import { LINES } from '../../src/model/match.ts';
import { matcherOf, words } from '../world/matchers.ts';
import { paper } from '../world/papers.ts';

const vector = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  .filter((numbers) => Math.hypot(...numbers) > 0.01)
  .map((numbers) => Float32Array.from(numbers, (number) => number / Math.hypot(...numbers)));

describe('how near papers are by their vectors', () => {
  test('any vectors: in [0,1], the nearest highest, what is no nearer than usual 0', () => {
    fc.assert(
      fc.property(vector, fc.array(fc.option(vector, { nil: undefined }), { maxLength: 8 }), (wanted, papers) => {
        const found = embeddedNearness(wanted, papers);
        const cosine = (at: number) => papers[at]!.reduce((sum, number, i) => sum + number * wanted[i]!, 0);
        for (const [at, one] of found.entries()) {
          expect(one).toBeGreaterThanOrEqual(0);
          expect(one).toBeLessThanOrEqual(1);
          if (papers[at] === undefined) expect(one).toBe(0);
          for (const [other, less] of found.entries()) {
            if (!papers[at] || !papers[other]) continue;
            if (less < one - 1e-4) expect(cosine(other)).toBeLessThan(cosine(at));
          }
        }
      }),
    );
  });
  test('when models put all texts close together, then only what is beyond that counts', () => {
    const far = Float32Array.of(0.8, 0.6);
    expect([...embeddedNearness(Float32Array.of(1, 0), [far, far, far])]).toEqual([0, 0, 0]);
    const [near] = embeddedNearness(Float32Array.of(1, 0), [Float32Array.of(1, 0), far, far]);
    expect(near).toBeCloseTo(1);
  });
  test('when a paper has a vector of another length or none, then it counts nothing', () => {
    const papers = [Float32Array.of(1, 0, 0), undefined, Float32Array.of(1, 0), Float32Array.of(0, 1)];
    expect([...embeddedNearness(Float32Array.of(1, 0), papers)]).toEqual([0, 0, 1, 0]);
  });
});

describe('what an embedding model says is one more related part', () => {
  const shelf = [
    paper('exact', 'Protein folding', 'With attention.'),
    paper('partly', 'How a chain of folding steps ends', 'Slowly.'),
    paper('nothing', 'Kites over clusters', 'Wind and string.'),
  ];
  const matcher = matcherOf(...shelf);
  const scores = (embedded?: Float32Array) =>
    new Map(matcher.match(words('protein folding'), { embedded }).map(({ paper, score }) => [paper.id, score]));
  const without = scores();

  test('when a model finds a paper near, then it scores more, and never less than without', () => {
    const given = scores(Float32Array.of(0, 1, 0));
    expect(given.get('partly')).toBeGreaterThan(without.get('partly')!);
    expect(given.get('exact')).toBe(without.get('exact'));
  });
  test('when a paper holds nothing that a reader could see, then no vector brings it in', () => {
    expect(scores(Float32Array.of(1, 1, 1)).has('nothing')).toBe(false);
    const { normal: minScore } = LINES;
    const found = matcher.match(words('protein folding'), { embedded: Float32Array.of(0, 0, 1), minScore });
    expect(found.map(({ paper: { id } }) => id)).not.toContain('nothing');
  });
  test('when a model thinks nothing of the exact one and everything of the other, then the exact one still stands first', () => {
    const given = scores(Float32Array.of(0, 1, 1));
    expect(given.get('exact')).toBeGreaterThan(given.get('partly')!);
    for (const score of given.values()) expect(score).toBeLessThanOrEqual(1);
  });
  test('when the model says the same of all, then more of the words is never worth less', () => {
    const given = scores(Float32Array.of(1, 1, 1));
    expect(given.get('exact')).toBeGreaterThan(given.get('partly')!);
  });
});
