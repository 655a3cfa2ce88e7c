import { describe, expect, test } from 'vitest';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { CAPS, cutText } from '../../src/model/caps.ts';

const hints = { name: 'long', fetchedAt: new Date('2026-11-22T12:00:00Z') };
const parse = (text: string) => parseCapture(Buffer.from(text), hints);
const listed = (paper: object, beside: object = {}) => ({
  ...beside,
  paper: {
    id: '2611.00001',
    title: 'Kelp',
    summary: 'It grows.',
    submittedOnDailyAt: '2026-11-20T00:00:00Z',
    authors: [{ name: 'Ada Quill' }],
    ...paper,
  },
});
const answer = (...papers: object[]) => parse(JSON.stringify(papers));
const page = (title: string, abstract: string) =>
  parse(`Daily Papers\n\nNov 20\n\n${title}\n\n${abstract}\n\n9 authors\n\n·\n\nNov 1\n`);
const feed = (title: string, summary: string, names: string[]) =>
  parse(
    `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><updated>2026-11-20T00:00:00Z</updated><entry><title>${title}</title><summary>${summary}</summary>${names.map((name) => `<author><name>${name}</name></author>`).join('')}</entry></feed>`,
  );

describe('what no paper has', () => {
  test('when everything is as long as can be, then nothing is cut and nothing is noted', () => {
    const { entries, warnings } = answer(
      listed(
        {
          title: 't'.repeat(CAPS.title),
          summary: 's'.repeat(CAPS.abstract),
          authors: Array.from({ length: CAPS.authors }, () => ({ name: 'n'.repeat(CAPS.name) })),
        },
        { organization: { name: 'slug', fullname: 'o'.repeat(CAPS.name) } },
      ),
    );
    expect(warnings).toEqual([]);
    expect(entries[0]?.title.length).toBe(6_000);
    expect(entries[0]?.abstract.length).toBe(20_000);
    expect(entries[0]?.authors.length).toBe(6_000);
    expect(entries[0]?.organization?.name.length).toBe(300);
  });

  test('when an abstract of 12 MB and a title of 1 MB come as JSON, as a page or as a feed, then both are cut and noted', () => {
    const [title, abstract] = ['t'.repeat(1_000_000), `It grows. ${'s'.repeat(12_000_000)}`];
    for (const { entries, warnings } of [
      answer(listed({ title, summary: abstract })),
      page('t'.repeat(290), abstract),
      feed(title, abstract, []),
    ]) {
      expect(entries).toHaveLength(1);
      expect(entries[0]?.title.length).toBeLessThanOrEqual(6_000);
      expect(entries[0]?.abstract).toBe(abstract.slice(0, 20_000));
      expect(warnings).toContainEqual({
        position: 1,
        field: 'abstract',
        problem: `${abstract.length} characters; cut to the first 20000`,
      });
    }
  });

  test('when names are long and many, then they are cut, and their number is still told', () => {
    const authors = Array.from({ length: 7_000 }, (_, n) => ({ name: n === 0 ? 'x'.repeat(5_000) : `Name ${n}` }));
    const { entries, warnings } = answer(
      listed({ authors }, { organization: { name: 'y'.repeat(400), fullname: 'z'.repeat(400) } }),
    );
    expect(entries[0]?.authors).toHaveLength(6_000);
    expect(entries[0]?.authors[0]).toBe('x'.repeat(300));
    expect(entries[0]?.authorCount).toBe(7_000);
    expect(entries[0]?.organization).toEqual({ slug: 'y'.repeat(300), name: 'z'.repeat(300) });
    expect(warnings).toEqual([
      { position: 1, field: 'authors', problem: '7000 names; cut to the first 6000' },
      { position: 1, field: 'authors', problem: '1 names of more than 300 characters: cut' },
      { position: 1, field: 'organization', problem: '400 characters; cut to the first 300' },
      { position: 1, field: 'organization', problem: '400 characters; cut to the first 300' },
    ]);
  });

  test('when a list has 5,400 entries, then the first 5,000 are read, and it is noted, whatever kind it is of', () => {
    const many = Array.from({ length: 5_400 }, (_, n) => n);
    const noted = { position: null, field: 'entries', problem: '5400 entries; cut to the first 5000' };
    const lists = [
      answer(...many.map((n) => listed({ title: `Kelp ${n}` }))),
      parse(
        `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><pubDate>Fri, 20 Nov 2026 00:00:00 GMT</pubDate>${many.map((n) => `<item><title>Kelp ${n}</title><description>It grows.</description></item>`).join('')}</channel></rss>`,
      ),
      parse(
        `Nov 20\n\n${many.map((n) => `### [Kelp ${n}](https://huggingface.co/papers/2611.${String(n).padStart(5, '0')})`).join('\n\n')}`,
      ),
      parse(
        `Daily Papers\n\nNov 20\n\n${many.map((n) => `Kelp ${n}\n\nIt grows over clusters, ${'and on and on '.repeat(10)}.\n\n9 authors\n\n·\n\nNov 1`).join('\n\n')}`,
      ),
    ];
    for (const { entries, warnings } of lists) {
      expect(entries).toHaveLength(5_000);
      expect(entries.at(-1)?.title).toBe('Kelp 4999');
      expect(warnings).toContainEqual(noted);
    }
  });

  test('when an address or a DOI is endless, then it is left out: cut it would be wrong', () => {
    const { entries, warnings } = answer(listed({ githubRepo: `https://github.com/${'a'.repeat(5_000)}` }));
    expect(entries[0]?.codeUrl).toBeNull();
    expect(warnings).toEqual([
      { position: 1, field: 'codeUrl', problem: '5019 characters; expected at most 2000: left out' },
    ]);
  });

  test('when a cut falls within a character, then no half of it stays', () => {
    expect(cutText('ab😀cd', 3)).toBe('ab');
    expect(cutText('ab😀cd', 4)).toBe('ab😀');
    expect(cutText('ab😀', 4)).toBe('ab😀');
    const { entries } = answer(
      listed({
        title: `${'t'.repeat(5_999)}😀😀`,
        summary: '😀'.repeat(20_000),
        authors: [{ name: `a${'😀'.repeat(300)}` }],
      }),
    );
    const [entry] = entries;
    for (const text of [entry!.title, entry!.abstract, entry!.authors[0]!]) expect(text).not.toMatch(/\p{Surrogate}/u);
    expect(entry!.title).toBe('t'.repeat(5_999));
  });

  test('when a page quotes itself in a warning, then the quotation is bounded', () => {
    const foot = Array.from({ length: 4 }, () => 'x').join('\n\n');
    const { warnings } = parse(`Daily Papers\n\nNov 20\n\n${'K'.repeat(80)}\n\n${foot}`);
    for (const { problem } of warnings) expect(problem.length).toBeLessThanOrEqual(300);
  });
});
