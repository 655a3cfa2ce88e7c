import { describe, expect, it } from 'vitest';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';

const parse = (text: string | Buffer, name = 'feed.xml') =>
  parseCapture(Buffer.from(text), { name, fetchedAt: new Date('2026-11-28T10:00:00Z') });
const first = (text: string | Buffer) => parse(text).entries[0]!;
const rss = (items: string, encoding = 'UTF-8') =>
  `<?xml version="1.0" encoding="${encoding}"?><rss version="2.0"><channel><title>k</title><link>https://kelp.example.org/</link>${items}</channel></rss>`;
const described = (description: string) =>
  first(rss(`<item><title>Kelp</title><description><![CDATA[${description}]]></description></item>`));

describe('RDF whose table of contents differs from its items', () => {
  const item = (number: number, about: string) =>
    `<item rdf:about="${about}"><title>Kelp ${number}</title><link>https://kelp.example.org/${number}</link><prism:doi>10.5555/kelp.${number}</prism:doi></item>`;
  const rdf = (listed: string[], items: string[]) =>
    `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:prism="p"><channel rdf:about="c"><title>k</title><items><rdf:Seq>${listed.map((about) => `<rdf:li rdf:resource="${about}"/>`).join('')}</rdf:Seq></items></channel>${items.join('')}</rdf:RDF>`;

  it.each([
    ['names one of three', rdf(['a'], [item(1, 'a'), item(2, 'b'), item(3, 'c')])],
    ['names them in another order', rdf(['c', 'b', 'a'], [item(1, 'a'), item(2, 'b'), item(3, 'c')])],
    ['names one address twice', rdf(['a', 'a', 'c'], [item(1, 'a'), item(2, 'a'), item(3, 'c')])],
    ['is not there', rdf([], [item(1, 'a'), item(2, 'b'), item(3, 'c')])],
  ])('when it %s, then each paper is there once, with its own DOI', (_, xml) => {
    const read = parse(xml).entries.map(({ title, doi }) => [title, doi]);
    expect(read).toEqual([1, 2, 3].map((number) => [`Kelp ${number}`, `10.5555/kelp.${number}`]));
  });
});

describe('bytes that are not what a document says', () => {
  it('when UTF-8 is declared as ISO-8859-1, then it is read as UTF-8', () => {
    const xml = rss('<item><title>Größe – “smart” étude</title></item>', 'ISO-8859-1');
    expect(first(xml).title).toBe('Größe – “smart” étude');
  });

  it('when Windows-1252 is declared as ISO-8859-1, then its quotes and dashes are kept', () => {
    const bytes = Buffer.from(
      rss('<item><title>Kelp \x96 it\x92s \x80 5 Gr\xf6\xdfe</title></item>', 'ISO-8859-1'),
      'latin1',
    );
    expect(first(bytes).title).toBe('Kelp – it’s € 5 Größe');
  });

  it('when a generator is named before the feed, then it is a feed all the same', () => {
    expect(
      first(`<!-- made by kelp-cms -->\n<rss version="2.0"><channel><item><title>Kelp</title></item></channel></rss>`)
        .title,
    ).toBe('Kelp');
  });
});

describe('links that lead from a base', () => {
  it.each([
    ['/a', 'https://kelp.example.org/a'],
    ['papers/a.html', 'https://kelp.example.org/papers/a.html'],
    ['a?x=1#y', 'https://kelp.example.org/a?x=1#y'],
    ['10.5555/kelp', null],
    ['javascript:alert(1)', null],
  ])('when an item links to %s, then to %s', (link, url) => {
    expect(first(rss(`<item><title>Kelp</title><link>${link}</link></item>`)).url).toBe(url);
  });

  it('when a guid says that it is a link, then it is one, though it is no address', () => {
    const url = (guid: string) => first(rss(`<item><title>Kelp</title>${guid}</item>`)).url;
    expect(url('<guid isPermaLink="true">/p/2</guid>')).toBe('https://kelp.example.org/p/2');
    expect(url('<guid>kelp-2</guid>')).toBeNull();
  });

  it('when Atom names bases, then links follow them', () => {
    const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://kelp.example.org/blog/"><title>k</title><link rel="self" href="atom.xml"/><entry xml:base="2026/"><title>Kelp</title><id>i</id><link href="a.html"/></entry></feed>`;
    expect(first(atom).url).toBe('https://kelp.example.org/blog/2026/a.html');
  });
});

describe('what journals write beside an abstract', () => {
  it.each([
    ['PLOS', '<p>by Ada Quill, Bo Reed</p>\n\nKelp grows.'],
    ['Wiley', 'Kelp Letters, Volume 12, Issue 3, Page 1-9, November 2026. Kelp grows.'],
    [
      'the APS',
      'Author(s): Ada Quill and Bo Reed<br/><p>Kelp grows.</p><br/>[Phys. Rev. K 1, 1] Published Fri Nov 27, 2026',
    ],
  ])('when it is what %s writes, then the abstract is left', (_, description) => {
    expect(described(description).abstract).toBe('Kelp grows.');
  });

  it.each([
    [
      'MDPI',
      '<p><b>Kelp as Food</b></p>\n<p>Foods <a href="x">doi: 10.5555/kelp</a></p>\n<p>Authors:\n\tAda Quill\n\tBo Reed\n</p><p>Kelp grows.</p>',
    ],
    [
      'the RSC',
      '<div><i><b>Kelp Chem.</b></i>, 2026, <b>12</b>,1-9<br/><b>DOI</b>: 10.5555/KELP, Paper</div><div><img src="/x"/></div><div>Ada Quill, Bo Reed<br/>Kelp grows.<br/><a href="x">To cite this article before page numbers are assigned, use the DOI form of citation above.</a><br/>The content of this RSS Feed (c) The Royal Society of Chemistry</div>',
    ],
    [
      'Copernicus',
      '<b>Kelp</b><br> Ada Quill and Bo Reed<br> Kelp Sci., 12, 1–9, https://doi.org/10.5555/kelp, 2026<br> Kelp grows.',
    ],
  ])('when %s names authors and DOI in the description alone, then they are read', (_, description) => {
    const read = { abstract: 'Kelp grows.', authors: ['Ada Quill', 'Bo Reed'], doi: '10.5555/kelp' };
    expect(described(description)).toMatchObject(read);
  });

  it('when headings are bold and close to their text, then they are parted from it', () => {
    const description =
      '<span class="paragraphSection"><div class="boxTitle">Abstract</div><strong>Motivation</strong>Kelp is long.<strong>Results</strong>It grows.</span>';
    expect(described(description).abstract).toBe('Motivation: Kelp is long. Results: It grows.');
  });

  it('when a title begins with the volume it stands in, then that goes', () => {
    expect(first(rss('<item><title>Foods, Vol. 15, Pages 1: Kelp: a food</title></item>')).title).toBe('Kelp: a food');
  });

  it('when authors stand in an element of their own, then they are read', () => {
    const item = '<item><title>Kelp</title><authors>Ada Quill;Bo Reed;</authors></item>';
    expect(first(rss(item)).authors).toEqual(['Ada Quill', 'Bo Reed']);
  });

  it('when a journal tells day and authors in the description alone, then they are read', () => {
    const description =
      '<p>Publication date: Available online 25 November 2026</p><p><b>Source:</b> Kelp Letters</p><p>Author(s): Ada Quill, Bo Reed</p>';
    expect(described(description)).toMatchObject({
      abstract: '',
      authors: ['Ada Quill', 'Bo Reed'],
      publishedOn: '2026-11-25',
    });
  });

  it('when the description is cut and the whole stands beside it, then the whole is taken', () => {
    const item =
      '<item><title>K</title><description>Kelp grows and [&#8230;]</description><content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">&lt;p&gt;Kelp grows and grows.&lt;/p&gt;</content:encoded></item>';
    expect(first(rss(item)).abstract).toBe('Kelp grows and grows.');
  });

  it('when a formula has indices and exponents, then they are raised and lowered', () => {
    const math =
      '<math><msubsup><mi>B</mi><mn>2</mn><mrow><mo>−</mo><mn>3</mn></mrow></msubsup></math> and 10<sup>&minus;3</sup>';
    expect(described(`We see ${math}.`).abstract).toBe('We see B₂⁻³ and 10⁻³.');
  });

  it('when one item bears the day of an issue to come, then the feed is of the newest day that has come', () => {
    const dated = (day: string) => `<item><title>Of ${day}</title><pubDate>${day}</pubDate></item>`;
    expect(parse(rss(dated('2027-01-15') + dated('2026-11-26') + dated('2026-11-27'))).digestOn).toBe('2026-11-27');
    expect(parse(rss(dated('2027-01-15'))).digestOn).toBe('2027-01-15');
  });
});

describe('answers in JSON', () => {
  it('when a feed names its version at its end, then it is a feed', () => {
    const feed = {
      title: 'k',
      items: [{ id: '1', title: 'Kelp', url: '/1' }],
      home_page_url: 'https://kelp.example.org/',
      version: 'https://jsonfeed.org/version/1.1',
    };
    expect(first(JSON.stringify(feed, null, 2))).toMatchObject({ title: 'Kelp', url: 'https://kelp.example.org/1' });
  });

  it('when one author of a list is null, or all are bare names, then no other is lost', () => {
    const list = (authors: unknown[]) =>
      JSON.stringify([{ paper: { id: '2611.00001', title: 'Kelp', authors, submittedOnDailyAt: '2026-11-27' } }]);
    expect(first(list([{ name: 'Ada Quill' }, null, { name: null }, { name: 'Bo Reed' }])).authors).toEqual([
      'Ada Quill',
      'Bo Reed',
    ]);
    expect(first(list(['Ada Quill', 'Bo Reed'])).authors).toEqual(['Ada Quill', 'Bo Reed']);
  });

  it('when an author of a submission is null, then no other is lost', () => {
    const note = { id: 'a', cdate: 1795773600000, content: { title: 'Kelp', authors: { value: ['Ada Quill', null] } } };
    expect(first(JSON.stringify({ notes: [note], count: 1 })).authors).toEqual(['Ada Quill']);
  });

  it('when a preprint says no version, then it is the first', () => {
    expect(
      parse('{"messages":[],"collection":[{"title":"Kelp","doi":"10.1101/2026.11.25.700001"}]}').entries,
    ).toHaveLength(1);
  });

  it.each([
    ['{"error":{"code":500,"message":"no kelp"}}', /the server tells of an error \(no kelp\)/],
    ['{"message":"no kelp"}', /the server tells of an error \(no kelp\)/],
    [
      '{"messages":[{"status":"error","message":"no kelp"}]}',
      /the server says «error no kelp»; expected an answer of https:\/\/api\.biorxiv/,
    ],
    ['<eFetchResult><ERROR>no kelp</ERROR></eFetchResult>', /XML that is no feed but says «no kelp»/],
    ['<rss version="2.0"><channel><item><title>Kelp', /broken XML \(line 1: it ends within <title>\)/],
  ])('when a server answers %s, then the error tells what it said', (answer, message) => {
    expect(() => parse(`${answer.startsWith('<') ? '<?xml version="1.0"?>' : ''}${answer}`)).toThrow(message);
  });
});

it('when Oxford puts its number behind a DOI, then the DOI is without', () => {
  const link = 'https://academic.oup.com/kelp/advance-article/doi/10.1093/kelp/abc123/7654321?rss=1';
  expect(first(rss(`<item><title>Kelp</title><link>${link}</link></item>`)).doi).toBe('10.1093/kelp/abc123');
});

describe('a CDATA section', () => {
  const item = (inner: string) => first(rss(`<item><title>Kelp</title>${inner}</item>`));

  it.each([
    ['link', '<link><![CDATA[https://kelp.example.org/view?id=7&from=rss&x=a]]></link>'],
    ['guid', '<guid isPermaLink="true"><![CDATA[https://kelp.example.org/view?id=7&from=rss&x=a]]></guid>'],
  ])('when a %s stands in one, then its & is kept as it is', (_, inner) => {
    expect(item(inner).url).toBe('https://kelp.example.org/view?id=7&from=rss&x=a');
  });

  it('when a bare & stands before, between and behind two, then all are read', () => {
    const inner =
      '<link><![CDATA[https://k.example.org/?a=1&b=2]]></link><description>R & D<![CDATA[ & so on]]> & more';
    expect(item(`${inner}</description>`)).toMatchObject({
      url: 'https://k.example.org/?a=1&b=2',
      abstract: 'R & D & so on & more',
    });
  });

  it('when an entity of the document is named like a parameter in one, then the address keeps its parameter', () => {
    const xml = rss('<item><title>&lab;</title><link><![CDATA[https://k.example.org/?a=1&lab;=2]]></link></item>');
    const named = xml.replace('<rss', '<!DOCTYPE rss [<!ENTITY lab "Kelp Lab">]><rss');
    expect(first(named)).toMatchObject({ title: 'Kelp Lab', url: 'https://k.example.org/?a=1&lab;=2' });
  });

  it('when very many are begun and none ends, then it is refused at once', () => {
    const began = performance.now();
    expect(() => parse(rss(`<item><title>${'<![CDATA[&'.repeat(200_000)}</title></item>`))).toThrow('broken XML');
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
