import { describe, expect, it } from 'vitest';
import { entryDay, fullDateIn, isDate, listDay, readPrintedDate } from '../../../src/ingest/sources/list-day.ts';

const printed = (text: string) => readPrintedDate(text)!;
const NOON = new Date('2026-11-22T12:00:00Z');

describe('printed dates', () => {
  it.each([
    ['Dec 31', { month: 12, day: 31, year: null }],
    ['Sept 4, 2021', { month: 9, day: 4, year: 2021 }],
    ['February 3,2020', { month: 2, day: 3, year: 2020 }],
    ['may 5', { month: 5, day: 5, year: null }],
    ['Decoding 31', null],
    ['31 Dec', null],
    ['Dec 31 3', null],
    ['Dec', null],
  ])('%s', (text, date) => {
    expect(readPrintedDate(text)).toEqual(date);
  });
});

describe('full dates in names', () => {
  it.each([
    ['2025-12-31.txt', '2025-12-31'],
    ['digest_20251231.txt', '2025-12-31'],
    ['https://host.example.org/api?date=2025-12-31&p=0', '2025-12-31'],
    ['papers.2025.12.31.md', '2025-12-31'],
    ['000_1199779785982c73.txt', null],
    ['a20251231b.txt', null],
    ['120251231.txt', null],
    ['2025-13-31.txt', null],
    ['2025-02-30 or 2025-02-28.txt', '2025-02-28'],
    ['2025-1231.txt', null],
  ])('%s', (name, date) => {
    expect(fullDateIn(name)).toBe(date);
  });
});

describe('the list day', () => {
  const day = (header: string | null, options: { name?: string; on?: string; entries?: string[]; at?: Date } = {}) =>
    listDay(header === null ? null : printed(header), (options.entries ?? []).map(printed), {
      name: options.name ?? 'capture.txt',
      on: options.on,
      fetchedAt: options.at ?? NOON,
    });

  it.each<[string, string | null, Parameters<typeof day>[1], string]>([
    ['the day given wins', 'Mar 12', { on: '2025-03-12', name: '2024-03-12.txt' }, '2025-03-12'],
    ['the date in the name wins over the fetch time', 'Mar 12', { name: '2024-03-12.txt' }, '2024-03-12'],
    [
      'a capture named for a later day takes its nearest past',
      'Dec 31',
      { name: 'saved-2024-01-03.txt' },
      '2023-12-31',
    ],
    ['a year in the header counts', 'Mar 12, 2025', { name: '2024-01-01.txt' }, '2025-03-12'],
    ['else the nearest past of the fetch time', 'Dec 31', {}, '2025-12-31'],
    ['today is past', 'Nov 22', {}, '2026-11-22'],
    ['tomorrow is past somewhere', 'Nov 23', {}, '2026-11-23'],
    ['the day after tomorrow is last year', 'Nov 24', {}, '2025-11-24'],
    ['a leap day goes back to a leap year', 'Feb 29', {}, '2024-02-29'],
    ['without a header the name tells', null, { name: '2025-12-31.txt' }, '2025-12-31'],
  ])('%s', (_, header, options, expected) => {
    expect(day(header, options).digestOn).toBe(expected);
  });

  it('when the printed years end in the year before, then all agrees', () => {
    expect(day('Dec 31', { entries: ['Dec 8', 'Apr 14, 2024', 'Nov 26, 2019'] })).toEqual({
      digestOn: '2025-12-31',
      problems: [],
    });
  });

  it('when the printed years end earlier, then the fetch time decides and doubt is noted, but not where the name says the day', () => {
    expect(day('Dec 31', { entries: ['Apr 14, 2022'] })).toEqual({
      digestOn: '2025-12-31',
      problems: ['the printed years end in 2022: the list may be of 2023; taken as 2025, give --on if not'],
    });
    expect(day('Dec 31', { name: '2025-12-31.txt', entries: ['Apr 14, 2022'] }).problems).toEqual([]);
  });

  it('when a paper bears a year that the list cannot lie after, then nothing is guessed', () => {
    expect(() => day('Dec 31', { entries: ['Jan 3, 2026'] })).toThrow(
      /cannot tell the year .* expected .* --on YYYY-MM-DD/,
    );
    expect(day('Dec 31', { entries: ['Dec 3, 2025'] }).problems).toHaveLength(1);
    expect(day('Dec 31', { name: '2025-12-31.txt', entries: ['Jan 3, 2026'] }).problems).toHaveLength(1);
  });

  it('when the day given is another than the page shows, then that is noted', () => {
    expect(day('Dec 31', { on: '2025-12-30' })).toEqual({
      digestOn: '2025-12-30',
      problems: ['the page shows month 12, day 31; 2025-12-30 was given'],
    });
  });

  it('when nothing tells the day, then the error says what would', () => {
    expect(() => day(null)).toThrow(/capture\.txt: no list day; expected .*--on/);
    expect(() => day('Feb 30')).toThrow(/no day of the calendar/);
  });
});

describe('the day of an entry', () => {
  it.each([
    ['Dec 8', '2025-12-31', '2025-12-08', null],
    ['Apr 14, 2024', '2025-12-31', '2024-04-14', null],
    ['Dec 31', '2026-01-05', '2025-12-31', /taken as the year before/],
    ['Jan 6, 2026', '2026-01-05', '2026-01-06', /after the list day/],
    ['Feb 30', '2026-03-05', null, /no such date/],
  ])('%s on %s is %s', (text, digestOn, publishedOn, problem) => {
    const day = entryDay(printed(text), digestOn);
    expect(day.publishedOn).toBe(publishedOn);
    if (problem) expect(day.problem).toMatch(problem);
    else expect(day.problem).toBeNull();
  });
});

it('tells dates of the calendar from others', () => {
  expect(['2024-02-29', '2025-02-29', '2025-2-9', '0000-01-01', 'x'].map(isDate)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
