import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';
import { sharedPath } from '../../support/shared.ts';

interface TruthEntry {
  n: number;
  title: string;
  abstract: string;
  authorCount: number | null;
  organisation: { slug: string; name: string } | null;
  published: string | null;
  comments: number | null;
}

const FETCHED = new Date('2026-11-22T10:00:00Z');
const seeds = sharedPath('seeds', 'seeds-truth.json');
const pageText = sharedPath('data', 'digests', 'page-text');
const hfJson = sharedPath('data', 'digests', 'hf-json');
const DAYS = ['2025-03-12', '2025-12-01', '2025-12-12', '2025-12-15', '2025-12-31', '2026-01-05'];

describe.skipIf(!seeds)('the two real digests', () => {
  const truth = seeds
    ? (JSON.parse(readFileSync(seeds, 'utf8')) as {
        digests: { file: string; digestDate: string; entries: TruthEntry[] }[];
      })
    : { digests: [] };

  it.each(truth.digests.map((digest) => [digest.file, digest] as const))(
    'when %s is read, every field of every entry is as checked by hand',
    (file, expected) => {
      const digest = parseCapture(readFileSync(sharedPath('seeds', file)!), { name: file, fetchedAt: FETCHED });
      expect(digest.digestOn).toBe(expected.digestDate);
      expect(digest.entries.map(shownFields)).toEqual(expected.entries.map(truthFields));
      for (const entry of digest.entries)
        expect(entry).toMatchObject({ arxivId: null, upvotes: null, url: null, doi: null, authors: [] });
      expect(digest.warnings.filter((warning) => warning.field !== 'byline')).toEqual([]);
      expect(digest.warnings).toHaveLength(3);
    },
  );

  it.each<[string, (text: string) => string]>([
    ['the dot stands before the date', (text) => text.replaceAll('\n·\n', '\n· ')],
    ['the dot stands behind who wrote it', (text) => text.replaceAll('\n·\n', ' ·\n')],
    ['a mark of direction stands before the dot', (text) => text.replaceAll('\n·\n', '\n\u200e·\n')],
    ['comments stand below the date', (text) => text.replaceAll(/(\n·\n\w{3} \d+(?:, \d{4})?) (\d+)$/gm, '$1\n$2')],
  ])('when %s, then every field is the same', (_, change) => {
    for (const { file } of truth.digests) {
      const text = readFileSync(sharedPath('seeds', file)!, 'utf8');
      const read = (some: string) => parseCapture(Buffer.from(some), { name: file, fetchedAt: FETCHED });
      expect(change(text)).not.toBe(text);
      expect(read(change(text))).toEqual(read(text));
    }
  });

  it('when one follows the other in a file, then it is refused; when it follows itself, then each paper is told once', () => {
    const [first = '', second = ''] = truth.digests.map(({ file }) => readFileSync(sharedPath('seeds', file)!, 'utf8'));
    const read = (text: string) => parseCapture(Buffer.from(text), { name: 'seeds.txt', fetchedAt: FETCHED });
    expect(() => read(`${first}\n${second}`)).toThrow(/two lists in one file/);
    const known = read(first).entries.map(shownFields);
    expect(read(first + first).entries.map(shownFields)).toEqual(known);
    expect(read(`${first}\n${first.slice(0, first.length / 3)}`).entries.map(shownFields)).toEqual(known);
  });

  it('when both are read, there are 87 entries', () => {
    expect(truth.digests.reduce((sum, digest) => sum + digest.entries.length, 0)).toBe(87);
  });
});

describe.skipIf(!pageText)('six more days in the same layout', () => {
  it.each(DAYS)('when %s is read, the fields that the text shows are as the source gave them', (day) => {
    const expected = JSON.parse(
      readFileSync(sharedPath('data', 'digests', 'page-text', `${day}.truth.json`)!, 'utf8'),
    ) as { entries: TruthEntry[] };
    const bytes = readFileSync(sharedPath('data', 'digests', 'page-text', `${day}.txt`)!);
    const digest = parseCapture(bytes, { name: 'capture.txt', on: day, fetchedAt: FETCHED });
    expect(digest.digestOn).toBe(day);
    expect(digest.entries.map(shownFields)).toEqual(expected.entries.map(truthFields));
    expect(parseCapture(bytes, { name: `${day}.txt`, fetchedAt: FETCHED }).digestOn).toBe(day);
  });
});

describe.skipIf(!hfJson || !pageText)('raw answers of the daily_papers API', () => {
  it.each(['2025-12-01', '2025-12-12', '2025-12-15'])('when %s is read, it agrees with the page of that day', (day) => {
    const expected = JSON.parse(
      readFileSync(sharedPath('data', 'digests', 'page-text', `${day}.truth.json`)!, 'utf8'),
    ) as {
      entries: (TruthEntry & { upvotes: number; arxivId: string })[];
    };
    const digest = parseCapture(readFileSync(sharedPath('data', 'digests', 'hf-json', `${day}.json`)!), {
      name: 'answer',
      fetchedAt: FETCHED,
    });
    expect(digest.digestOn).toBe(day);
    expect(
      digest.entries.map(({ title, abstract, organization, publishedOn, comments, upvotes, arxivId }) => ({
        title,
        abstract,
        organization,
        publishedOn,
        comments,
        upvotes,
        arxivId,
      })),
    ).toEqual(
      expected.entries.map((entry) => ({
        title: entry.title,
        abstract: entry.abstract,
        organization: entry.organisation,
        publishedOn: entry.published,
        comments: entry.comments,
        upvotes: entry.upvotes,
        arxivId: entry.arxivId,
      })),
    );
    expect(digest.warnings).toEqual([]);
  });
});

function shownFields(entry: ReturnType<typeof parseCapture>['entries'][number]) {
  const { position, title, abstract, authorCount, organization, publishedOn, comments } = entry;
  return { position, title, abstract, authorCount, organization, publishedOn, comments };
}

function truthFields(entry: TruthEntry) {
  const { n, title, abstract, authorCount, organisation, published, comments } = entry;
  return { position: n, title, abstract, authorCount, organization: organisation, publishedOn: published, comments };
}
