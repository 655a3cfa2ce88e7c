import { describe, expect, test } from 'vitest';
import { MAX_REASONS } from '../../src/match/reasons.ts';
import { snippetOf } from '../../src/match/word-reasons.ts';
import { matcherOf, TOPICS, words } from '../world/matchers.ts';
import { paper } from '../world/papers.ts';

const matcher = matcherOf(
  paper(
    'p',
    'Graph Neural Networks\nfor drugs',
    'Outlier detection is hard. We use reinforcement learning (RL) and RL again.',
    {
      authors: ['Jürgen Müller', 'Ada B. Example'],
      organization: { slug: 'Berkeley', name: 'UC Berkeley' },
    },
  ),
);
const reasonsFor = (text: string, kind: 'words' | 'author' | 'organization' | 'topic' = 'words') =>
  matcher.match({ id: 1, kind, text })[0]?.reasons ?? [];

describe('a match says why', () => {
  test.each([
    [
      'a phrase in the title',
      'graph neural network',
      { kind: 'phrase', text: 'Graph Neural Networks', where: 'title' },
    ],
    ['a word of the title', 'drug', { kind: 'title', text: 'drugs', where: 'title' }],
    [
      'a phrase in the abstract',
      'reinforcement learning',
      { kind: 'phrase', text: 'reinforcement learning', where: 'abstract' },
    ],
    ['an acronym', 'RL', { kind: 'phrase', text: 'RL', where: 'abstract' }],
    ['a twin term', 'novelty detection', { kind: 'related', text: 'Outlier detection', where: 'abstract' }],
    ['loose words', 'drugs neural', { kind: 'words', text: 'drugs, neural', where: 'title' }],
  ])('%s: «%s»', (_, text, reason) => {
    expect(reasonsFor(text)[0]).toMatchObject(reason);
  });
  test('when loose words stand in different places, then each is said to stand where it stands', () => {
    const reasons = reasonsFor('drugs detection');
    expect(reasons).toMatchObject([
      { kind: 'words', text: 'drugs', where: 'title' },
      { kind: 'words', text: 'detection', where: 'abstract' },
    ]);
    expect(reasons[1]?.snippet).toContain('Outlier detection');
  });
  test('when a word is written in ideographs, then each of them counts as a word, and a match says why', () => {
    const [match] = matcherOf(paper('p', '强化学习')).match({ id: 1, kind: 'words', text: 'graph 强化学习' });
    expect(match?.reasons).toMatchObject([{ kind: 'words', text: '强, 化, 学, 习', where: 'title' }]);
  });
  test('when much is found, then the reasons are still no more than a handful', () => {
    expect(reasonsFor('detection, hard, again, learning').length).toBeLessThanOrEqual(MAX_REASONS);
  });
  test('an author, as the paper writes it', () => {
    expect(reasonsFor('J. Muller', 'author')).toEqual([{ kind: 'author', text: 'Jürgen Müller', where: 'authors' }]);
  });
  test('an organisation', () => {
    expect(reasonsFor('berkeley', 'organization')[0]).toMatchObject({ kind: 'organization', where: 'organization' });
  });
  test('a topic by the terms of its concept', () => {
    expect(reasonsFor('reinforcement-learning', 'topic')[0]).toMatchObject({
      kind: 'concept',
      text: 'RL',
      of: 'Reinforcement learning',
    });
  });
  test('at most a handful, for every topic there is', () => {
    for (const { slug } of TOPICS) expect(reasonsFor(slug, 'topic').length).toBeLessThanOrEqual(MAX_REASONS);
  });
  test('with the stretch around a hit in the abstract', () => {
    expect(reasonsFor('RL')[0]?.snippet).toContain('reinforcement learning (RL)');
  });
});

test('a snippet is cut between words and marks what was left out', () => {
  const text = `${'before '.repeat(30)}HERE ${'after '.repeat(30)}`;
  const start = text.indexOf('HERE');
  const cut = snippetOf(text, start, start + 4);
  expect(cut).toMatch(/^…(before )+HERE( after)+…$/);
  expect(cut.length).toBeLessThan(160);
});

describe('what is muted', () => {
  const shelf = matcherOf(
    paper('phrase', 'NFT markets', 'State space models of prices.'),
    paper('apart', 'A model of space', 'The state of prices.'),
    paper('twin', 'Outlier detection', 'In prices.'),
  );
  test.each([
    ['a word', 'nft', ['phrase']],
    ['a word in the plural', 'NFTs', ['phrase']],
    ['words only where they stand together', 'state space model', ['phrase']],
    ['a related term does not mute', 'novelty detection', []],
    ['any of several, parted by commas', 'nft, outlier detection', ['phrase', 'twin']],
    ['nothing', '🎉', []],
  ])('%s: «%s»', (_, text, ids) => {
    expect(shelf.muted(text).map((hit) => hit.paper.id)).toEqual(ids);
  });
  test('has its reason', () => {
    expect(shelf.muted('nft')[0]?.reasons[0]).toMatchObject({ text: 'NFT', where: 'title' });
  });
});

test('an interest in words scores every paper the same whatever stands beside it in the list of interests', () => {
  const alone = matcher.match(words('graph'));
  matcher.match(words('drugs'));
  expect(matcher.match(words('graph'))).toEqual(alone);
});

test('when a Greek letter is all that a paper holds of an interest, then it is the reason', () => {
  const [match] = matcherOf(paper('it', 'On α at night', 'It is dark.')).match(words('alpha graph'));
  expect(match?.reasons).toEqual([{ kind: 'words', text: 'α', where: 'title' }]);
});
