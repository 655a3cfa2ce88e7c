import { expect, test } from 'vitest';
import { dayLineInWords } from '../../src/compose/newsletter/day-line.ts';
import { languages, translator } from '../../src/lib/strings.ts';
import { DAY_KINDS, type DayLine, type NewsletterInput } from '../../src/model/newsletter.ts';

const PARAMS = {
  ...{ topic: 'Mamba', quiet: 'Language agents', about: 'topic', organization: 'KAIST', title: 'Deep $\\alpha$' },
  ...{ count: 14, total: 48, usual: 4, weeks: 3, upvotes: 90, next: 12, rise: 44, comments: 31, period: 'day' },
};
const worded = (dayLine: DayLine | undefined, language = 'en') =>
  dayLineInWords({ dayLine } as NewsletterInput, translator(language));

test.each([
  ['surge', 'Mamba everywhere: 14 of 48 papers'],
  ['surge-quiet', 'Mamba everywhere: 14 of 48 papers; nothing on Language agents'],
  ['quiet.again', 'Not one of 48 papers is on Mamba; 4 would be usual'],
  ['first', 'The first paper on Mamba in 3 weeks'],
  ['ahead', 'One paper is far ahead of the rest: “Deep α”, 90 upvotes; the next has 12'],
] as const)('the sentence of kind %s reads «%s»', (kind, words) => {
  expect(worded({ kind, params: PARAMS })).toBe(words);
});

test('a sentence begins with a capital, but for names that do not', () => {
  expect(worded({ kind: 'surge', params: { ...PARAMS, topic: 'robot arms' } })).toMatch(/^Robot arms everywhere/);
  expect(worded({ kind: 'surge', params: { ...PARAMS, topic: 'pH sensors' } })).toMatch(/^pH sensors everywhere/);
});

test('a week and an author are worded as such', () => {
  expect(worded({ kind: 'surge', params: { ...PARAMS, period: 'week' } })).toContain('Mamba everywhere this week:');
  expect(worded({ kind: 'first', params: { ...PARAMS, about: 'author', topic: 'Ada L.' } })).toContain('by Ada L.');
  expect(worded({ kind: 'surge', params: { ...PARAMS, period: 'week' } }, 'de')).toMatch(/^Diese Woche überall: Mamba/);
});

test('each kind has two wordings in each language, all of them different', () => {
  const kinds = DAY_KINDS.flatMap((kind) => [kind, `${kind}.again`] as const);
  const all = languages().flatMap((language) => kinds.map((kind) => worded({ kind, params: PARAMS }, language)));
  expect(new Set(all).size).toBe(kinds.length * languages().length);
});

test('there is no sentence without a fact, or with a name that nobody can see', () => {
  expect(worded(undefined)).toBeNull();
  expect(worded({ kind: 'surge', params: { ...PARAMS, topic: '\u200b' } })).toBeNull();
});
