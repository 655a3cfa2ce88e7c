import { describe, expect, it } from 'vitest';
import type { KnownDigest } from '../../src/ingest/source-habits.ts';
import { sourceHealth } from '../../src/ingest/source-health.ts';
import { addDays, weekdayOf } from '../../src/lib/time.ts';
import type { ParsedDigest, ParsedEntry } from '../../src/model/digest.ts';
import { titleKey } from '../../src/model/paper.ts';

const FRIDAY = '2026-11-20';

function entry(title: string, abstract = 'An abstract.'): ParsedEntry {
  const nothing = { authorCount: null, organization: null, publishedOn: null, upvotes: null, comments: null };
  return {
    position: 1,
    title,
    abstract,
    authors: [],
    ...nothing,
    arxivId: null,
    doi: null,
    url: null,
    codeUrl: null,
    discussionUrl: null,
  };
}

function digest(titles: string[], digestOn = FRIDAY): ParsedDigest {
  return { digestOn, entries: titles.map((title) => entry(title)), warnings: [] };
}

function list(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
}

function known(digestOn: string, titles: string[], trusted = true): KnownDigest {
  return { digestOn, titleKeys: titles.map(titleKey), trusted };
}

/** Weekdays before a Friday, newest first, with as many papers each as told. */
function weekdaysBefore(count: number, papers: number): KnownDigest[] {
  const days: KnownDigest[] = [];
  for (let day = addDays(FRIDAY, -1); days.length < count; day = addDays(day, -1)) {
    if (weekdayOf(day) <= 5) days.push(known(day, list(`of ${day}`, papers)));
  }
  return days;
}

describe('with fewer than ten digests known', () => {
  it.each<[string, ParsedDigest, KnownDigest[], string]>([
    ['a first list is fresh', digest(list('new', 3)), [], 'fresh'],
    ['a small list is fresh', digest(['one']), weekdaysBefore(9, 30), 'fresh'],
    ['a list older than the newest is fresh', digest(list('new', 3), '2026-11-02'), weekdaysBefore(9, 3), 'fresh'],
    ['an empty list on a weekday is broken', digest([]), [], 'broken'],
    ['an empty list on a Saturday is quiet', digest([], '2026-11-21'), [], 'quiet'],
    ['an old list again is stale', digest(list('a', 5)), [known('2026-11-19', list('a', 5))], 'stale'],
    [
      'four fifths of an old list are stale',
      digest([...list('a', 4), 'new']),
      [known('2026-11-18', list('a', 9))],
      'stale',
    ],
    [
      'three quarters of an old list are fresh',
      digest([...list('a', 3), 'new']),
      [known('2026-11-18', list('a', 9))],
      'fresh',
    ],
    [
      'an old list again is stale though that day was held',
      digest(list('a', 5)),
      [known('2026-11-19', list('a', 5), false)],
      'stale',
    ],
    ['titles that differ in marks and case are the same', digest(['A: b']), [known('2026-11-19', ['a B'])], 'stale'],
    ['the list of a later day is no old list', digest(list('a', 5)), [known('2026-11-23', list('a', 5))], 'fresh'],
    ['the same day again is compared with others only', digest(list('a', 5)), [known(FRIDAY, list('a', 5))], 'fresh'],
  ])('%s', (_, given, others, verdict) => {
    expect(sourceHealth(given, others).verdict).toBe(verdict);
  });
});

describe('entries without title or abstract', () => {
  it.each([
    [3, 7, 'fresh'],
    [4, 7, 'partial'],
    [1, 0, 'partial'],
  ])('when %i lack one and %i are whole, then the digest is %s', (bare, whole, verdict) => {
    const entries = [
      ...list('whole', whole).map((title) => entry(title)),
      ...list('bare', bare).map((title, index) => (index % 2 ? entry('') : entry(title, ''))),
    ];
    const health = sourceHealth({ digestOn: FRIDAY, entries }, []);
    expect(health.verdict).toBe(verdict);
    if (verdict === 'partial')
      expect(health.reasons).toEqual([`${bare} of ${bare + whole} entries lack a title or an abstract`]);
  });

  it('when bylines are missing or papers are old, then that is no fault', () => {
    expect(sourceHealth({ digestOn: FRIDAY, entries: [{ ...entry('old'), publishedOn: '1999-01-01' }] }, [])).toEqual({
      verdict: 'fresh',
      reasons: [],
      why: [],
    });
  });
});

describe('with ten digests known', () => {
  const habits = weekdaysBefore(10, 15);

  it.each<[string, ParsedDigest, KnownDigest[], string]>([
    ['a list of the usual size is fresh', digest(list('new', 15)), habits, 'fresh'],
    ['a third of the usual size is fresh', digest(list('new', 5)), habits, 'fresh'],
    ['under a third of the usual size is partial', digest(list('new', 4)), habits, 'partial'],
    ['five times the usual size is fresh', digest(list('new', 75)), habits, 'fresh'],
    ['more than that is broken', digest(list('new', 76)), habits, 'broken'],
    [
      'a list before the newest is stale',
      digest(list('new', 15), '2026-11-18'),
      habits.filter(({ digestOn }) => digestOn !== '2026-11-18').concat(known('2026-11-01', list('x', 9))),
      'stale',
    ],
    ['an empty list on a weekday is broken', digest([]), habits, 'broken'],
    ['an empty list on a Saturday is quiet', digest([], '2026-11-21'), habits, 'quiet'],
    ['a Saturday list of new papers is fresh: no habit of that day', digest(['one'], '2026-11-21'), habits, 'fresh'],
    ['held digests teach no habits', digest(['one']), habits.map((day) => ({ ...day, trusted: false })), 'fresh'],
  ])('%s', (_, given, others, verdict) => {
    expect(sourceHealth(given, others).verdict).toBe(verdict);
  });

  it('when a source publishes nothing on Fridays, then an empty Friday is quiet and a missing Thursday broken', () => {
    const quietFridays = habits.map((day) => (weekdayOf(day.digestOn) === 5 ? { ...day, titleKeys: [] } : day));
    expect(sourceHealth(digest([]), quietFridays).verdict).toBe('quiet');
    expect(sourceHealth(digest([], '2026-11-26'), quietFridays).verdict).toBe('broken');
  });

  it('when something is wrong, then the reasons say what in words', () => {
    expect(sourceHealth(digest(list('new', 2)), habits).reasons).toEqual([
      '2 entries, under a third of the 15 usual on a Friday',
    ]);
    expect(sourceHealth(digest(list('new', 20), '2026-10-01'), habits).reasons).toEqual([
      'its day lies before the newest list, of 2026-11-19',
    ]);
  });
});

describe('while its day goes on', () => {
  const habits = weekdaysBefore(20, 15);
  const at = (instant: string, zone = 'UTC') => ({ now: new Date(instant), zone });

  it('when few papers are there yet, then it fills, and is fresh; once its day is over, it is cut', () => {
    const early = digest(list('new', 2));
    expect(sourceHealth(early, habits, at('2026-11-20T02:00:00Z'))).toEqual({
      verdict: 'fresh',
      kind: 'filling',
      why: [{ name: 'list.filling', values: { n: 2 } }],
      reasons: ['2 entries so far; its day is not over'],
    });
    expect(sourceHealth(early, habits, at('2026-11-20T23:59:00Z')).kind).toBe('filling');
    expect(sourceHealth(early, habits, at('2026-11-21T00:01:00Z'))).toMatchObject({
      verdict: 'partial',
      kind: 'short',
    });
    expect(sourceHealth(early, habits, at('2026-11-21T00:01:00Z', 'America/New_York')).kind).toBe('filling');
  });

  it('when one of the first papers was listed before, or lacks its abstract, then that says nothing yet', () => {
    const before = habits[0]!.titleKeys[0]!;
    const entries = [entry(before), entry('new', '')];
    const early = { digestOn: FRIDAY, entries, warnings: [] };
    expect(sourceHealth(early, habits, at('2026-11-20T01:00:00Z')).kind).toBe('filling');
    expect(sourceHealth(early, habits, at('2026-11-21T01:00:00Z')).verdict).toBe('partial');
  });

  it('when the whole list of yesterday comes as today’s, then it is held at once', () => {
    const again = digest(habits[0]!.titleKeys);
    expect(sourceHealth(again, habits, at('2026-11-20T01:00:00Z'))).toMatchObject({
      verdict: 'stale',
      kind: 'repeated',
    });
  });
});

describe('what else is wrong', () => {
  const aged = (days: number) => weekdaysBefore(20, 15).map((day) => ({ ...day, ages: Array<number>(15).fill(days) }));
  const published = (days: number[]) => {
    const entries = days.map((age, nth) => ({ ...entry(`new ${nth}`), publishedOn: addDays(FRIDAY, -age) }));
    return { digestOn: FRIDAY, entries, warnings: [] };
  };

  it('when most papers are older than any it used to list, then it is stale; after a pause a little older is no fault', () => {
    expect(sourceHealth(published(Array<number>(15).fill(35)), aged(3))).toMatchObject({
      verdict: 'stale',
      kind: 'old',
    });
    expect(sourceHealth(published(Array<number>(15).fill(33)), aged(3)).verdict).toBe('fresh');
    expect(sourceHealth(published([...Array<number>(8).fill(3), ...Array<number>(7).fill(999)]), aged(3)).verdict).toBe(
      'fresh',
    );
  });

  it('when few papers are distinct, then it is partial', () => {
    const twice = digest([...list('new', 8), ...list('new', 8)]);
    expect(sourceHealth(twice, [])).toEqual({
      verdict: 'partial',
      kind: 'doubled',
      why: [{ name: 'list.doubled', values: { n: 16, distinct: 8 } }],
      reasons: ['16 entries are 8 papers only'],
    });
    expect(sourceHealth(digest([...list('new', 8), ...list('new', 4)]), []).verdict).toBe('fresh');
  });

  it('when a source strays by itself, then a low day is no cut; nor is the second day of a lull', () => {
    const sizes = [30, 8, 22, 12, 40, 6, 18, 9];
    const stray = weekdaysBefore(40, 15).map((day, nth) => known(day.digestOn, list(day.digestOn, sizes[nth % 8]!)));
    expect(sourceHealth(digest(list('new', 4)), stray).verdict).toBe('fresh');
    const [yesterday, ...earlier] = weekdaysBefore(40, 15);
    const lull = [known(yesterday!.digestOn, list('few', 6)), ...earlier];
    expect(sourceHealth(digest(list('new', 4)), earlier).kind).toBe('short');
    expect(sourceHealth(digest(list('new', 4)), lull).verdict).toBe('fresh');
  });

  it('when nothing is announced, then that is quiet on any day', () => {
    expect(sourceHealth({ ...digest([]), listing: 'announced' }, weekdaysBefore(20, 300)).verdict).toBe('quiet');
  });
});
