import { describe, expect, it } from 'vitest';
import { readExamples } from '../../src/examples/read-examples.ts';

const read = (paste: string) => readExamples(paste);
const brief = (paste: string) =>
  read(paste).examples.map(({ arxivId, doi, title }) => [arxivId, doi, title].filter(Boolean).join(' | '));

describe('lines', () => {
  it.each([
    ['2501.01234', '2501.01234'],
    ['arXiv:2501.01234v3', '2501.01234'],
    ['arXiv: 2501.01234 [cs.CL]', '2501.01234'],
    ['hep-th/9901001', 'hep-th/9901001'],
    ['https://arxiv.org/abs/2501.01234v2', '2501.01234'],
    ['https://arxiv.org/pdf/2501.01234.pdf', '2501.01234'],
    ['http://export.arxiv.org/abs/cs.CL/0101001', 'cs.CL/0101001'],
    ['https://huggingface.co/papers/2501.01234', '2501.01234'],
    ['www.alphaxiv.org/abs/2501.01234', '2501.01234'],
    ['https://doi.org/10.48550/arXiv.2501.01234', '2501.01234'],
    ['10.1000/Field.Notes-7', '10.1000/field.notes-7'],
    ['doi:10.1000/field.notes-7.', '10.1000/field.notes-7'],
    ['https://doi.org/10.1000/field.notes-7', '10.1000/field.notes-7'],
    ['https://dl.acm.org/doi/pdf/10.1000/field.notes-7', '10.1000/field.notes-7'],
    ['https://doi.org/10.1016/0092-8674(85)90001-5', '10.1016/0092-8674(85)90001-5'],
    ['- Weather for Kites', 'Weather for Kites'],
    ['[12] Weather for Kites', 'Weather for Kites'],
    ['“Weather for Kites”', 'Weather for Kites'],
    ['[Re] Weather for Kites', '[Re] Weather for Kites'],
    ['Weather for Kites (arXiv:2501.01234)', '2501.01234 | Weather for Kites'],
    ['Weather for Kites https://arxiv.org/abs/2501.01234', '2501.01234 | Weather for Kites'],
    ['2501.01234 Weather for Kites', '2501.01234 | Weather for Kites'],
  ])('reads %s', (line, expected) => {
    expect(brief(line)).toEqual([expected]);
  });

  it('reads several ids of a line, each paper once, whatever stands between lines', () => {
    expect(brief('2501.01234, 2501.05678; arXiv:2501.01234v2\r\n\r\n  \n2501.05678')).toEqual([
      '2501.01234',
      '2501.05678',
    ]);
  });

  it('reads a long line as an abstract', () => {
    const text = 'Kites need weather. '.repeat(30).trim();
    expect(read(text).examples).toMatchObject([{ abstract: text, title: expect.stringMatching(/ …$/) as string }]);
  });

  it('joins what is told of one paper in several places', () => {
    expect(
      read('Weather for Kites\n@misc{a, title={Weather for {Kites}}, eprint={2501.01234}, abstract={Wind.}}').examples,
    ).toEqual([{ arxivId: '2501.01234', doi: null, title: 'Weather for Kites', abstract: 'Wind.' }]);
    expect(
      brief('@misc{a, title={Notes}, eprint={2501.01234}}\n@misc{b, title={Notes}, eprint={2501.05678}}'),
    ).toHaveLength(2);
  });

  it('tells of a link that names no paper, and of a line without a word, by line', () => {
    const { examples, unread } = read('2501.01234\nhttps://example.org/blog\n?!\nWeather for Kites');
    expect(examples).toHaveLength(2);
    expect(unread).toEqual([
      { line: 2, text: 'https://example.org/blog', problem: 'other-link' },
      { line: 3, text: '?!', problem: 'nothing' },
    ]);
  });

  it('keeps apart what is left out', () => {
    expect(read('without: robotics\n2501.01234')).toMatchObject({
      leftOut: ['robotics'],
      examples: [{ arxivId: '2501.01234' }],
    });
  });
});

describe('BibTeX', () => {
  it('reads nested braces, accents, @string, quotes and joined values', () => {
    const { examples, unread } = read(`
      % from a manager of references
      @string{ven = "Journal of " # {Kites}}
      @comment{nothing}
      @ARTICLE{mueller2024kite,
        author = {M{\\"u}ller, A.},
        title = "The {K}ite of {Fran{\\c{c}}ois}: {\\'E}tudes on $\\alpha$-lift",
        journal = ven # ", extended",
        year = 2024,
        doi = {https://doi.org/10.1000/KITE.5},
        abstract = {We fly {"}kites{"} at 50\\% wind
           over two lines.},
      }
      @inproceedings(other2023,
        title = {Wind {Tunnels}}, eprint = {2301.04567v2}, archivePrefix={arXiv}
      )
      @misc{third, title={Lines}, journal={arXiv preprint arXiv:2302.11111}}
      @article{DBLP:journals/corr/abs-2303-22222, title={Knots}, volume = {abs/2303.22222}, journal={CoRR}}`);
    expect(unread).toEqual([]);
    expect(examples).toEqual([
      {
        arxivId: null,
        doi: '10.1000/kite.5',
        title: 'The Kite of François: Études on $\\alpha$-lift',
        abstract: 'We fly "kites" at 50% wind over two lines.',
      },
      { arxivId: '2301.04567', doi: null, title: 'Wind Tunnels', abstract: '' },
      { arxivId: '2302.11111', doi: null, title: 'Lines', abstract: '' },
      { arxivId: '2303.22222', doi: null, title: 'Knots', abstract: '' },
    ]);
  });

  it('tells of an entry that never closes and of one without title, and reads the next', () => {
    const { examples, unread } = read('@article{a,\n title = {Kites,\n\n@misc{b, title={Lines}}\n@misc{c, year=2020}');
    expect(examples).toMatchObject([{ title: 'Lines' }]);
    expect(unread).toEqual([
      { line: 1, text: '@article{a,', problem: 'unclosed' },
      { line: 5, text: '@misc{c, year=2020}', problem: 'nothing' },
    ]);
  });
});

describe('RIS', () => {
  it('reads records with lines that go on', () => {
    const { examples, unread } = read(
      'TY  - JOUR\r\nTI  - Weather for\r\n   Kites\r\nAB  - Wind,\r\nAB  - and more.\r\nDO  - 10.1000/kite.1\r\nER  - \r\n\r\nTY  - GEN\r\nT1  - Lines\r\nUR  - https://arxiv.org/abs/2501.01234\r\nER  -\r\nTY  - GEN\r\nAU  - Somebody\r\nER  - \r\n',
    );
    expect(examples).toEqual([
      { arxivId: null, doi: '10.1000/kite.1', title: 'Weather for Kites', abstract: 'Wind, and more.' },
      { arxivId: '2501.01234', doi: null, title: 'Lines', abstract: '' },
    ]);
    expect(unread).toEqual([{ line: 13, text: 'TY - GEN', problem: 'nothing' }]);
  });
});

describe('CSL-JSON and what Zotero makes of it', () => {
  it('reads lists, items and data, without mark-up', () => {
    const items = [
      { id: 'a', type: 'article', title: 'Weather for <i>Kites</i>', abstract: 'Wind.', DOI: '10.1000/Kite.1' },
      { title: ['Lines'], URL: 'http://arxiv.org/abs/2501.01234', number: 'arXiv:2501.01234' },
      { data: { title: 'Knots', abstractNote: 'Ropes.', extra: 'arXiv:2502.05678 [cs.RO]' } },
      { type: 'book' },
    ];
    const expected = [
      { arxivId: null, doi: '10.1000/kite.1', title: 'Weather for Kites', abstract: 'Wind.' },
      { arxivId: '2501.01234', doi: null, title: 'Lines', abstract: '' },
      { arxivId: '2502.05678', doi: null, title: 'Knots', abstract: 'Ropes.' },
    ];
    const { examples, unread } = read(JSON.stringify(items, null, 2));
    expect(examples).toEqual(expected);
    expect(unread).toEqual([{ line: 1, text: '{"type":"book"}', problem: 'nothing' }]);
    expect(read(JSON.stringify({ items: items.slice(0, 3) })).examples).toEqual(expected);
  });

  it('tells where it breaks off or is none', () => {
    expect(read('2501.01234\n[{"title": "Kites"').unread).toMatchObject([{ line: 2, problem: 'unclosed' }]);
    expect(read('[{"title": Kites}]').unread).toMatchObject([{ line: 1, problem: 'json' }]);
  });
});

describe("Zotero's CSV", () => {
  it('reads quoted cells over lines, and tells of a row without a title', () => {
    const { examples, unread } = read(
      '\uFEFF"Key","Item Type","Title","DOI","Url","Abstract Note","Extra"\n' +
        '"A","journalArticle","Weather, for ""Kites""","10.1000/kite.1","","Wind\nand more.",""\n' +
        '"B","preprint","Lines","","http://arxiv.org/abs/2501.01234","","arXiv:2501.01234 [cs]"\n' +
        '"C","note","","","","",""\n',
    );
    expect(examples).toEqual([
      { arxivId: null, doi: '10.1000/kite.1', title: 'Weather, for "Kites"', abstract: 'Wind and more.' },
      { arxivId: '2501.01234', doi: null, title: 'Lines', abstract: '' },
    ]);
    expect(unread).toMatchObject([{ line: 5, problem: 'nothing' }]);
  });

  it('takes no title with a comma for a table', () => {
    expect(brief('The Title, the Author and the Reader\nKites')).toHaveLength(2);
  });
});

describe('whatever is pasted', () => {
  const ODD = [
    '@a{\n',
    '@a{b,',
    '{"',
    '[{"\\"',
    'TY  - X\n',
    'TI  - a\n',
    '!\n',
    '"',
    '}',
    '{',
    ',',
    '=',
    '10.1/',
    'arxiv.org/',
    '$',
    '\\"',
    '#',
    'a b ',
    '\n',
    'title,doi\n"',
  ];

  it('ends in time and throws nothing', () => {
    for (const odd of ODD) {
      const started = performance.now();
      const { unread } = read(odd.repeat(Math.floor(1_000_000 / odd.length)));
      expect(unread.length).toBeLessThanOrEqual(20);
      expect(performance.now() - started, JSON.stringify(odd)).toBeLessThan(5_000);
    }
    let seed = 7;
    const next = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let round = 0; round < 2_000; round++)
      read(Array.from({ length: 1 + next(30) }, () => ODD[next(ODD.length)]).join(''));
  });
});
