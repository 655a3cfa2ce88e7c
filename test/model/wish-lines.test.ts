import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  joinLine,
  joinList,
  linesOf,
  looksLikeList,
  mutedText,
  readMuted,
  splitLine,
  splitList,
} from '../../src/model/wish-lines.ts';
import { wishText } from '../world/wish-texts.ts';

const RUNS = { numRuns: 3_000 };

describe('a list in one cell', () => {
  test('when any list is joined, then it is split into the same', () => {
    fc.assert(
      fc.property(fc.array(wishText, { maxLength: 5 }), (texts) => {
        expect(splitList(joinList(texts))).toEqual(texts);
        expect(splitLine(joinLine(texts))).toEqual(texts);
        expect(linesOf(texts.join('\r\n'))).toEqual(texts);
      }),
      RUNS,
    );
  });

  test.each([
    ['graphs;trees', ['graphs', 'trees']],
    ['graphs\ntrees; shrubs', ['graphs', 'trees; shrubs']],
    ['OpenAI, Inc.\r\nSmith, J.\r\n', ['OpenAI, Inc.', 'Smith, J.']],
    ['OpenAI, Inc.', ['OpenAI, Inc.']],
    ['graphs\\; trees', ['graphs; trees']],
    ['', []],
    ['\n \n', []],
  ])('when a cell holds %j, then it lists %j', (cell, texts) => {
    expect(splitList(cell)).toEqual(texts);
  });

  test.each([
    [['graphs', 'OpenAI, Inc.'], 'graphs;OpenAI, Inc.'],
    [['graphs; trees'], 'graphs\\; trees'],
    [['graphs; trees', 'b'], 'graphs; trees\nb'],
  ])('when %j is joined, then the cell holds %j', (texts, cell) => {
    expect(joinList(texts)).toBe(cell);
  });
});

describe('a muted text', () => {
  test('when any muted wish is written, then it is read as the same', () => {
    const kinds = fc.constantFrom('words' as const, 'topic' as const, 'author' as const, 'organization' as const);
    fc.assert(
      fc.property(kinds, wishText, (kind, text) => {
        expect(readMuted(mutedText({ kind, text, muted: true }))).toEqual({ kind, text, muted: true });
      }),
      RUNS,
    );
  });

  test('when free words begin like a kind, then they are written as words', () => {
    expect(mutedText({ kind: 'words', text: 'topic: a survey', muted: true })).toBe('words: topic: a survey');
    expect(mutedText({ kind: 'words', text: 'survey', muted: true })).toBe('survey');
  });
});

test.each([
  ['protein folding, graph networks', true],
  ['RAG, LLM agents', true],
  ['diffusion; transformers; robots', true],
  ['强化学习、图网络', true],
  ['Smith, J.', false],
  ['OpenAI, Inc.', false],
  ['"linear, attention" models', false],
  ['graph networks', false],
  ['graphs,', false],
])('when a line is «%s», then that it looks like a list is %s', (line, expected) => {
  expect(looksLikeList(line)).toBe(expected);
});
