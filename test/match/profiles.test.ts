import { expect, test } from 'vitest';
import { parseTopics } from '../../src/match/profiles.ts';
import { TOPICS } from '../world/matchers.ts';

const good = {
  slug: 'graphs',
  name: 'Graphs',
  field: 'machine learning',
  description: 'Learning on graphs.',
  profile: [{ term: 'graph network', weight: 0.9 }],
  arxivCategories: ['cs.LG'],
};

test('the shipped file has at least 80 topics over the nine fields', () => {
  expect(TOPICS.length).toBeGreaterThanOrEqual(80);
  expect([...new Set(TOPICS.map(({ field }) => field))].sort()).toEqual(
    ['language', 'machine learning', 'robotics', 'safety', 'science', 'speech', 'systems', 'theory', 'vision'].sort(),
  );
});

test.each([
  ['no list', {}, /expected a list/],
  ['an empty profile', [{ ...good, profile: [] }], /«graphs»: profile: an empty profile/],
  ['a weight over 1', [{ ...good, profile: [{ term: 'x y', weight: 2 }] }], /profile\.0\.weight/],
  [
    'a term twice, in another form',
    [{ ...good, profile: [...good.profile, { term: 'graph networks', weight: 0.5 }] }],
    /stands there twice/,
  ],
  ['a term without a word', [{ ...good, profile: [{ term: '---', weight: 0.5 }] }], /holds no word/],
  ['a slug twice', [good, { ...good, name: 'Other' }], /slug graphs stands there twice/],
  ['a name twice', [good, { ...good, slug: 'other' }], /name «Graphs» stands there twice, in «graphs» too/],
  ['a bad slug', [{ ...good, slug: 'Graphs!' }], /slug: expected lower-case words/],
  ['no category', [{ ...good, arxivCategories: [] }], /arxivCategories/],
])('%s is refused', (_, json, message) => {
  expect(() => parseTopics(json, 'topics.json')).toThrow(message);
});

test('every problem is named at once', () => {
  expect(() =>
    parseTopics(
      [
        { ...good, profile: [] },
        { ...good, slug: 'B' },
      ],
      't',
    ),
  ).toThrow(/profile[\s\S]*slug/);
});
