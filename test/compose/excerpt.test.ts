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

test.each([
  'Samples are i.i.d. Gaussian.| We win.',
  'They are drawn i.i.d.| We show it.',
  'The U.S. Army hums.| In the U.S.| The bees hum.',
  'Ours v.s. GPT-4 wins.| By Eqn. 3, Thm. 4 and Fig. A it holds.',
  'A Ph.D. Thesis, a.k.a. DT, is long.| Smith et al. (2019) did so.| As did Ray et al.| We differ.',
  'St. Louis and Dr. Who, cf. No. 5.| Is it?| No.| We go.',
  'J. R. R. Tolkien wrote to Quill Inc. Labs.| He has vitamin C.| We do not.',
  'It costs 3.5 k.| mRNA fell.| pH rose approx. 5 vs. Control at 10 a.m.| We left.',
  '近年来模型很大。|我们提出新方法！|结果很好？|是的。',
  'これは新しい。|「良い。」|と言う。',
])('when abbreviations stand in %j, then it is split where a sentence ends', (text) => {
  const sentences = text.split('|');
  expect(sentencesOf(sentences.join('')).map((sentence) => sentence.text)).toEqual(sentences.map((one) => one.trim()));
});

test('when a term stands in a sentence, then the excerpt starts there', () => {
  expect(excerpt(ABSTRACT, ['State Spaces'], 90)).toBe(
    'We propose Frost, a model of state spaces. It runs 3.5 times faster! Why?',
  );
});

test.each([
  ['RAG', 'We leverage storage.|RAG is cheap.'],
  ['RAG', 'We leverage storage.|Many RAGs are cheap.'],
  ['RAG', 'We leverage storage.|So RAG’s price fell.'],
  ['RAG', 'We leverage storage.|It is a RAG-based way.'],
  ['AI', 'We train it.|The AI fails.'],
  ['ice', 'A device of mice.|Then ice melts.'],
  ['RL', 'In this world it rains.|We use RL.'],
  ['rain', 'The raïn brain.|It rains, or rain falls.'],
  ['C++', 'In C we trust.|It is written in C++.'],
  ['模型', 'A new way.|我们提出新模型。'],
  ['RAG', 'A new way.|我们用RAG方法。'],
  ['robot', 'A robotic way.|Many robots walk.'],
  ['learn', 'We unlearn learners.|It helps learning.'],
])('when %j is looked for in %j, then the sentence that holds the word is taken', (term, text) => {
  expect(matchedSentence(sentencesOf(text.split('|').join(' ')), [term])).toBe(1);
});

test('when a term stands within other words alone, then the next term counts, else the beginning', () => {
  const sentences = sentencesOf('Rivers freeze. We leverage storage. It is cheap.');
  expect(matchedSentence(sentences, ['RAG', 'cheap'])).toBe(2);
  expect(matchedSentence(sentences, ['RAG'])).toBe(0);
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
