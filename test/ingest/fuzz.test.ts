import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { sourceHealth } from '../../src/ingest/source-health.ts';
import { isDate } from '../../src/ingest/sources/list-day.ts';
import { AppError } from '../../src/lib/errors.ts';
import { hfAnswer, page, pubmedAnswer } from '../world/captures.ts';
import { cpuMsOf } from '../support/cpu.ts';
import { often } from '../support/thorough.ts';

const samples = readdirSync(join(PACKAGE_ROOT, 'seeds', 'digests')).map((name) =>
  readFileSync(join(PACKAGE_ROOT, 'seeds', 'digests', name)),
);
const FETCHED = new Date('2026-11-22T12:00:00Z');

const PAPER = '<title>Kelp &amp;amp; sand</title><link>https://example.org/1</link>';
/** Feeds of each kind; none of them needs a reference to write its titles' words. */
const FEEDS = [
  `<?xml version="1.0"?><rss version="2.0"><channel><title>Kelp</title><pubDate>Fri, 20 Nov 2026 00:00:00 GMT</pubDate><item>${PAPER}<description>We &lt;i&gt;grow&lt;/i&gt; kelp.</description><guid>1</guid></item><item><title><![CDATA[<b>Sand</b> moves]]></title></item></channel></rss>`,
  `<feed xmlns="http://www.w3.org/2005/Atom"><updated>2026-11-20T00:00:00Z</updated><entry><id>urn:1</id><title type="html">Kelp &lt;i&gt;forests&lt;/i&gt;</title><summary>We grow kelp.</summary><author><name>Ada Quill</name></author></entry></feed>`,
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kelp</title></channel><item rdf:about="x">${PAPER}<dc:creator>Quill, A.</dc:creator><dc:date>2026-11-20</dc:date></item></rdf:RDF>`,
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'Kelp',
    items: [{ id: '1', title: 'Kelp and sand', content_text: 'We grow kelp.', date_published: '2026-11-20' }],
  }),
  '{"messages":[],"collection":[{"title":"Kelp and sand","authors":"Quill, A.","doi":"10.1101/2026.11.11.1","date":"2026-11-20","version":"1","abstract":"We grow kelp."}]}',
  pubmedAnswer([
    '<ArticleTitle>Kelp &amp;amp; <i>sand</i></ArticleTitle><Abstract><AbstractText>We grow kelp.</AbstractText></Abstract>',
  ]),
  '{"notes":[{"id":"a","pdate":1795132800000,"content":{"title":{"value":"Kelp and sand"},"abstract":{"value":"We grow."}}}]}',
];

/** The titles that are read from a text; none where it is no digest. */
function titlesIn(text: string): string[] {
  try {
    const { entries } = parseCapture(Buffer.from(text), { name: 'feed.xml', fetchedAt: FETCHED });
    return entries.map(({ title }) => title);
  } catch {
    return [];
  }
}

/** Reads anything; lets through only what the contract allows. */
function readAnything(bytes: Uint8Array, name = 'x.txt'): void {
  let digest;
  try {
    digest = parseCapture(bytes, { name, fetchedAt: FETCHED });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bad-input') throw error;
    expect(error.message).toMatch(/^[^\p{Cc}\p{Surrogate}]*expected[^\p{Cc}\p{Surrogate}]*$/u);
    return;
  }
  expect(isDate(digest.digestOn)).toBe(true);
  for (const [index, entry] of digest.entries.entries()) {
    expect(entry.position).toBe(index + 1);
    for (const text of [entry.title, entry.abstract, ...entry.authors]) {
      expect(text).toBe(text.trim());
      expect(text).not.toMatch(/\s\s|\p{Cc}|\p{Surrogate}/u);
    }
    if (entry.publishedOn !== null) expect(isDate(entry.publishedOn)).toBe(true);
    for (const count of [entry.authorCount, entry.upvotes, entry.comments]) {
      if (count !== null) expect(Number.isInteger(count) && count >= 0 && count < 2 ** 31).toBe(true);
    }
  }
  sourceHealth(digest, []);
}

const line = fc.oneof(
  fc.constantFrom(
    '',
    '·',
    '  • 9 authors',
    '• 1 authors',
    'Berkeley UC Berkeley',
    'Dec 31',
    'Dec 8, 2024 3',
    '9 authors ·',
    '· Dec 8',
    '\u200e·',
    '2',
    'Get trending papers in your email inbox!',
    'Feb 30',
    'Nov 99, 9999 1.9k',
    'Daily Papers',
    'Subscribe',
    '[{',
    '\uFEFF',
    '\u0000',
    '\ud800',
  ),
  fc.string({ maxLength: 400, unit: 'grapheme' }),
  fc.lorem({ maxCount: 60 }),
);

describe('whatever comes in', () => {
  it('when lines of digests and noise are mixed, then the result is well formed or the error is clear', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 80 }), fc.constantFrom('\n', '\r\n', '\n\n'), (lines, eol) =>
        readAnything(Buffer.from(lines.join(eol))),
      ),
      { numRuns: often(1_500, 75) },
    );
  });

  it('when bytes are random, then the error is clear', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => readAnything(bytes)),
      { numRuns: often(500, 50) },
    );
  });

  it('when a real capture is damaged, then the result is well formed or the error is clear', () => {
    const damage = fc.record({
      sample: fc.nat(samples.length - 1),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(5000),
      put: fc.uint8Array({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(damage, ({ sample, from, length, put }) => {
        const whole = samples[sample]!;
        const at = Math.floor(from * whole.length);
        readAnything(Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + length)]));
      }),
      { numRuns: often(500, 50) },
    );
  });

  it('when a feed is damaged, then the error is ours, or each word of a title stands in the input', () => {
    const damage = fc.record({
      sample: fc.nat(FEEDS.length - 1),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(60),
      put: fc.oneof(
        fc.constantFrom(
          '<',
          '>',
          '&',
          '&amp;',
          ']]>',
          '<![CDATA[',
          '<item>',
          '</item>',
          '&#0;',
          '&#xD800;',
          '"',
          '<i>',
        ),
        fc.string({ maxLength: 12, unit: 'grapheme' }),
      ),
    });
    fc.assert(
      fc.property(damage, ({ sample, from, length, put }) => {
        const whole = FEEDS[sample]!;
        const at = Math.floor(from * whole.length);
        const text = whole.slice(0, at) + put + whole.slice(at + length);
        readAnything(Buffer.from(text), 'feed.xml');
        const letters = (some: string) => some.normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '');
        for (const word of titlesIn(text).flatMap((title) => title.split(' '))) {
          expect(letters(text)).toContain(letters(word));
        }
      }),
      { numRuns: often(1_500, 75) },
    );
  });

  it('when JSON has any shape, then the result is well formed or the error is clear', () => {
    const paper = fc.record(
      {
        id: fc.anything(),
        title: fc.anything(),
        summary: fc.anything(),
        authors: fc.anything(),
        publishedAt: fc.anything(),
        submittedOnDailyAt: fc.oneof(fc.constant('2026-11-20T00:00:00Z'), fc.anything()),
        upvotes: fc.anything(),
        organization: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const element = fc.oneof(
      fc.record({ paper, title: fc.anything(), numComments: fc.anything() }, { requiredKeys: ['paper'] }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(element, { maxLength: 12 }), (list) => {
        const json = JSON.stringify(list, (_key, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        readAnything(Buffer.from(json), '2026-11-20.json');
      }),
      { numRuns: often(800, 50) },
    );
  });

  it('when a page is written and read, then its papers come back', () => {
    const word = fc.stringMatching(/^[A-Za-z]{3,9}$/);
    const title = fc.array(word, { minLength: 2, maxLength: 12 }).map((words) => words.join(' '));
    const abstract = fc.array(word, { minLength: 50, maxLength: 90 }).map((words) => `${words.join(' ')}.`);
    const papers = fc.array(
      fc.record({
        title,
        abstract,
        who: fc.constantFrom('  • 12 authors', 'kelp Kelp Lab', null),
        date: fc.constantFrom('Nov 3', 'May 9, 2021'),
        comments: fc.option(fc.nat(900), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(papers, (list) => {
        const given = list.map(({ comments, ...paper }) => ({
          ...paper,
          ...(comments === undefined ? {} : { comments }),
        }));
        const { entries } = parseCapture(Buffer.from(page('Nov 20', given)), {
          name: '2026-11-20.txt',
          fetchedAt: FETCHED,
        });
        expect(entries.map((entry) => [entry.title, entry.abstract])).toEqual(
          list.map((paper) => [paper.title, paper.abstract]),
        );
        expect(entries.map((entry) => entry.comments)).toEqual(
          list.map((paper) => (paper.who === null ? null : (paper.comments ?? null))),
        );
      }),
      { numRuns: often(200, 30) },
    );
  });
});

describe('hostile size', () => {
  const megabytes = 5;
  const fill = (text: string) => text.repeat(Math.ceil((megabytes * 1024 * 1024) / text.length));
  const header = 'Daily Papers\n\nNov 20\n\n';
  const reference = cpuMsOf(() =>
    readAnything(
      Buffer.from(
        page(
          'Nov 20',
          Array.from({ length: 4_900 }, (_, index) => ({ title: `Paper number ${index}` })),
        ),
      ),
    ),
  );

  it.each<[string, string]>([
    ['one endless line', header + fill('a')],
    ['endless blanks', header + fill(' ') + 'x'],
    ['blank lines', header + fill('\n')],
    ['dots', header + fill('·\n')],
    ['dots on one line', header + fill('·')],
    ['dates', header + fill('Dec 31\n')],
    ['bylines', header + fill('  • 9 authors\n·\nDec 8\n')],
    ['headers', header + fill('x\nDaily Papers\n\nNov 20\n\n')],
    ['lines of headers', header + fill('Subscribe\n\n') + 'Daily Papers'],
    ['short paragraphs', header + fill('ab\n\n')],
    ['digits', header + fill('1,111') + ' authors'],
    ['blanks before a line end', header + fill('x \t')],
    ['brackets', fill('[')],
    ['quotes', `["${fill('\\"')}`],
    ['numbers', `[${fill('1,')}0]`],
    ['small objects', `[${fill('{"paper":{}},')}0]`],
    ['nested elements', `<?xml version="1.0"?>${fill('<a>')}`],
    ['empty items', `<rss><channel>${fill('<item/>')}</channel></rss>`],
    ['open entities', `<rss><channel><title>${fill('&')}</title></channel></rss>`],
    ['unclosed tags', `<rss><channel>${fill('<item ')}`],
    ['divisions', `<html>${fill('<div data-target="DailyPapers" ')}`],
    ['headings', fill('### [a](/papers/2511.00001)\n')],
    ['broken headings', `### [a](/papers/2511.00001)\n${fill('### [a\nb\n')}`],
    ['long broken headings', `### [a](/papers/2511.00001)\n${fill(`### [a\n${'b\n'.repeat(7)}`)}`],
    ['brackets on one line', `### [a](/papers/2511.00001)\n${fill('[a ')}`],
    ['parentheses', `### [a](/papers/2511.00001)\n${fill('](https://')}`],
    ['digits of dates', header + fill('2026-11-')],
  ])('when 5 MB of %s come, then it takes no longer than twenty times the longest list', (_, text) => {
    expect(cpuMsOf(() => readAnything(Buffer.from(text)))).toBeLessThan(reference * 20 + 500);
  });

  it('when a name is endless, then looking for a date in it ends', () => {
    expect(cpuMsOf(() => readAnything(Buffer.from(header), fill('2026-11-')))).toBeLessThan(reference * 20 + 500);
    expect(cpuMsOf(() => readAnything(Buffer.from(hfAnswer(null, [])), fill('20')))).toBeLessThan(reference * 20 + 500);
  });
});
