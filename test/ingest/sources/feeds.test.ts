import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';
import { sourceHealth } from '../../../src/ingest/source-health.ts';
import { titleKey } from '../../../src/model/paper.ts';
import { sharedPath } from '../../support/shared.ts';
import { cpuMsOf } from '../../support/cpu.ts';

const FETCHED = new Date('2026-11-22T12:00:00Z');
const parse = (text: string | Uint8Array, name = 'feed.xml') =>
  parseCapture(typeof text === 'string' ? Buffer.from(text) : text, { name, fetchedAt: FETCHED });

const item = (id: string, type: string, more = '') => `
  <item>
    <title>Kelp &amp; Clusters, $a &lt; b$ ${id}</title>
    <link>https://arxiv.org/abs/${id}</link>
    <description>arXiv:${id}v1 Announce Type: ${type}
Abstract: We grow kelp
over clusters where $a &lt; b$.</description>
    <guid isPermaLink="false">oai:arXiv.org:${id}v1</guid>
    <category>cs.AI</category>
    <pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>
    <arxiv:announce_type>${type}</arxiv:announce_type>
    <dc:creator>Ada Quill (Lakeside, Room 3), Bo Reed</dc:creator>${more}
  </item>`;
const rss = (items: string, title = 'cs.AI updates on arXiv.org') => `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel><title>${title}</title><pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>${items}
  </channel>
</rss>`;

describe('an arXiv feed', () => {
  it('when it announces new and cross-listed papers and replacements, then replacements are left out', () => {
    const digest = parse(
      rss(
        item('2611.00001', 'new') +
          item('2611.00002', 'replace') +
          item('2611.00003', 'cross', '<arxiv:DOI>10.1000/ABC.1</arxiv:DOI>') +
          item('2611.00004', 'replace-cross'),
      ),
    );
    expect(digest.digestOn).toBe('2026-11-20');
    expect(digest.warnings).toEqual([]);
    expect(digest.entries.map((entry) => [entry.position, entry.arxivId, entry.doi])).toEqual([
      [1, '2611.00001', null],
      [2, '2611.00003', '10.1000/abc.1'],
    ]);
    expect(digest.entries[0]).toMatchObject({
      title: 'Kelp & Clusters, $a < b$ 2611.00001',
      abstract: 'We grow kelp over clusters where $a < b$.',
      authors: ['Ada Quill', 'Bo Reed'],
      authorCount: 2,
      publishedOn: '2026-11-20',
      url: 'https://arxiv.org/abs/2611.00001',
      upvotes: null,
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'tells of an error in its title',
      rss('', 'Feed error for query: cs.XX'),
      /tells of an error \(Feed error for query: cs\.XX\); expected a list of papers/,
    ],
    [
      'is cut',
      rss(item('2611.00001', 'new')).slice(0, 700),
      /broken XML \(line \d+: .*\); expected an RSS or Atom feed/,
    ],
    ['is no feed', '<?xml version="1.0"?><html><body/></html>', /XML that is no feed; expected RSS/],
  ])('when it %s, then the error says so', (_, xml, message) => {
    expect(() => parse(xml)).toThrow(message);
  });

  it('when it tells no day, then its newest item does, else the day of the fetch, with a word', () => {
    const undated = (xml: string) => xml.replace(/<pubDate>.*?<\/pubDate>/, '');
    expect(parse(undated(rss(item('2611.00001', 'new'))))).toMatchObject({ digestOn: '2026-11-20', warnings: [] });
    expect(parse(undated(rss('')))).toMatchObject({
      digestOn: '2026-11-22',
      warnings: [{ field: 'digestOn', problem: 'the feed tells no day; taken as the day it was fetched' }],
    });
  });

  it('when it is empty, then it is a quiet day: a week-end or a holiday; another feed without entries is broken', () => {
    expect(sourceHealth(parse(rss('')), []).verdict).toBe('quiet');
    expect(sourceHealth(parse(rss('').replace('Fri, 20', 'Sat, 21')), []).verdict).toBe('quiet');
    expect(sourceHealth(parse(rss('').replaceAll('arXiv', 'kelp').replaceAll('arxiv', 'kelp')), []).verdict).toBe(
      'broken',
    );
  });

  it('when it hides a bomb of entities, then nothing explodes', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [${Array.from({ length: 30 }, (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(20)}">`).join('')}]><rss><channel><title>&e30;</title></channel></rss>`;
    expect(cpuMsOf(() => expect(() => parse(bomb)).toThrow(/^feed\.xml: .*expected/))).toBeLessThan(2_000);
  });
});

const arxiv = sharedPath('data', 'digests', 'arxiv');
describe.skipIf(!arxiv)('real answers of arXiv', () => {
  const read = (name: string) => parse(readFileSync(join(arxiv!, name)), name);
  const names = arxiv ? readdirSync(arxiv) : [];

  it.each(names.filter((name) => !name.includes('id_abc')))(
    'when %s is read, then every field is well formed',
    (name) => {
      const { entries, warnings, digestOn } = read(name);
      expect(warnings).toEqual([]);
      expect(digestOn).toBe(/\d{4}-\d{2}-\d{2}/.exec(name)?.[0] ?? '2026-04-12');
      const expected = /id_0000|id_0808/.test(name)
        ? 0
        : name.includes('_id_')
          ? 1
          : name.includes('-id_')
            ? 1
            : name.includes('rss-cs')
              ? 3
              : name.includes('atom-cs')
                ? 7
                : Number(/_m(\d+)_/.exec(name)![1]);
      expect(entries).toHaveLength(expected);
      for (const entry of entries) {
        expect(entry.arxivId).toMatch(/^(\d{4}\.\d{4,5}|[a-z-]+\/\d{7})$/);
        expect(entry.authors.length).toBeGreaterThan(0);
        expect(entry.abstract).not.toMatch(/^arXiv:|Announce Type|^Abstract:/);
        expect(entry.publishedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      }
    },
  );

  it('when the API answers with an error, then the error is passed on', () => {
    expect(() => read(names.find((name) => name.includes('id_abc'))!)).toThrow(
      /tells of an error \(incorrect id format for abc\)/,
    );
  });
});

const others = sharedPath('data', 'digests', 'rss');
describe.skipIf(!others)('feeds that others make of the daily list', () => {
  it('when five days are read in turn, then fields are found and the week-end repeats are stale', () => {
    const known: Parameters<typeof sourceHealth>[1] = [];
    const verdicts = readdirSync(others!)
      .sort()
      .map((name) => {
        const digest = parse(readFileSync(join(others!, name)), name);
        expect(digest.warnings).toEqual([]);
        for (const entry of digest.entries) {
          expect([entry.arxivId, entry.upvotes, entry.authors.length > 0, entry.abstract.length > 200]).toEqual([
            expect.any(String),
            expect.any(Number),
            true,
            true,
          ]);
          expect(entry.abstract).not.toMatch(/<\/?p>|&lt;|Summary:/);
        }
        const { verdict } = sourceHealth(digest, known);
        known.push({
          digestOn: digest.digestOn,
          titleKeys: digest.entries.map((entry) => titleKey(entry.title)),
          trusted: true,
        });
        return [digest.digestOn, verdict];
      });
    expect(verdicts.at(-1)).toEqual(['2025-12-14', 'stale']);
    expect(verdicts[0]).toEqual(['2025-12-10', 'fresh']);
  });
});
