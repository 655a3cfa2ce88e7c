import { describe, expect, test } from 'vitest';
import { stemOf } from '../../src/match/tokens.ts';

const stemsOf = (words: string) => new Set(words.split(' ').map(stemOf));

describe('forms of one word have one stem', () => {
  test.each([
    ['endings', 'generate generates generated generating'],
    ['-y and -ies', 'study studies studied studying'],
    ['British doubling', 'model models modeling modelling modelled'],
    ['British -ise', 'quantize quantized quantizing quantise quantised'],
    ['a doubled consonant', 'plan plans planned planning'],
    ['a consonant that was double', 'call calls called calling'],
    ['a final -e', 'code codes coded coding'],
    ['a final -e after two consonants', 'merge merges merged merging'],
    ['-es', 'class classes'],
    ['-s that is no plural', 'virus viruses'],
    ['a Latin plural', 'larva larvae'],
    ['a Greek plural', 'hypothesis hypotheses'],
    ['irregular verbs', 'write writes wrote written writing'],
    ['comparison', 'large larger largest'],
    ['prefixed', 'debias debiased debiasing'],
  ])('%s: %s', (_, words) => {
    expect(stemsOf(words).size).toBe(1);
  });
});

describe('words that are not forms of one word keep apart', () => {
  test.each([
    'general generation generalize generic',
    'universe university universal',
    'interpret interpretability interpretation',
    'action actionable active',
    'education educational educator',
    'animal animation',
    'organ organization organism',
    'quantized quantization quantum',
    'segment segmentation',
    'retrieve retrieval',
    'explain explainable explanation',
    'fair fairness',
    'stable stability',
    'plan plane planet',
    'rate rating rat ratio',
    'mean meaning',
    'build building',
    'unit unite unity',
    'suit suite',
    'dynamic dynamics',
    'logistic logistics',
    'new news',
    'embed embedding',
  ])('%s', (words) => {
    expect(stemsOf(words).size).toBe(words.split(' ').length);
  });
});
