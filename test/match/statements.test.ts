import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSentences } from '../../src/match/statements.ts';

describe('sentences', () => {
  test.each([
    ['two', 'It is hard. We try.', ['It is hard.', 'We try.']],
    ['a point in a number', 'It gains 3.5 points. Good.', ['It gains 3.5 points.', 'Good.']],
    ['an abbreviation', 'Others, e.g. Smith et al. Show it.', ['Others, e.g. Smith et al. Show it.']],
    ['a question', 'Does it work? Yes!', ['Does it work?', 'Yes!']],
    ['no end', 'It goes on', ['It goes on']],
    ['nothing', ' \n', []],
  ])('%s', (_, text, sentences) => {
    expect(readSentences(text).map(({ start, end }) => text.slice(start, end).trim())).toEqual(sentences);
  });

  test('when any text is read, then its sentences lie in order and hold every letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const sentences = readSentences(text);
        let end = 0;
        for (const one of sentences) {
          expect(text.slice(end, one.start).trim()).toBe('');
          expect(one.end).toBeGreaterThan(one.start);
          end = one.end;
        }
        expect(text.slice(end).trim()).toBe('');
      }),
    );
  });
});

describe('a sentence says what the paper does', () => {
  test.each([
    ['We propose a planner.', true],
    ['In this paper, we therefore introduce a planner.', true],
    ['This survey reviews planners.', true],
    ['Here we first show that planners fail.', true],
    ['This work addresses planning.', true],
    ['Planners are widely used.', false],
    ['It is evaluated on code generation and mathematical reasoning.', false],
    ['As we grow old, planning matters.', false],
  ])('«%s»: %s', (text, states) => {
    expect(readSentences(text).map((one) => one.states)).toEqual([states]);
  });
});
