import { describe, expect, it } from 'vitest';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';
import { sourceHealth } from '../../../src/ingest/source-health.ts';
import { page, type PagePaper } from '../../world/captures.ts';

const FETCHED = new Date('2026-11-22T12:00:00Z');
const parse = (text: string | Uint8Array, name = '2026-11-20.txt') =>
  parseCapture(typeof text === 'string' ? Buffer.from(text) : text, { name, fetchedAt: FETCHED });
const papers: PagePaper[] = [
  { title: 'Moss and Stone: Slow Growth in Deep Networks', who: '  • 12 authors', date: 'Nov 18', comments: 3 },
  { title: 'Ferns that Count', who: 'Berkeley UC Berkeley', date: 'Dec 3, 2025' },
  { title: 'Lichen', who: null },
  { title: 'Bark: a Study', who: '  • 1 authors', date: 'Nov 19', comments: 12 },
];
const plain = page('Nov 20', papers);
const expected = [
  { title: papers[0]!.title, authorCount: 12, organization: null, publishedOn: '2026-11-18', comments: 3 },
  {
    title: papers[1]!.title,
    authorCount: null,
    organization: { slug: 'Berkeley', name: 'UC Berkeley' },
    publishedOn: '2025-12-03',
    comments: null,
  },
  { title: papers[2]!.title, authorCount: null, organization: null, publishedOn: null, comments: null },
  { title: papers[3]!.title, authorCount: 1, organization: null, publishedOn: '2026-11-19', comments: 12 },
];
const shown = (text: string | Uint8Array) =>
  parse(text).entries.map(({ title, authorCount, organization, publishedOn, comments }) => ({
    title,
    authorCount,
    organization,
    publishedOn,
    comments,
  }));

describe('the same page in other clothes', () => {
  it.each<[string, string | Uint8Array]>([
    ['as it is', plain],
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['CR alone', plain.replaceAll('\n', '\r')],
    ['a byte order mark', `\uFEFF${plain}`],
    ['UTF-16', Buffer.from(`\uFEFF${plain}`, 'utf16le')],
    ['the old Windows encoding', Buffer.from(plain.replaceAll('•', '\x95'), 'latin1')],
    ['a final newline and trailing blanks', `${plain.replaceAll('\n', '  \t\n')}\n\n\n`],
    ['indented lines', plain.replaceAll('\n', '\n    ')],
    ['blank lines everywhere', plain.replaceAll('\n', '\n\n')],
    ['two blank lines', plain.replaceAll('\n\n', '\n\n\n')],
    ['non-breaking spaces', plain.replaceAll(' authors', '\u00a0authors').replaceAll('Nov 18 3', 'Nov\u00a018\u00a03')],
    ['bylines on one line', plain.replaceAll('\n·\n', ' · ')],
    ['no header but the day', plain.slice(plain.indexOf('Nov 20'))],
    [
      'the whole window around it',
      `Hugging Face's logo\n\nModels\nDatasets\nPricing\n\nLog In\n\nSign Up\n\n${plain.replace('Subscribe', 'Subscribe\n\nWeekly\n\nNov 19')}`,
    ],
    ['no header at all', plain.slice(plain.indexOf('Moss'))],
    ['an author in the singular', plain.replace('• 1 authors', '• 1 author')],
    ['bullets lost', plain.replaceAll('  • ', '')],
  ])('when it comes with %s, then every field is the same', (_, text) => {
    expect(shown(text)).toEqual(expected);
  });

  it('when a title or abstract is wrapped, then its lines are joined', () => {
    const wrapped = plain
      .replace('Slow Growth in', 'Slow\nGrowth in')
      .replace('Three experiments', '\nThree experiments');
    expect(shown(wrapped)).toEqual(expected);
    expect(parse(wrapped).entries[0]!.abstract).toBe(parse(plain).entries[0]!.abstract);
  });

  it('when there are no blank lines, then titles are told by their place', () => {
    const dense = plain.replaceAll(/\n+/g, '\n');
    expect(shown(dense).filter((entry) => entry.title !== 'Lichen')).toContainEqual(expected[3]);
    expect(shown(dense)[0]).toEqual(expected[0]);
  });
});

describe('organisations', () => {
  it.each([
    ['adobe Adobe', 'adobe', 'Adobe'],
    ['ShanghaiAiLab shanghai ailab', 'ShanghaiAiLab', 'shanghai ailab'],
    ['Kwai-Kolors Kolors Team, Kuaishou Technology', 'Kwai-Kolors', 'Kolors Team, Kuaishou Technology'],
    ['deepseek-ai', 'deepseek-ai', 'deepseek-ai'],
    ['  inria   INRIA  Paris ', 'inria', 'INRIA Paris'],
    ['42dot 42 dot', '42dot', '42 dot'],
  ])('«%s»', (who, slug, name) => {
    const [entry] = parse(page('Nov 20', [{ title: 'Some title', who }])).entries;
    expect(entry!.organization).toEqual({ slug, name });
    expect(entry!.title).toBe('Some title');
  });
});

describe('organisations whose name ends as a sentence does', () => {
  const whole = plain.replace('Berkeley UC Berkeley', 'NAME');

  it.each([
    [
      'westlakerobotics Westlake Robotics Technology (Hangzhou) Co., Ltd.',
      'Westlake Robotics Technology (Hangzhou) Co., Ltd.',
    ],
    ['Rakuten Rakuten Group, Inc.', 'Rakuten Group, Inc.'],
    ['yahoo Yahoo!', 'Yahoo!'],
    ['whatif What If?', 'What If?'],
  ])('«%s» is the organisation, and the abstract ends before it', (who, name) => {
    const [, entry, ...others] = parse(whole.replace('NAME', who)).entries;
    expect(entry!.organization).toEqual({ slug: who.slice(0, who.indexOf(' ')), name });
    expect(entry!.abstract).toBe(parse(plain).entries[1]!.abstract);
    expect(others.map(({ title }) => title)).toEqual(papers.slice(2).map(({ title }) => title));
  });

  it('when the last sentence of an abstract stands above the dot, then it is no organisation', () => {
    const [, entry] = parse(whole.replace('\n\nNAME', '\nThe code is open.')).entries;
    expect(entry).toMatchObject({ organization: null, title: 'Ferns that Count', publishedOn: '2025-12-03' });
    expect(entry!.abstract).toMatch(/ The code is open\.$/);
  });
});

describe('counts', () => {
  it.each([
    ['  • 1,204 authors', 1204],
    ['• 664 authors', 664],
    ['- 3 authors', 3],
    ['+21 authors', 21],
  ])('«%s»', (who, authorCount) => {
    expect(parse(page('Nov 20', [{ title: 'Some title', who }])).entries[0]).toMatchObject({
      authorCount,
      organization: null,
    });
  });

  it.each([
    ['Nov 18 1.2k', 1200],
    ['Nov 18 -', null],
    ['Nov 18 999999999k', null],
    ['Nov 18, 0000 2', 2],
    ['Nov 18, 2025 7', 7],
  ])('«%s»', (date, comments) => {
    expect(parse(page('Nov 20', [{ title: 'Some title', date }])).entries[0]).toMatchObject({ comments });
  });
});

describe('a count below its date', () => {
  it.each([
    ['Nov 18\n3', 3],
    ['Nov 18\n1.2k', 1200],
    ['Nov 18\n-', null],
    ['Nov 18\n\n3', null],
  ])('«%s»', (printed, comments) => {
    const lists = [plain, plain.replaceAll('\n·\n', ' · '), plain.replaceAll('\n·\n', '\n· ')];
    for (const text of lists)
      expect(shown(text.replace('Nov 18 3', printed))).toEqual([{ ...expected[0]!, comments }, ...expected.slice(1)]);
  });

  it('when every date has one, or blank lines stand everywhere, then no paper is invented', () => {
    const below = plain.replaceAll(/^(Nov 1[89]) (\d+)$/gm, '$1\n$2');
    expect(shown(below)).toEqual(expected);
    expect(shown(below.replaceAll('\n', '\n\n')).map(({ title }) => title)).toEqual(papers.map(({ title }) => title));
  });
});

describe('bylines without a date that can be read', () => {
  const undated = [{ ...expected[0]!, publishedOn: null, comments: null }, ...expected.slice(1)];

  it.each([
    ['no date', '  • 12 authors\n·'],
    ['no date, nor a bullet', '12 authors\n·'],
    ['no date, and the dot behind', '  • 12 authors ·'],
    ['no date and no dot', '  • 12 authors'],
    ['a date of another language', '  • 12 authors\n·\n18 de novembre'],
    ['a date that is none', '  • 12 authors\n·\nyesterday'],
    ['such a date on one line', '  • 12 authors · yesterday'],
    ['such a date behind the dot', '  • 12 authors\n· yesterday'],
    ['such a date and no dot', '  • 12 authors\nyesterday'],
  ])('when one has %s, then its paper has its authors and no other is invented', (_, byline) => {
    const text = plain.replace('  • 12 authors\n·\nNov 18 3', byline);
    expect(shown(text)).toEqual(undated);
    expect(parse(text).entries[0]!.abstract).toBe(parse(plain).entries[0]!.abstract);
    expect(parse(text).warnings).toContainEqual({ position: 1, field: 'publishedOn', problem: 'missing' });
  });

  it('when such a date has a count, then the count is read', () => {
    for (const said of ['·\nyesterday\n3', '·\n3'])
      expect(shown(plain.replace('·\nNov 18 3', said))).toEqual([{ ...undated[0]!, comments: 3 }, ...undated.slice(1)]);
  });

  it.each<[string, (text: string) => string]>([
    ['the dot stands before the date', (text) => text.replaceAll('\n·\n', '\n· ')],
    ['the dot stands behind the authors', (text) => text.replaceAll('\n·\n', ' ·\n')],
    ['the dots are gone', (text) => text.replaceAll(/(authors?)\n·\n/g, '$1\n')],
    ['marks of direction stand around the dot', (text) => text.replaceAll('\n·\n', '\n\u200e·\u2060\n')],
    ['such a mark stands before the dot on one line', (text) => text.replaceAll('\n·\n', ' \u200f· ')],
  ])('when %s, then every field is the same', (_, change) => {
    expect(shown(change(plain))).toEqual(expected);
  });

  it('when there are no blank lines either, then the next title stays', () => {
    const dense = plain.replace('Nov 18 3\n', '').replaceAll(/\n+/g, '\n');
    expect(shown(dense).slice(0, 2)).toEqual(undated.slice(0, 2));
  });

  it('when a file ends in a row of dots, then they are no byline', () => {
    expect(shown(`${plain}\n\nHeather\n\n· · ·`)[3]).toEqual(expected[3]);
    expect(parse(`${plain}\n\nHeather\n\n· · ·`).warnings.filter(({ field }) => field === 'publishedOn')).toEqual([]);
  });

  it('when a dot or a list stands in running text, then it stays there', () => {
    const abstract = `${'An abstract of the usual length, as one would expect. '.repeat(6)}\nThe product a · b is small.\n·\nIt is.`;
    const [entry, ...others] = parse(page('Nov 20', [{ title: 'Moss', abstract }])).entries;
    expect(others).toEqual([]);
    expect(entry!.abstract).toMatch(/ The product a · b is small\. · It is\.$/);
  });
});

describe('cut captures', () => {
  const whole = parse(plain);

  it('when a capture is cut anywhere, then what stands before the cut is read as before', () => {
    for (let end = plain.indexOf('Moss'); end < plain.length; end += 7) {
      const { entries } = parse(plain.slice(0, end));
      const sure = entries.slice(0, -1);
      expect(sure.map((entry) => entry.title)).toEqual(whole.entries.slice(0, sure.length).map((entry) => entry.title));
      expect(sure.map((entry) => entry.abstract)).toEqual(
        whole.entries.slice(0, sure.length).map((entry) => entry.abstract),
      );
    }
  });

  it('when it ends in the middle of an abstract, then a warning says so', () => {
    const cut = parse(plain.slice(0, plain.indexOf('Three experiments') + 30));
    expect(cut.warnings).toContainEqual({
      position: 1,
      field: 'abstract',
      problem: 'the capture ends here: it may be cut',
    });
  });

  it.each([
    ['after the dot', '·\n', null],
    ['in the date', '·\nNo', null],
    ['in the authors', '  • 12 aut', null],
  ])('when it ends %s, then the last entry keeps its text and no paper is invented', (_, before) => {
    const at = plain.indexOf(before);
    const { entries } = parse(plain.slice(0, at + before.length));
    expect(entries.map(({ title, abstract }) => ({ title, abstract }))).toEqual([
      { title: whole.entries[0]!.title, abstract: whole.entries[0]!.abstract },
    ]);
  });
});

describe('what stands below the last paper', () => {
  const foot = '\n\nPrevious\n\nNext\n\nCompany\nTOS\nPrivacy\n\nWebsite\n';

  it.each([
    ['with', papers],
    ['without', papers.slice(0, 3)],
  ])('when the last paper comes %s a byline, then the foot of the page is no paper', (_, list) => {
    const digest = parse(page('Nov 20', list) + foot);
    expect(digest.entries.map((entry) => entry.title)).toEqual(list.map((paper) => paper.title));
    expect(digest.warnings).toContainEqual({
      position: null,
      field: 'entries',
      problem: '4 lines below the last paper are left out, from «Previous» on',
    });
  });

  it('when a title alone stands there, then it is a paper that was cut', () => {
    expect(parse(`${plain}\n\nHeather in the Long Run`).entries.at(-1)).toMatchObject({
      title: 'Heather in the Long Run',
      abstract: '',
    });
  });
});

describe('entries that lost a part', () => {
  it('when several bylines in a row are missing, then papers are told apart by their paragraphs', () => {
    const bare = papers.map((paper) => ({ ...paper, who: null }));
    expect(parse(page('Nov 20', bare)).entries.map((entry) => entry.title)).toEqual(papers.map((paper) => paper.title));
  });

  it('when an abstract has several paragraphs, then they are one abstract', () => {
    const [entry, ...others] = parse(
      page('Nov 20', [
        {
          title: 'Two Parts',
          abstract: `${'A first part that is long enough to be one. '.repeat(4)}\n\n${'A second part, quite as long as the first one. '.repeat(6)}`,
        },
      ]),
    ).entries;
    expect(others).toEqual([]);
    expect(entry!.abstract).toMatch(/^A first part.*A second part.*one\.$/);
  });

  it.each([
    'Code: https://code.example.org/moss',
    'Our code is available at https://code.example.org/moss.',
    'Project page at moss.example.org.',
  ])('when an abstract ends with the paragraph «%s», then it is part of it', (last) => {
    const abstract = `${'An abstract of the usual length, as one would expect. '.repeat(6)}\n\n${last}`;
    const digest = parse(page('Nov 20', [{ title: 'Moss', abstract }, { title: 'Ferns' }]));
    expect(digest.entries.map((entry) => entry.title)).toEqual(['Moss', 'Ferns']);
    expect(digest.entries[0]!.abstract).toMatch(new RegExp(`expect\\. ${last.replaceAll('.', '\\.')}$`));
  });

  it('when an abstract is missing, then the entry stays and a warning names it', () => {
    const text = plain.replace(parse(plain).entries[1]!.abstract, '').replace(/\n{3,}/g, '\n\n');
    const digest = parse(text);
    expect(digest.entries.map((entry) => entry.title)).toEqual(papers.map((paper) => paper.title));
    expect(digest.entries[1]).toMatchObject({ abstract: '', organization: { slug: 'Berkeley' } });
    expect(digest.warnings).toContainEqual({ position: 2, field: 'abstract', problem: 'missing' });
  });
});

describe('two captures in one file', () => {
  const titles = (text: string) => parse(text).entries.map(({ title }) => title);
  const all = papers.map(({ title }) => title);
  /** The same capture of other papers. */
  const others = (text: string) => text.replace(/Moss(?= and)|Ferns(?= that)|Lichen|Bark(?=:)/g, 'Another $&');

  it.each([
    ['below each other', `${plain}\n\n`, plain],
    ['with no line end between them', plain, plain],
    ['and the second is cut', `${plain}\n`, plain.slice(0, plain.indexOf('Ferns'))],
    ['and the first is cut in a byline', `${plain.slice(0, plain.lastIndexOf('thors'))}\n`, plain],
    ['and the first has a foot', `${plain}\n\nPrevious\n\nNext\n\nCompany\nTOS\nPrivacy\n\n`, plain],
    ['and the second tells its year', `${plain}\n\n`, plain.replace('Nov 20', 'Nov 20, 2026')],
    ['and the second shows other days too', `${plain}\n\n`, plain.replace('Nov 20', 'Weekly\n\nNov 19\n\nNov 20')],
  ])('when they are of one day, %s, then the header is no paper', (_, first, second) => {
    expect(titles(first + others(second))).toEqual([...titles(first), ...titles(others(second))]);
    expect(titles(first)).toEqual(all);
    const { entries, warnings } = parse(first + second);
    expect(entries.map(({ title }) => title)).toEqual(all);
    expect(entries.at(-1)).toMatchObject({ abstract: parse(plain).entries.at(-1)!.abstract });
    expect(warnings).toContainEqual({
      position: null,
      field: 'entries',
      problem: "the page's header stands between papers too; left out there",
    });
  });

  it('when they are joined without a line end, then the last byline of the first is whole', () => {
    expect(shown(plain + plain)).toEqual(expected);
    expect(shown(plain + others(plain)).slice(0, all.length)).toEqual(expected);
  });

  it('when the second has what the first has and more, then each paper is told once, as first told, and the list is well', () => {
    const more = page('Nov 20', [{ title: 'Kelp, come later' }, { ...papers[0]!, comments: 9 }, ...papers.slice(1)]);
    expect(shown(`${plain}\n\n${more}`).slice(0, -1)).toEqual(expected);
    const { entries } = parse(`${plain}\n\n${more}`);
    expect(entries.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
    expect(entries.at(-1)!.title).toBe('Kelp, come later');
    expect(sourceHealth(parse(`${plain}\n\n${plain}`), []).verdict).toBe('fresh');
  });

  it('when the last paper is cut in the second alone, then nothing that is kept is called cut', () => {
    const cut = plain.slice(0, plain.lastIndexOf(' The code is'));
    const open = page('Nov 20', [
      { title: 'Kelp', abstract: `${'We grow it and look. '.repeat(20)}It grows`, who: null },
    ]);
    const isCut = ({ problem }: { problem: string }) => problem.includes('it may be cut');
    expect(parse(`${others(plain)}\n\n${cut.slice(0, -1)}`).warnings.filter(isCut)).toHaveLength(1);
    expect(parse(`${open}\n\n${open}`).warnings.filter(isCut)).toEqual([]);
  });

  it.each([
    ['in the last title', 'Bark: a St'],
    ['behind the last title', 'Bark: a Study'],
    ['in the last abstract', plain.slice(plain.indexOf('Bark: a'), plain.lastIndexOf(' The code is'))],
  ])('when one of them is cut %s, then the paper is listed as the other has it, once', (_, end) => {
    const cut = plain.slice(0, plain.indexOf('Bark: a')) + end;
    const sorted = (text: string) =>
      parse(text)
        .entries.map((entry) => ({ ...entry, position: 0 }))
        .sort((a, b) => (a.title < b.title ? -1 : 1));
    expect(titles(cut)).toContain(end.split('\n')[0]);
    expect(sorted(`${cut}\n\n${plain}`)).toEqual(sorted(plain));
    expect(sorted(`${plain}\n\n${cut}`)).toEqual(sorted(plain));
  });

  it('when neither has bylines and the first is cut, then the last paper is listed as the second has it', () => {
    const bare = page(
      'Nov 20',
      papers.map((paper) => ({ ...paper, who: null })),
    );
    const whole = parse(bare).entries;
    const cut = bare.trimEnd().slice(0, -150);
    expect(parse(cut).entries.at(-1)).toMatchObject({ title: whole.at(-1)!.title });
    expect(parse(cut).entries.at(-1)).not.toEqual(whole.at(-1));
    expect(parse(`${cut}\n\n${bare}`).entries).toEqual(whole);
  });

  it('when one capture lists its papers twice by itself, then that stays a fault', () => {
    const doubled = page('Nov 20', [...papers, ...papers]);
    expect(titles(doubled)).toEqual([...all, ...all]);
    expect(sourceHealth(parse(doubled), [])).toMatchObject({ verdict: 'partial', kind: 'doubled' });
    expect(titles(`${doubled}\n\n${plain}`)).toEqual([...all, ...all]);
  });

  it('when they are of two days, then the file is refused', () => {
    for (const text of [`${plain}\n${page('Nov 19', papers)}`, plain + page('Nov 19', [])])
      expect(() => parse(text)).toThrow(
        /^2026-11-20\.txt: two lists in one file, of 11\/20 and 11\/19; expected one list a file$/,
      );
  });

  it('when the first tells no day, then that of the file counts', () => {
    const bare = plain.slice(plain.indexOf('Moss'));
    expect(titles(`${bare}\n\n${plain}`)).toEqual(all);
    expect(titles(`${bare}\n\n${others(plain)}`)).toEqual([...all, ...titles(others(plain))]);
    expect(() => parse(`${bare}\n\n${page('Nov 19', papers)}`)).toThrow(/two lists in one file/);
  });

  it.each([
    'Get trending papers in your email inbox!\n\nSubscribe',
    'new\n\nGet trending papers in your email inbox once a day!\n\nSubscribe',
    'Daily Papers',
  ])('when the banner «%s» stands between papers, then it is no paper', (banner) => {
    expect(shown(plain.replace('Ferns that', `${banner}\n\nFerns that`))).toEqual(expected);
    expect(shown(plain.replace('Bark: a', `${banner}\n\nBark: a`))).toEqual(expected);
  });

  it('when a title or an abstract speaks of daily papers, then it stays', () => {
    const list = [
      { title: 'Daily Papers as a Corpus' },
      { title: 'Moss', abstract: `${'We read the list of daily papers each day. '.repeat(6)}\n\nDaily papers.` },
      { title: 'New' },
    ];
    expect(titles(page('Nov 20', list))).toEqual(list.map(({ title }) => title));
  });
});

describe('what is no digest', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /empty; expected/],
    ['blanks', ' \n\n ', /empty; expected/],
    ['prose', 'Once upon a time there was a list.\n\nIt had no end.', /no digest; expected/],
    [
      'a web page',
      '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>',
      /a web page without a list of papers .*expected/,
    ],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), /binary data; expected/],
    ['broken JSON', '[{"paper": {"id": "2512', /broken JSON .* expected an array/],
    ['another JSON', '{"papers":"none"}', /an object instead of a list; expected/],
    ['an error in JSON', '{"error":"not found"}', /the server tells of an error \(not found\); expected/],
    ['a list of numbers', '[1, 2]', /none of the 2 elements is a paper \(the first is number\); expected/],
    ['too much', Buffer.alloc(21 * 1024 * 1024, 'x'), /22020096 bytes; expected at most/],
  ])('when a file holds %s, then the error says what, where and what was expected', (_, text, message) => {
    expect(() => parse(text, 'odd.txt')).toThrow(message);
    expect(() => parse(text, 'odd.txt')).toThrow(/^odd\.txt: /);
  });

  it('when the header is there and no paper is, then it is an empty digest for the health rules to judge', () => {
    expect(parse(page('Nov 20', []))).toMatchObject({ digestOn: '2026-11-20', entries: [] });
  });
});
