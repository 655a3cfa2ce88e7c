import { describe, expect, test } from 'vitest';
import { clausesOf } from '../../src/match/clauses.ts';
import { tokenize } from '../../src/match/tokens.ts';
import { matcherOf } from '../world/matchers.ts';
import { paper } from '../world/papers.ts';

const clauses = (text: string) => {
  const tokens = tokenize(text);
  const of = clausesOf(text, tokens);
  const parts: string[][] = [];
  for (const [at, { start, end }] of tokens.entries()) (parts[of[at]!] ??= []).push(text.slice(start, end));
  return parts.map((words) => words.join(' '));
};

describe('clauses', () => {
  test.each([
    ['a colon', 'Quiet Experts: Routing Tokens', ['Quiet Experts', 'Routing Tokens']],
    ['a question', 'Agent? Modeling it', ['Agent', 'Modeling it']],
    ['a sentence, a quote behind its end', 'We «learn.» Prior work', ['We learn', 'Prior work']],
    ['a semicolon', 'symmetry; detection', ['symmetry', 'detection']],
    ['a comma in a list', 'speech, transcription', ['speech', 'transcription']],
    ['a dash between blanks', 'Models — a study', ['Models', 'a study']],
    ['a bracket', 'mixture (weighted) experts', ['mixture', 'weighted experts']],
    ['a line end behind a colon', 'Chemistry:\nLanguage', ['Chemistry', 'Language']],
  ])('when there is %s, then a clause ends', (_, text, parts) => {
    expect(clauses(text)).toEqual(parts);
  });

  test.each([
    'wav2vec 2.0 models',
    'GPT 3.5 and LLaVA-1.5',
    'as Smith et al. Show it',
    'e.g. Graph networks',
    'ours vs. Theirs',
    'J. Smith and E. coli',
    'the U.S. Navy',
    'see Fig. 3 of it',
    'approx. ten papers',
    'human- level and E(3)-equivariant',
    'state-of-the-art',
    'multi–agent learning',
    'image:text pairs',
  ])('when there is «%s», then none ends', (text) => {
    expect(clauses(text)).toHaveLength(1);
  });

  const experts = paper('p', 'Sparse Experts: Routing Tokens', 'It is about language. Models learn. Experts, routing.');

  test('when a paper holds the words of a phrase on both sides of a colon, then nobody says that it holds the phrase', () => {
    const [found] = matcherOf(experts).match({ id: 1, kind: 'words', text: 'expert routing' });
    expect(found?.literal ?? false).toBe(false);
    expect(found?.reasons.map(({ text }) => text).join() ?? '').not.toMatch(/[:;.!?]\s/);
    const [topic] = matcherOf(experts).match({ id: 1, kind: 'topic', text: 'language-models' });
    expect(topic?.reasons ?? []).toEqual([]);
  });

  test('when a reader asks for the very words with their colon, then the paper holds them', () => {
    for (const text of ['sparse experts: routing tokens', '"Experts: Routing"']) {
      const [found] = matcherOf(experts).match({ id: 1, kind: 'words', text });
      expect(found?.literal, text).toBe(true);
      expect(found?.reasons[0]?.text, text).toMatch(/Experts: Routing/);
    }
  });
});
