import { expect, test } from 'vitest';
import {
  hostOf,
  isDue,
  later,
  periodMs,
  retryAfterMs,
  retryMs,
  sooner,
  staysAway,
} from '../../../src/ingest/asking/pace.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test.each([
  ['https://rss.arxiv.org/rss/cs.CL', { name: 'arxiv.org', restMs: 3_000, oneService: true }],
  ['http://export.arxiv.org./api/query', { name: 'arxiv.org', restMs: 3_000, oneService: true }],
  ['https://ARXIV.org/list', { name: 'arxiv.org', restMs: 3_000, oneService: true }],
  ['https://api.medrxiv.org/details', { name: 'biorxiv.org', restMs: 1_000, oneService: true }],
  ['https://notarxiv.org/rss', { name: 'notarxiv.org', restMs: 1_000, oneService: false }],
  ['https://arxiv.org.example.net/', { name: 'arxiv.org.example.net', restMs: 1_000, oneService: false }],
  ['https://lists.example.org:8443/', { name: 'lists.example.org:8443', restMs: 1_000, oneService: false }],
  ['http://127.0.0.1:9/', { name: '127.0.0.1:9', restMs: 0, oneService: false }],
  ['http://[::1]/', { name: '[::1]', restMs: 0, oneService: false }],
])('%s belongs to a host that wants to be asked so', (url, host) => {
  expect(hostOf(new URL(url))).toEqual(host);
});

test.each([
  ['120', {}, 120_000],
  ['0', {}, 0],
  [' 3600 ', {}, HOUR_MS],
  ['9999999', {}, 24 * HOUR_MS],
  ['Fri, 20 Nov 2026 13:00:00 GMT', {}, HOUR_MS],
  ['Friday, 20-Nov-26 13:00:00 GMT', {}, HOUR_MS],
  ['Fri Nov 20 13:00:00 2026', {}, HOUR_MS],
  ['Fri, 20 Nov 2026 11:00:00 GMT', {}, 0],
  ['Wed, 20 Nov 2030 11:00:00 GMT', {}, 24 * HOUR_MS],
  // By the server's own clock, an hour ahead of ours.
  ['Fri, 20 Nov 2026 13:02:00 GMT', { date: 'Fri, 20 Nov 2026 13:00:00 GMT' }, 2 * MINUTE_MS],
  ['-5', {}, null],
  ['12.5', {}, null],
  ['soon', {}, null],
  ['Someday, sooner or later', {}, null],
  ['', {}, null],
])('Retry-After: %s is so many milliseconds', (text, headers, ms) => {
  expect(retryAfterMs(new Headers({ 'retry-after': text, ...headers }), NOW)).toBe(ms);
});

test('when nobody says, then it is the half hour, for lists of past days six, and a doubling minute after what failed', () => {
  const url = new URL('https://lists.example.org/');
  expect([null, 0, 1, 2, 4].map((days) => periodMs(url, days) / HOUR_MS)).toEqual([0.5, 0.5, 0.5, 6, 6]);
  expect([1, 2, 3, 4, 5, 6, 40].map((failures) => retryMs(url, failures) / MINUTE_MS)).toEqual([
    1, 2, 4, 8, 16, 30, 30,
  ]);
  expect([periodMs(new URL('http://127.0.0.1/'), 3), retryMs(new URL('http://localhost/'), 9)]).toEqual([0, 0]);
});

test('when waits are spread, then nobody comes later than the period, nor sooner than told', () => {
  expect([0, 0.5, 1].map((by) => sooner(30 * MINUTE_MS, by) / MINUTE_MS)).toEqual([30, 28.5, 27]);
  expect([0, 0.5, 1].map((by) => later(HOUR_MS, by) / MINUTE_MS)).toEqual([60, 60.5, 61]);
  const spread = new Set(Array.from({ length: 50 }, () => sooner(30 * MINUTE_MS)));
  expect(spread.size).toBeGreaterThan(40);
});

test('when the clock was set back by more than the period, then what was asked in the future is due', () => {
  expect(isDue(undefined, NOW)).toBe(true);
  expect(isDue({ askedAt: at(-MINUTE_MS), dueAt: at(1) }, NOW)).toBe(false);
  expect(isDue({ askedAt: at(-MINUTE_MS), dueAt: NOW }, NOW)).toBe(true);
  expect(isDue({ askedAt: at(24 * HOUR_MS), dueAt: at(25 * HOUR_MS) }, NOW)).toBe(true);
});

test('when an address of a source asked us to stay away, then it does, and no longer than a day', () => {
  expect(staysAway([{ retryAt: null }, { retryAt: at(HOUR_MS) }], NOW)).toBe(true);
  expect(staysAway([{ retryAt: at(-1) }], NOW)).toBe(false);
  expect(staysAway([{ retryAt: at(30 * 24 * HOUR_MS) }], NOW)).toBe(false);
});
