import { describe, expect, test } from 'vitest';
import { LINES } from '../../src/model/match.ts';
import { found, matcherOf, words } from '../world/matchers.ts';
import { paper } from '../world/papers.ts';

const filler = 'We study a problem that many have met before and report what we measured on three public collections.';
const library = [
  paper(
    'ssm',
    'Structured State Space Models for Long Sequences',
    `State space models (SSMs) scale linearly. ${filler}`,
  ),
  paper('short', 'Faster SSMs on small devices', `We quantise them to four bits. ${filler}`),
  paper('graph', 'Graph neural networks that count', `A graph neural network counts substructures. ${filler}`),
  paper('multi', 'Multi-agent debate improves factuality', `Several agents argue until they agree. ${filler}`),
  paper('scatter', 'Models of outer space', `The state of a galaxy is seen in its colours. ${filler}`),
  paper('vision', 'Image denoising by pre-training', `We study pre-training on noisy pictures. ${filler}`),
  paper('optimise', 'Optimising schedules', `Labelled data is rare; analyses of behaviour follow. ${filler}`),
];
const matcher = matcherOf(...library);

describe('a paper that holds what was asked for is found', () => {
  test.each([
    ['the phrase', 'state space models', 'ssm'],
    ['singular for plural', 'state space model', 'ssm'],
    ['a hyphen for a space', 'state-space models', 'ssm'],
    ['capitals and odd spaces', '  STATE   Space MODELS ', 'ssm'],
    ['an acronym for its long form', 'ssm', 'ssm'],
    ['the long form for an acronym defined in another paper', 'state space models', 'short'],
    ['a quoted phrase', '"graph neural networks"', 'graph'],
    ['one word of a compound', 'agents', 'multi'],
    ['a compound without its hyphen', 'multiagent', 'multi'],
    ['a compound with a space', 'multi agent debate', 'multi'],
    ['a prefix without its hyphen', 'pretraining', 'vision'],
    ['British for American', 'optimizing schedules', 'optimise'],
    ['American for British', 'labeled data', 'optimise'],
    ['an irregular plural', 'analysis', 'optimise'],
  ])('%s: «%s»', (_, text, id) => {
    expect(found(matcher, words(text), LINES.normal)).toContain(id);
  });
});

describe('a paper without it is not', () => {
  test.each([
    ['words of the phrase, scattered', 'state space models', 'scatter'],
    ['a quoted phrase whose words are scattered', '"state space"', 'scatter'],
    ['a word excluded', 'networks -graph', 'graph'],
    ['a phrase excluded', 'networks -"graph neural"', 'graph'],
    ['the same in other quotes', 'networks –“graph neural”', 'graph'],
  ])('%s: «%s»', (_, text, id) => {
    expect(found(matcher, words(text), LINES.normal)).not.toContain(id);
  });
});

describe('what is merely akin neither bars nor is what was required', () => {
  const akin = matcherOf(
    paper('small', 'Small language models on phones', `A language model runs. ${filler}`),
    paper('large', 'Large language models on servers', `LLMs are costly. ${filler}`),
    paper('continual', 'Continual learning without replay', `Tasks come one by one. ${filler}`),
    paper('forgetting', 'Continual learning and catastrophic forgetting', `It is measured. ${filler}`),
    paper('cloud', 'Robot navigation on point clouds', `A robot finds its way. ${filler}`),
    paper('lidar', 'Robot navigation by LiDAR', `A robot finds its way. ${filler}`),
    paper('outlier', 'Outlier detection in logs', `Outliers are rare. ${filler}`),
    paper('novelty', 'Novelty detection in logs', `What is new is rare. ${filler}`),
  );
  test.each([
    ['small language models -"large language models"', ['small']],
    ['language models -LLM', ['small']],
    ['continual learning -"catastrophic forgetting"', ['continual']],
    ['robot navigation -lidar', ['cloud']],
    ['"novelty detection"', ['novelty']],
    ['logs "novelty detection"', ['novelty']],
  ])('«%s» finds %j', (text, ids) => {
    expect(found(akin, words(text), LINES.more).toSorted()).toEqual(ids);
  });
});

describe('what is negated is not asked for', () => {
  const both = matcherOf(
    paper('arms', 'Robots that weave baskets', `A robot weaves by touch alone. ${filler}`),
    paper('eyes', 'Computer vision at night', `Vision models see in the dark. ${filler}`),
    paper('surveys', 'A survey of surveys', `We survey surveys. ${filler}`),
    paper('replay', 'Continual learning without replay', `Tasks come one by one. ${filler}`),
  );
  test.each([
    ['robots, not vision', ['arms']],
    ['robots, but not computer vision', ['arms']],
    ['robots, no surveys', ['arms']],
    ['robots, computer vision at night', ['arms', 'eyes']],
    ['weaving, not just vision at night', ['arms', 'eyes']],
    ['What, not how: continual learning', ['replay']],
    ['continual learning without replay', ['replay']],
  ])('«%s» finds %j', (text, ids) => {
    expect(found(both, words(text), LINES.normal).toSorted()).toEqual(ids);
  });
  test('it is barred neither, and is looked for where there is nothing else', () => {
    const one = matcherOf(paper('eyes', 'Robots with computer vision', `A robot sees. ${filler}`));
    expect(found(one, words('robots, not vision'), LINES.normal)).toEqual(['eyes']);
    expect(found(one, words('not vision'))).toEqual(['eyes']);
    expect(found(one, words('"a robot sees", not vision'), LINES.normal)).toEqual(['eyes']);
  });
});

describe('the order', () => {
  test('the title counts more than the abstract', () => {
    const two = matcherOf(
      paper('abstract', 'Counting substructures', `With a protein language model. ${filler}`),
      paper('title', 'Protein language model', `Counting substructures. ${filler}`),
    );
    expect(found(two, words('protein language model'))).toEqual(['title', 'abstract']);
  });
  test('the phrase counts more than its words apart', () => {
    const two = matcherOf(
      paper('apart', 'Diffusion of heat', `A policy for cities, and the model of diffusion behind it. ${filler}`),
      paper('phrase', 'Heat in cities', `A diffusion policy for cities, and its model. ${filler}`),
    );
    expect(found(two, words('diffusion policy'))).toEqual(['phrase', 'apart']);
  });
  test('equal papers keep their order', () => {
    const twins = ['c', 'a', 'b'].map((id) => paper(id, 'Sparse attention', filler));
    expect(found(matcherOf(...twins), words('sparse attention'))).toEqual(['c', 'a', 'b']);
  });
});

describe('the scale', () => {
  test('the whole of it in the title passes the line, whether it is one word or five', () => {
    for (const text of ['robots', 'low rank adaptation language models']) {
      const matcher = matcherOf(paper('p', `On ${text} at last`, filler), paper('q', 'Else', filler));
      expect(matcher.match(words(text))[0]).toMatchObject({ paper: { id: 'p' } });
      expect(matcher.match(words(text))[0]?.score).toBeGreaterThanOrEqual(LINES.normal);
    }
  });
  test('where the paper says what it does it counts more than in passing', () => {
    const score = (abstract: string) =>
      matcherOf(paper('p', 'On a problem', `${abstract} ${filler}`)).match(words('code generation'))[0]?.score ?? 0;
    expect(score('We propose code generation by trees.')).toBeGreaterThan(
      score('It is evaluated on mathematics, summaries and code generation.'),
    );
  });
  test('one word out of five does not', () => {
    const scores = matcherOf(paper('p', 'Adaptation in birds', filler)).match(
      words('low rank adaptation language models'),
    );
    expect(scores[0]?.score ?? 0).toBeLessThan(LINES.normal);
  });
});

describe('odd interests give a bounded, correct answer', () => {
  test.each([
    ['nothing', ''],
    ['spaces', ' \n\t '],
    ['signs', '.*(+?[]{}|^$\\'],
    ['emoji', '🎉🔥'],
    ['only an exclusion', '-graph'],
    ['quotes around nothing', '""" "" -""'],
  ])('%s: no paper', (_, text) => {
    expect(matcher.match(words(text))).toEqual([]);
  });
  test('marks around words are no words', () => {
    expect(found(matcher, words('<b class="x">graph</b> (networks)!'))).toEqual(
      found(matcher, words('graph networks')),
    );
    expect(found(matcher, words('graph networks'))).toContain('graph');
  });
  test('ten thousand characters', () => {
    const long = 'graph neural networks '.repeat(500);
    expect(found(matcher, words(long))).toContain('graph');
  });
});

describe('what commas part is asked for each by itself', () => {
  test('when an interest lists several things, then a paper on any of them scores as if it alone were asked for', () => {
    const listed = matcher.match(words('graph neural networks, image denoising'));
    const score = (text: string, id: string) => matcher.match(words(text)).find(({ paper }) => paper.id === id)?.score;
    for (const [text, id] of [
      ['graph neural networks', 'graph'],
      ['image denoising', 'vision'],
    ] as const) {
      const found = listed.find(({ paper }) => paper.id === id);
      expect(found?.score).toBe(score(text, id));
      expect(found?.reasons).toEqual(matcher.match(words(text)).find(({ paper }) => paper.id === id)?.reasons);
    }
  });
  test('when a phrase is required beside words, then it is required of all', () => {
    expect(found(matcher, words('image denoising, "graph neural networks"'))).toEqual(['graph']);
  });
});

test('keywords that a model gave a paper are none of its words: they give no reason, and nothing that mutes', () => {
  const tagged = { ...paper('tagged', 'Counting substructures', filler), modelKeywords: ['state space models'] };
  const over = matcherOf(tagged, ...library);
  expect(found(over, words('state space models'))).not.toContain('tagged');
  expect(over.muted('state space models').map((match) => match.paper.id)).toEqual(['ssm', 'short']);
});
