import { describe, expect, it } from 'vitest';
import { checkSignUp } from '../../src/subscribers/sign-up.ts';

const settings = { topics: new Set(['robotics', 'vision']), maxPapers: 7 };
const check = (input: unknown) => checkSignUp(input, settings);
const problems = (input: unknown) => {
  const checked = check(input);
  return checked.ok ? [] : checked.problems.map(({ field }) => field);
};

describe('checkSignUp', () => {
  it('when only an address is given, then the rest has its defaults', () => {
    expect(check({ email: 'Ada@Example.ORG' })).toEqual({
      ok: true,
      value: {
        email: 'ada@example.org',
        wishes: [],
        preferences: { cadence: 'daily', weekday: 1, hour: 8, timeZone: 'UTC', maxPapers: 7, language: 'en' },
      },
    });
  });

  it('when everything is given, then it is kept as worded', () => {
    const checked = check({
      email: 'ada@example.org',
      topics: ['robotics'],
      interests: ['  state   space models '],
      authors: ['Grace Hopper'],
      organizations: ['CERN'],
      muted: ['survey', 'topic:vision', 'Author: Ned Ludd'],
      cadence: 'weekly',
      weekday: 5,
      hour: 0,
      timeZone: 'Asia/Tokyo',
      maxPapers: 50,
      language: 'en-GB',
    });
    expect(checked.ok && checked.value.wishes).toEqual([
      { kind: 'topic', text: 'robotics', muted: false },
      { kind: 'words', text: 'state space models', muted: false },
      { kind: 'author', text: 'Grace Hopper', muted: false },
      { kind: 'organization', text: 'CERN', muted: false },
      { kind: 'words', text: 'survey', muted: true },
      { kind: 'topic', text: 'vision', muted: true },
      { kind: 'author', text: 'Ned Ludd', muted: true },
    ]);
    expect(checked.ok && checked.value.preferences).toMatchObject({
      cadence: 'weekly',
      weekday: 5,
      hour: 0,
      maxPapers: 50,
      language: 'en',
    });
  });

  it('when the same is asked for twice in other clothes, then it is asked for once', () => {
    const checked = check({ email: 'a@b.example', interests: ['Graph  Networks', 'graph networks'] });
    expect(checked.ok && checked.value.wishes).toHaveLength(1);
  });

  it('when an entry of a list has several lines, then each is a wish; a comma or semicolon parts nothing', () => {
    const checked = check({
      email: 'a@b.example',
      interests: ['graphs\r\ntrees, shrubs', 'a; b'],
      muted: ['Smith, J.\n'],
    });
    expect(checked.ok && checked.value.wishes.map(({ text }) => text)).toEqual([
      'graphs',
      'trees, shrubs',
      'a; b',
      'Smith, J.',
    ]);
    expect(problems({ email: 'a@b.example', interests: ['graphs', 'trees\n?!'] })).toEqual(['interests.1']);
  });

  it.each([
    ['an unknown topic', { topics: ['robotics', 'alchemy'] }, 'topics.1'],
    ['an interest without a word', { interests: ['?!'] }, 'interests.0'],
    ['an interest of negatives alone', { interests: ['-cats'] }, 'interests.0'],
    ['an interest too long', { interests: ['x'.repeat(201)] }, 'interests.0'],
    ['interests that are no list', { interests: 'graphs' }, 'interests'],
    ['an unknown cadence', { cadence: 'hourly' }, 'cadence'],
    ['weekday 0', { weekday: 0 }, 'weekday'],
    ['hour 24', { hour: 24 }, 'hour'],
    ['hour 7.5', { hour: 7.5 }, 'hour'],
    ['an hour as text', { hour: '8' }, 'hour'],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, 'timeZone'],
    ['no papers', { maxPapers: 0 }, 'maxPapers'],
    ['51 papers', { maxPapers: 51 }, 'maxPapers'],
    ['over 100 interests', { interests: Array.from({ length: 101 }, (_, index) => `word${index}`) }, 'interests'],
  ])('when it holds %s, then that field is named', (_, fields, field) => {
    expect(problems({ email: 'ada@example.org', ...fields })).toEqual([field]);
  });

  it.each([null, 'text', 7, [], {}, { email: 7 }, { email: ['a@b.example'] }])(
    'when it is %j, then the address is missing',
    (input) => {
      expect(problems(input)).toContain('email');
    },
  );
});
