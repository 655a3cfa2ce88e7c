import { describe, expect, it } from 'vitest';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';
import { hfAnswer } from '../../world/captures.ts';

const FETCHED = new Date('2026-11-22T12:00:00Z');
const parse = (text: string) => parseCapture(Buffer.from(text), { name: 'capture', fetchedAt: FETCHED });

const markdown = `new

Get trending papers in your email inbox once a day!

[Subscribe](https://huggingface.co/login?next=%2Fpapers)

# Daily Papers

## by [AK](https://huggingface.co/akhaliq) and the research community

- Daily - Weekly - Monthly

Nov 20

[101](https://huggingface.co/login?next=/papers/2611.00001)

Submitted by Quill

### [Kelp over Clusters: \\[Part 1\\]](https://huggingface.co/papers/2611.00001)

[We grow kelp over clusters and find that it grows best where nobody looks,\\\\
which three experiments of rising size confirm in every respect that matters.\\\\
Code is on a shelf.](https://huggingface.co/papers/2611.00001)

[![Berkeley's avatar](https://cdn.example.org/a.png)UC Berkeley](https://huggingface.co/Berkeley)

·

Nov 18

[6](/papers/2611.00001#community)

[GitHub 11.3k](https://code.example.org/kelp)

-

### [Moss](/papers/2611.00002)

12 authors

·

May 29, 2025

[1.2k](https://huggingface.co/papers/2611.00002#community)
`;

describe('the Markdown of a page', () => {
  it('when it is read, then every field that it shows is there', () => {
    const digest = parse(markdown);
    expect(digest.digestOn).toBe('2026-11-20');
    expect(digest.entries).toEqual([
      {
        position: 1,
        title: 'Kelp over Clusters: [Part 1]',
        abstract:
          'We grow kelp over clusters and find that it grows best where nobody looks, which three experiments of rising size confirm in every respect that matters. Code is on a shelf.',
        authors: [],
        authorCount: null,
        organization: { slug: 'Berkeley', name: 'UC Berkeley' },
        publishedOn: '2026-11-18',
        upvotes: 101,
        comments: 6,
        arxivId: '2611.00001',
        doi: null,
        url: 'https://arxiv.org/abs/2611.00001',
        codeUrl: 'https://code.example.org/kelp',
        stars: 11_300,
        discussionUrl: 'https://huggingface.co/papers/2611.00001',
      },
      expect.objectContaining({
        position: 2,
        title: 'Moss',
        abstract: '',
        authorCount: 12,
        publishedOn: '2025-05-29',
        upvotes: null,
        comments: 1200,
      }),
    ]);
    expect(digest.warnings).toEqual([{ position: 2, field: 'abstract', problem: 'missing' }]);
  });
});

describe('the Markdown that converters write of a page', () => {
  const shown = (text: string) => parse(text).entries;
  const expected = shown(markdown);
  const link = '](https://huggingface.co/papers/2611.00001)';

  it.each([
    ['the comments glued to the date', markdown.replace('Nov 18\n\n[6]', 'Nov 18[6]').replace('2025\n\n[', '2025[')],
    ['a heading broken where its title is', markdown.replace('Kelp over ', 'Kelp over\n')],
    ['a heading broken twice', markdown.replace('over Clusters: ', 'over\nClusters:\n')],
    ['a backslash where the title breaks', markdown.replace('Kelp over ', 'Kelp over\\  ')],
    ['the previous day above its own', markdown.replace('Nov 20', 'Nov 19\n\nNov 20')],
    [
      'a banner for a paper above all',
      `[Kelp](https://huggingface.co/papers/2611.00009)\n\n${markdown.replace('Nov 20', 'Nov 19\n\nNov 20')}`,
    ],
    ['the same page once more behind it', `${markdown}\n${markdown}`],
  ])('when it has %s, then every field is the same', (_, text) => {
    expect(text).not.toBe(markdown);
    expect(parse(text).digestOn).toBe('2026-11-20');
    expect(shown(text)).toEqual(expected);
  });

  it.each([
    [`[- 10 authors${link}`, 10],
    [`[- ![](https://cdn.example.org/a.jpeg)\\\\\n- ![](/avatars/b.svg)\\\\\n- 3 authors${link}`, 3],
  ])('when the authors are a link, %s, then they are counted and no part of the abstract', (authors, count) => {
    const text = markdown.replace(/\[!\[Berkeley.*/, authors);
    expect(shown(text)[0]).toEqual({ ...expected[0], authorCount: count, organization: null });
  });

  it('when a broken heading follows another paper, then neither gets what is the other one’s', () => {
    const [kelp, moss] = shown(markdown.replace('[Moss]', '[Moss\nand Stone]'));
    expect(kelp).toEqual(expected[0]);
    expect(moss).toEqual({ ...expected[1], title: 'Moss and Stone' });
  });

  it('when a title begins with a bracket, then it stays', () => {
    expect(shown(markdown.replace('[Moss]', '[[CLS] Tokens]'))[1]?.title).toBe('[CLS] Tokens');
  });

  it('when a paper with votes has no heading that can be read, then a warning names it', () => {
    const text = markdown.replace(
      '### [Moss]',
      '[-](https://huggingface.co/login?next=%2Fpapers%2F2611.00002)\n\n[Moss]',
    );
    expect(parse(text).warnings).toContainEqual({
      position: null,
      field: 'entries',
      problem: 'papers with votes but without a heading that links them are left out: 2611.00002',
    });
  });

  it.each([
    ['its heading is none', markdown.replace('### [Kelp', '[Kelp')],
    [
      'its link names a version',
      markdown.replace('1\\]](https://huggingface.co/papers/2611.00001)', '1\\]](/papers/2611.00001v2)'),
    ],
  ])('when the first paper cannot be read, since %s, then its date is not taken for the page’s', (_, text) => {
    expect(text).not.toBe(markdown);
    expect(parse(text)).toMatchObject({ digestOn: '2026-11-20', entries: [{ title: 'Moss' }] });
    expect(parse(`${markdown}\n${text}`)).toMatchObject({ digestOn: '2026-11-20', entries: expected });
  });

  it('when another day’s page follows in the same file, then both are refused', () => {
    expect(() => parse(`${markdown}\n${markdown.replace('Nov 20', 'Nov 19')}`)).toThrow(
      /^capture: two lists in one file, of 11\/20 and 11\/19; expected one list a file$/,
    );
  });
});

describe('the HTML of a page', () => {
  const props = JSON.stringify({
    dailyPapers: JSON.parse(
      hfAnswer('2026-11-20', [{ title: 'Kelp & "Clusters" <1>', arxivId: '2611.00001' }]),
    ) as unknown,
  });
  const html = `<!doctype html><html><body><div class="contents" data-target="DailyPapers" data-props="${props.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll("'", '&#39;')}"></div></body></html>`;

  it('when it holds the list, then the list is read as the API would give it', () => {
    expect(parse(html)).toMatchObject({
      digestOn: '2026-11-20',
      entries: [{ title: 'Kelp & "Clusters" <1>', arxivId: '2611.00001', upvotes: 3 }],
    });
  });

  it.each([html.replace('dailyPapers', 'weeklyPapers'), html.replace('data-props="', 'data-props="x')])(
    'when it does not, then the error says what was expected',
    (page) => {
      expect(() => parse(page)).toThrow(/capture: a web page without a list of papers .*expected/);
    },
  );
});
