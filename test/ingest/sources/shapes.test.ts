import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';
import { sharedPath } from '../../support/shared.ts';

const inputs = sharedPath('data', 'sources', 'inputs');
const parse = (name: string) =>
  parseCapture(readFileSync(join(inputs!, name)), { name, fetchedAt: new Date('2026-11-28T10:00:00Z') });

const KITES = 'Kites over clusters';
const STUDY = /^We study how kites keep clusters of balloons aloft in uneven wind, and report .* measurement\.$/;
const PAIRS = ['A. Quill', 'B. C. Reed', 'K. van Dorn'];
/** What a plain reading finds: list day, number of papers, and what the first says. */
const READ: Record<string, [digestOn: string, entries: number, first: object]> = {
  '01-go-numeric.xml': [
    '2026-11-20',
    1,
    {
      title: "Kites-o: A Family of Fully Open Kite Models-Architecture, Training and Data's Role",
      abstract: /^We don't need "long" tails — We study/,
      arxivId: '2611.09568',
    },
  ],
  '02-biorxiv-rdf.xml': [
    '2026-11-19',
    3,
    { title: 'Kites and clusters in tissue 11', abstract: STUDY, authors: PAIRS, doi: '10.64898/2026.11.11.726311' },
  ],
  '03-pubmed.xml': [
    '2026-11-19',
    2,
    {
      title: 'Kite therapy in clusters 1: a cohort study',
      abstract: /^BACKGROUND: We study .* measurement\.$/,
      authors: ['Ada Quill', 'Bo C Reed', 'Klaas van Dorn'],
      doi: '10.1093/kite/ick111',
    },
  ],
  '03b-pubmed-nodate.xml': ['2026-11-19', 2, { publishedOn: '2026-11-19', doi: '10.1093/kite/ick111' }],
  '05-acs.xml': [
    '2026-11-20',
    1,
    {
      title: 'Tails only',
      abstract: '',
      authors: ['Yan Quill', 'Guang Reed', 'Ji Ho Park'],
      doi: '10.1021/jkcs.5c22299',
    },
  ],
  '06-arxiv-authors.xml': [
    '2026-11-20',
    2,
    { authors: ['Ada Quill', 'Bo Reed Jr.', 'Klaas van der Dorn', 'the KITE Collaboration'], arxivId: '2611.00001' },
  ],
  '08a-win1251.xml': ['2026-11-20', 1, { title: 'Воздушные змеи над скоплениями' }],
  '08c-latin1.xml': ['2026-11-20', 1, { title: 'Über Drachen und Käfige: Poincaré' }],
  '09-leading-blank.xml': ['2026-11-20', 1, { title: KITES, abstract: STUDY, arxivId: '2611.00001' }],
  '09c-bom.xml': ['2026-11-20', 1, { title: KITES, abstract: STUDY, arxivId: '2611.00001' }],
  '09d-utf16.xml': ['2026-11-20', 1, { title: KITES, abstract: STUDY, arxivId: '2611.00001' }],
  '10-bare-amp.xml': ['2026-11-20', 1, { title: 'Kites & Clusters', url: 'https://example.org/a?x=1&y=2' }],
  '12a-netscape-dtd.xml': ['2026-11-20', 1, { title: KITES, authors: ['Bo Reed'] }],
  '12d-inner-entity.xml': ['2026-11-20', 1, { title: 'Kites over clusters' }],
  '16-many-builtin.xml': ['2026-11-20', 20, { abstract: /^kite & cluster wind kite & cluster wind/ }],
  '17-atom-titles.xml': ['2026-11-20', 2, { title: KITES, abstract: STUDY, publishedOn: '2026-11-20' }],
  '18-markup.xml': [
    '2026-11-20',
    3,
    {
      title: 'Escherichia coli makes H₂O kites',
      abstract: /^Background: We study .* measurement\. CO₂ in vivo$/,
    },
  ],
  '19-relative.xml': ['2026-11-20', 1, { url: 'https://example.org/papers/1' }],
  '20a-date.xml': ['2026-11-28', 1, { publishedOn: null }],
  '20b-date.xml': ['2026-11-20', 1, { publishedOn: '2026-11-20' }],
  '20d-date.xml': ['2026-11-20', 1, { publishedOn: '2026-11-20' }],
  '20e-date.xml': ['2026-11-20', 1, { publishedOn: '2026-11-20' }],
  '20g-date.xml': ['2026-11-20', 1, { publishedOn: '2026-11-20' }],
  '20i-date.xml': ['2026-11-20', 1, { publishedOn: '2026-11-20' }],
  '20z-no-channel-date.xml': ['2026-11-20', 1, { publishedOn: '2026-11-20' }],
  // Its day has not come: its health holds it.
  '21-future.xml': ['2099-11-20', 1, { title: 'Kites over clusters in the future' }],
  '22-jsonfeed.json': [
    '2026-11-20',
    1,
    { title: KITES, abstract: STUDY, authors: ['Ada Quill'], arxivId: '2611.00001' },
  ],
  '23-biorxiv-api.json': [
    '2026-11-20',
    2,
    {
      authors: PAIRS,
      doi: '10.64898/2026.11.11.726321',
      publishedOn: '2026-11-09',
      organization: { name: 'Lakeside University', slug: 'Lakeside University' },
    },
  ],
  '24b-hf-week.json': ['2026-11-20', 40, { authors: ['Ada Quill'], authorCount: 1 }],
  '24d-hf-nulls.json': ['2026-11-20', 11, { title: 'Kites over clusters, part 1', authors: [], authorCount: null }],
  '25a-hf.html': ['2026-11-20', 2, { title: 'Kites over clusters, part 1', authors: ['Ada Quill'] }],
  '25b-hf-swapped.html': ['2026-11-20', 2, { title: 'Kites over clusters, part 1', authors: ['Ada Quill'] }],
  '25e-section.html': ['2026-11-20', 2, { title: 'Kites over clusters, part 1', authors: ['Ada Quill'] }],
  '26-openreview.json': ['2026-11-20', 1, { title: KITES, authors: ['Ada Quill', 'Bo Reed'], abstract: STUDY }],
  '35-arxiv-withdrawn.xml': ['2026-11-20', 1, { title: 'Kites fine', arxivId: '2611.00010' }],
  // Papers of 2020 in today's answer: read as they are, and no news by their own dates.
  '36-arxiv-2020-papers.xml': ['2026-11-20', 10, { publishedOn: '2020-12-10', arxivId: '2012.01000' }],
  'arx.xml': ['2026-12-03', 1, { arxivId: '2611.00777', doi: '10.1145/3000777', authors: ['Ada Quill', 'Bo Reed'] }],
  'bioxcreators.xml': ['2026-11-20', 1, { authors: PAIRS }],
  'jour.xml': ['2026-12-01', 1, { doi: '10.1038/s4-1' }],
  'pre-v2.xml': ['2026-12-02', 1, { doi: '10.64898/2026.11.12.72631' }],
  'pre.xml': ['2026-11-30', 1, { doi: '10.64898/2026.11.12.72631' }],
};
/** What is refused, and the reason that is said. */
const REFUSED: Record<string, RegExp> = {
  '12b-parameter-entity.xml': /no feed \(Invalid entity name %\)/,
  '12c-external-entity.xml': /no feed \(External entities are not supported\)/,
  '14-proto.xml': /no feed \(.*__proto__/,
  '15-deep.xml': /no feed \(Maximum nested tags exceeded\)/,
  '24a-hf-error.json': /the server tells of an error \(Invalid date: expected a date not later than today\)/,
  '24e-hf-mixed-html-524.json': /a web page titled «504 Gateway Time-out» without a list of papers/,
  '25d-challenge.html': /a web page titled «Just a moment\.\.\.» without a list of papers/,
};

describe.skipIf(!inputs || !existsSync(inputs))('inputs in the shapes that real sources have', () => {
  it('when the inputs are listed, then each has what is expected of it', () => {
    expect([...Object.keys(READ), ...Object.keys(REFUSED)].sort()).toEqual(readdirSync(inputs!).sort());
  });

  it.each(Object.entries(READ))(
    'when %s is read, then its papers are what stands in it',
    (name, [digestOn, count, first]) => {
      const digest = parse(name);
      expect([digest.digestOn, digest.entries.length]).toEqual([digestOn, count]);
      const matching = Object.fromEntries(
        Object.entries(first).map(([key, value]: [string, unknown]) => [
          key,
          value instanceof RegExp ? expect.stringMatching(value) : value,
        ]),
      );
      expect(digest.entries[0]).toMatchObject(matching);
      for (const { title, abstract } of digest.entries)
        expect(`${title} ${abstract}`).not.toMatch(/&#?\w{1,8};|<\/?[a-z]+>|\uFFFD|Announce Type|PMID/);
    },
  );

  it.each(Object.entries(REFUSED))(
    'when %s is read, then the reason names it and what was expected',
    (name, reason) => {
      expect(() => parse(name)).toThrow(reason);
      expect(() => parse(name)).toThrow(new RegExp(`^${name.replaceAll('.', '\\.')}: .*expected`));
    },
  );
});
