import { describe, expect, test } from 'vitest';
import { asksForNothing, interestKey } from '../../src/model/interest.ts';
import { LINES } from '../../src/model/match.ts';
import { stemOf, tokenize } from '../../src/match/tokens.ts';
import { checkWishes } from '../../src/subscribers/sign-up.ts';
import { found, matcherOf, words } from '../world/matchers.ts';
import { paper } from '../world/papers.ts';

const filler = 'We study a problem that many have met before and report what we measured on three public collections.';
/** A paper that holds one stretch, among others that don't. */
const decided = (asked: string, stands: string) => {
  const matcher = matcherOf(
    paper('it', `On ${stands} at night`, `It concerns ${stands}. ${filler}`),
    paper('else', 'Weaving baskets by hand', `Who weaves is asked by us, as it is said. ${filler}`),
  );
  return found(matcher, words(asked), LINES.normal);
};

describe('one thing spelled two ways is found', () => {
  test.each([
    ['a hyphen for nothing', 'GPT5', 'GPT-5'],
    ['nothing for a hyphen', 'GPT-5', 'GPT5'],
    ['a space before a number', 'GPT 5', 'GPT5'],
    ['a closed word for two', 'timeseries', 'time series'],
    ['two words for a closed one', 'data base', 'databases'],
    ['one letter before a hyphen', 'V-Net', 'VNet'],
    ['the same closed', 'email', 'e-mail'],
    ['a small letter', 'xray', 'X-rays'],
    ['a hyphen between words', 'cross-modal', 'crossmodal'],
    ['both in one', 'GPT5 finetuning', 'GPT-5 fine-tuning'],
    ['a digit for a word', 'speech2text', 'speech-to-text'],
    ['a dimension', '2-D', 'two-dimensional maps'],
    ['a Greek letter', 'gamma rays', 'γ-rays'],
    ['a letter’s name in LaTeX', 'λ calculus', '$\\lambda$-calculus'],
    ['a letter behind an acronym', 'IFN gamma', 'IFNγ'],
    ['British -aemia', 'hypoglycemia', 'hypoglycaemia'],
    ['American oe', 'oestrogen', 'estrogen'],
    ['British -our', 'flavor', 'flavours'],
    ['British -re', 'theater', 'theatres'],
    ['British -ise', 'crystallize', 'crystallised'],
    ['sulph-', 'sulfate', 'sulphates'],
    ['C++ with its year', 'C++', 'C++20'],
    ['C#', 'c#', 'C# tools'],
    ['.NET', '.net', '.NET tools'],
    ['R by what stands behind', 'R', 'an R package'],
    ['a prefix alone', 'crypto', 'a crypto market'],
    ['a prefix and a hyphen', 'bio', 'bio-inspired wings'],
    ['an acronym that is a stop word', 'US', 'US counties'],
    ['the same with stops', 'US', 'U.S. counties'],
    ['an acronym in the plural', 'SAMs', 'SAM'],
    ['a soft hyphen within', 'transformers', 'trans\u00adfor\u00admers'],
    ['a word joiner', 'transformers', 'trans\u2060formers'],
    ['a zero-width space', 'transformers', 'trans\u200bformers'],
    ['a joiner that does nothing', 'transformers', 'trans\u200dformers'],
    ['one in what is asked for', 'trans\u00adformers', 'transformers'],
    ['one in an acronym', 'ReLU', 'Re\u00adLU'],
  ])('%s: «%s», «%s»', (_, asked, stands) => {
    expect(decided(asked, stands)).toEqual(['it']);
  });
});

describe('another thing is not', () => {
  test.each([
    ['AS', 'a stone as it is'],
    ['US', 'what was for us'],
    ['SAM', 'Sam the keeper'],
    ['GaN', 'a GAN'],
    ['LoRa', 'LoRA'],
    ['AI', 'air aimed by aid'],
    ['C', 'vitamin C'],
    ['R', 'a radius R'],
    ['C', 'C++'],
    ['GPT5', 'GPT-4'],
    ['general', 'a generation'],
    ['universe', 'a university'],
  ])('«%s» is not «%s»', (asked, stands) => {
    const matcher = matcherOf(paper('it', `On ${stands} at night`, filler), paper('right', `On ${asked} code`, filler));
    expect(found(matcher, words(asked), LINES.normal)).not.toContain('it');
  });
});

describe('muting', () => {
  const matcher = matcherOf(
    paper('market', 'A crypto market at night', filler),
    paper('wings', 'Bio inspired wings', filler),
    paper('plain', 'It is for us: who weaves', filler),
    paper('it', 'IT security in hospitals', filler),
    paper('hyphen', 'Homing pi\u00adgeons', filler),
  );
  test.each([
    ['crypto', ['market']],
    ['bio', ['wings']],
    ['IT', ['it']],
    ['US', []],
    ['pigeon', ['hyphen']],
  ])('«%s» hides what holds it: %j', (text, ids) => {
    expect(matcher.muted(text).map((one) => one.paper.id)).toEqual(ids);
  });
});

test('what nobody sees within a word is no part of it, and counts in its place', () => {
  const placesOf = (text: string) => tokenize(text).map(({ stem, start, end }) => [stem, text.slice(start, end)]);
  expect(placesOf('no pi\u00adgeon\u2060.')).toEqual([
    ['no', 'no'],
    [stemOf('pigeon'), 'pi\u00adgeon'],
  ]);
  expect(placesOf('pigeon\u200b, \u00adowl')).toEqual(placesOf('pigeon, owl'));
  expect(placesOf('ខ្មែរ\u200bភាសា')).toHaveLength(2); // Khmer parts words by it
});

describe('the key of an interest', () => {
  test.each([
    ['IT', 'IT'],
    ['it', 'it'],
    ['RAG and GaN', 'RAG and GaN'],
    ['Graph Neural Networks', 'graph neural networks'],
    ['GRAPH NEURAL NETWORKS', 'graph neural networks'],
    ['ImageNet', 'imagenet'],
    ['models -LLM', 'models -LLM'],
  ])('of «%s» is «%s»', (text, key) => {
    expect(interestKey('words', text)).toBe(key);
    expect(interestKey('words', key)).toBe(key);
  });
});

test.each([
  ['it', true],
  ['who we are', true],
  ['"as it is"', true],
  ['IT', false],
  ['US', false],
  ['the web', false],
  ['c', false],
])('«%s» asks for nothing: %s', (text, expected) => {
  expect(asksForNothing(text)).toBe(expected);
});

test.each([
  [{ interests: ['it'] }, false],
  [{ muted: ['us'] }, false],
  [{ interests: ['IT'], muted: ['US'] }, true],
])('a sign-up with %j is taken: %s', (wishes, taken) => {
  const checked = checkWishes({ ...wishes }, { topics: new Set(), maxPapers: 10 } as never);
  if (taken) expect(checked).toHaveProperty('ok', true);
  else expect(JSON.stringify(checked)).toMatch(/in capitals \(«(IT|US)»\)/);
});
