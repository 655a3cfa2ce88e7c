import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerptOf, matchedSentence, shortSentence } from '../../src/compose/text/excerpt.ts';
import { sentencesOf } from '../../src/compose/text/sentences.ts';

const ABSTRACT =
  'Rivers freeze late. Measurements, e.g. of ice, are scarce (Smith et al. 2019). We propose Frost, a model of state spaces. It runs 3.5 times faster! Why? Because it is small.';

function excerpt(abstract: string, terms: readonly string[], max?: number): string {
  const sentences = sentencesOf(abstract);
  return excerptOf(sentences, matchedSentence(sentences, terms), max);
}

test('when an abstract is split, then abbreviations, initials and numbers end no sentence', () => {
  expect(sentencesOf(ABSTRACT).map(({ text }) => text)).toEqual([
    'Rivers freeze late.',
    'Measurements, e.g. of ice, are scarce (Smith et al. 2019).',
    'We propose Frost, a model of state spaces.',
    'It runs 3.5 times faster!',
    'Why?',
    'Because it is small.',
  ]);
});

test('when a term stands in a sentence, then the excerpt starts there', () => {
  expect(excerpt(ABSTRACT, ['State Spaces'], 90)).toBe(
    'We propose Frost, a model of state spaces. It runs 3.5 times faster! Why?',
  );
});

test('when the matched sentence is the last, then what stands before it fills up', () => {
  expect(excerpt(ABSTRACT, ['small'], 50)).toBe(
    'It runs 3.5 times faster! Why? Because it is small.'.slice(0, 52).length <= 50 ? '' : 'Why? Because it is small.',
  );
});

test('when no term is found, then it starts at the beginning', () => {
  expect(excerpt(ABSTRACT, ['nothing'], 30)).toBe('Rivers freeze late.');
});

test('when one sentence is longer than the excerpt, then it is cut at a word', () => {
  const cut = excerpt(`${'word '.repeat(200)}end.`, [], 400);
  expect(cut).toMatch(/word…$/);
  expect(cut.length).toBeLessThanOrEqual(400);
});

test('when there is no abstract, then there is no excerpt', () => {
  expect(excerpt('', ['x'])).toBe('');
  expect(shortSentence([], 0)).toBe('');
});

test('whatever the abstract, the excerpt is at most 400 characters of it', () => {
  const sentence = fc.string({ minLength: 1, maxLength: 300 }).map((text) => `A${text.replace(/\s+/g, ' ')}.`);
  fc.assert(
    fc.property(fc.array(sentence, { maxLength: 12 }), fc.array(fc.string({ maxLength: 5 })), (sentences, terms) => {
      expect(Array.from(excerpt(sentences.join(' '), terms)).length).toBeLessThanOrEqual(400);
    }),
  );
});
