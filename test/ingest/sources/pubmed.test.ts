import { expect, it } from 'vitest';
import { parseCapture } from '../../../src/ingest/parse-capture.ts';
import { foundAt } from '../../../src/ingest/sources/requests.ts';
import { pubmedAnswer } from '../../world/captures.ts';

const hints = { name: 'answer.xml', fetchedAt: new Date('2026-11-22T12:00:00Z') };
const read = (xml: string) => parseCapture(Buffer.from(xml), hints);
const ARTICLE = `<ArticleTitle>How <i>Laminaria</i> &amp; CO<sub>2</sub> meet at p &lt; 0.05.</ArticleTitle>
  <ELocationID EIdType="doi" ValidYN="Y">10.5555/Kelp.5</ELocationID>
  <Abstract><AbstractText Label="BACKGROUND">Kelp eats carbon.</AbstractText><AbstractText Label="RESULTS">It ate <b>more</b> than we.</AbstractText>
    <CopyrightInformation>© 2026 The Kelp Society.</CopyrightInformation></Abstract>
  <AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Quill</LastName><ForeName>Ada B</ForeName><Initials>AB</Initials><Suffix>Jr</Suffix>
      <AffiliationInfo><Affiliation>Shore Lab, Harbour Town.</Affiliation></AffiliationInfo></Author>
    <Author ValidYN="Y"><CollectiveName>Kelp &amp; Tides Consortium</CollectiveName></Author></AuthorList>
  <PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>
  <ArticleDate DateType="Electronic"><Year>2026</Year><Month>11</Month><Day>20</Day></ArticleDate>`;

it('when an article is read, then title, labelled abstract, people and groups, DOI, day and page come through as text', () => {
  expect(read(pubmedAnswer([ARTICLE]))).toEqual({
    listing: 'stream',
    digestOn: '2026-11-20',
    warnings: [],
    entries: [
      expect.objectContaining({
        title: 'How Laminaria & CO₂ meet at p < 0.05',
        abstract: 'BACKGROUND: Kelp eats carbon. RESULTS: It ate more than we.',
        authors: ['Ada B Quill Jr', 'Kelp & Tides Consortium'],
        doi: '10.5555/kelp.5',
        publishedOn: '2026-11-20',
        url: 'https://pubmed.ncbi.nlm.nih.gov/41000001/',
      }),
    ],
  });
});

it('when an article bears no day of its own and one author, then it is of the day PubMed took it in', () => {
  const [entry] = read(
    pubmedAnswer([
      '<ArticleTitle>[Kelp and tides].</ArticleTitle><AuthorList><Author><LastName>Reed</LastName><Initials>B</Initials></Author></AuthorList>',
    ]),
  ).entries;
  expect(entry).toMatchObject({
    title: 'Kelp and tides',
    authors: ['B Reed'],
    publishedOn: '2026-11-21',
    abstract: '',
  });
});

it.each(['Retracted Publication', 'Retraction of Publication', 'Published Erratum'])(
  'when an article is a %s, then it is left out',
  (type) => {
    const xml = pubmedAnswer([ARTICLE.replace('Journal Article', type), '<ArticleTitle>Another</ArticleTitle>']);
    expect(read(xml).entries.map(({ title }) => title)).toEqual(['Another']);
  },
);

it.each([
  ['cut', pubmedAnswer([ARTICLE]).slice(0, 900), /answer\.xml: broken XML.*expected an answer of efetch/],
  [
    'of articles without anything',
    '<PubmedArticleSet><PubmedArticle><a/></PubmedArticle></PubmedArticleSet>',
    /none of the 1/,
  ],
])('when an answer is %s, then it is refused', (_, xml, message) => {
  expect(() => read(xml)).toThrow(message);
});

it.each(['<PubmedArticleSet></PubmedArticleSet>', '<?xml version="1.0" ?>\n<PubmedArticleSet/>'])(
  'when nothing was found (%s), then that is a list of nothing',
  (xml) => expect(read(xml).entries).toEqual([]),
);

const SEARCH = 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&term=kelp';
const answer = (result: object) => Buffer.from(JSON.stringify({ header: { type: 'esearch' }, esearchresult: result }));

it('when a search names articles, then they are asked for by number', () => {
  const bytes = answer({ count: '2', idlist: ['41000001', '41000002'] });
  expect(foundAt(SEARCH, bytes)).toMatch(/efetch\.fcgi\?db=pubmed&.*&id=41000001,41000002$/);
  expect(foundAt(SEARCH, answer({ count: '0', idlist: [] }))).toBeNull();
});

it.each([
  ['tells of an error', answer({ ERROR: 'Invalid db', idlist: [] })],
  ['is a page', Buffer.from('<html>busy</html>')],
  ['names what is no number', answer({ idlist: ['1&db=x'] })],
])('when a search %s, then it is taken in and refused like any other answer', (_, bytes) => {
  expect(foundAt(SEARCH, bytes)).toBeUndefined();
});
