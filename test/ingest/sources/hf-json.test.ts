import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';
import { sourceHealth } from '../../../src/ingest/source-health.ts';
import { sharedPath } from '../../support/shared.ts';
import { hfAnswer } from '../../world/captures.ts';

const FETCHED = new Date('2026-11-22T12:00:00Z');
const parse = (json: unknown, name = 'answer', on?: string) =>
  parseCapture(Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)), { name, on, fetchedAt: FETCHED });
const [whole] = JSON.parse(hfAnswer('2026-11-20', [{ title: 'Kites', arxivId: '2611.04321' }])) as Record<
  string,
  unknown
>[];
const withPaper = (change: Record<string, unknown>) => ({
  ...whole,
  paper: { ...(whole!.paper as object), ...change },
});

const malformed = sharedPath('data', 'digests', 'hf-json-malformed');
const archive = sharedPath('data', 'digests', 'hf-json');

/** A list that some program wrote down in Python's own spelling, each paper as one text. */
const WRITTEN_BY_PYTHON = ["{'paper': {'id': '2611.04321', 'title': 'Kites'}, 'numComments': None}"];
const broken: [string, Buffer][] = [
  ['written-by-python.json', Buffer.from(JSON.stringify(WRITTEN_BY_PYTHON))],
  ...(malformed ? readdirSync(malformed) : []).map((name): [string, Buffer] => [
    name,
    readFileSync(join(malformed!, name)),
  ]),
];

it.each(broken)('when %s is read, then the error says what its elements are', (name, bytes) => {
  expect(() => parseCapture(bytes, { name, fetchedAt: FETCHED })).toThrow(
    /none of the \d+ elements is a paper \(the first is text «\{'paper'.*expected an array of objects/,
  );
});

describe.skipIf(!archive)('22 archived days', () => {
  it('when they are read one after the other, then each is fresh, of its day, and without a warning', () => {
    const known: Parameters<typeof sourceHealth>[1] = [];
    for (const name of readdirSync(archive!).sort()) {
      const digest = parseCapture(readFileSync(join(archive!, name)), { name: 'answer', fetchedAt: FETCHED });
      expect([digest.digestOn, digest.warnings]).toEqual([name.slice(0, 10), []]);
      expect([name, sourceHealth(digest, known)]).toEqual([name, { verdict: 'fresh', reasons: [], why: [] }]);
      known.push({ digestOn: digest.digestOn, titleKeys: digest.entries.map((entry) => entry.title), trusted: true });
    }
  });
});

describe('the day of an answer', () => {
  it.each<[string, unknown, string, string | undefined, string]>([
    [
      'most papers were listed on',
      [whole, whole, withPaper({ submittedOnDailyAt: '2026-11-19T00:00:00Z' })],
      'answer',
      undefined,
      '2026-11-20',
    ],
    ['was given', [whole], 'answer', '2026-11-21', '2026-11-21'],
    [
      'the URL asked for',
      [withPaper({ submittedOnDailyAt: undefined })],
      'https://hf.example.org/?date=2026-11-18',
      undefined,
      '2026-11-18',
    ],
    [
      'the wrapper states',
      { status: 'success', date: '2026-11-17', data: [withPaper({ submittedOnDailyAt: 'soon' })] },
      'answer',
      undefined,
      '2026-11-17',
    ],
    ['it was fetched on, where the list is empty', [], 'answer', undefined, '2026-11-22'],
  ])('is the day %s', (_, json, name, on, expected) => {
    expect(parse(json, name, on).digestOn).toBe(expected);
  });

  it('when nothing tells it, then the error says what would', () => {
    expect(() => parse([withPaper({ submittedOnDailyAt: null })])).toThrow(/no list day; expected submittedOnDailyAt/);
  });
});

describe('fields that drift', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['no authors', { authors: [] }, { authors: [], authorCount: null }],
    ['authors left out', { authors: undefined }, { authors: [], authorCount: null }],
    ['authors without names', { authors: [{ name: 'Ada' }, {}, { name: 7 }] }, { authors: ['Ada'], authorCount: 3 }],
    ['authors of another kind', { authors: 'Ada' }, { authors: [], authorCount: null }],
    ['upvotes as text', { upvotes: '12' }, { upvotes: null }],
    ['no date', { publishedAt: undefined }, { publishedOn: null }],
    ['a versioned id', { id: '2611.04321v2' }, { arxivId: '2611.04321' }],
    ['an id of another kind', { id: 'sample-1' }, { arxivId: null, url: null, discussionUrl: null }],
    ['code at an odd address', { githubRepo: 'javascript:alert(1)' }, { codeUrl: null }],
    ['stars of code', { githubRepo: 'https://code.example.org/x', githubStars: 7 }, { stars: 7 }],
    ['stars of nothing', { githubStars: 7 }, { stars: null }],
    ['stars that are no number', { githubRepo: 'https://code.example.org/x', githubStars: '7' }, { stars: null }],
    ['code', { githubRepo: 'https://code.example.org/x' }, { codeUrl: 'https://code.example.org/x' }],
    [
      'an organisation',
      { organization: { name: 'ShanghaiAiLab', fullname: 'shanghai ailab ' } },
      { organization: { slug: 'ShanghaiAiLab', name: 'shanghai ailab' } },
    ],
    [
      'an organisation without full name',
      { organization: { name: 'kelp' } },
      { organization: { slug: 'kelp', name: 'kelp' } },
    ],
    ['white space in the title', { title: ' Kites\n  over\tClusters ' }, { title: 'Kites over Clusters' }],
  ])('when there is %s, then the rest is read all the same', (_, change, expected) => {
    expect(parse([withPaper(change)]).entries[0]).toMatchObject({ position: 1, ...expected });
  });

  it('when one element is no paper, then the others are read and a warning names it', () => {
    const digest = parse([whole, 'oops', whole]);
    expect(digest.entries.map((entry) => entry.title)).toEqual(['Kites', '', 'Kites']);
    expect(digest.warnings).toContainEqual({ position: 2, field: 'paper', problem: 'not an object with a «paper»' });
  });
});
