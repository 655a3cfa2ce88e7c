/** A paper on an invented page. */
export interface PagePaper {
  title: string;
  abstract?: string;
  /** `9 authors`, or an organisation; null leaves the byline out. */
  who?: string | null;
  /** As printed: `Nov 9` or `Nov 9, 2024`. */
  date?: string;
  comments?: number;
}

/** Writes the text of a papers page in the layout of the real ones. */
export function page(day: string, papers: PagePaper[], eol = '\n'): string {
  const head = [
    'new',
    '',
    'Get trending papers in your email inbox!',
    '',
    'Subscribe',
    '',
    'Daily Papers',
    '',
    'byAK and the research community',
    '',
    day,
    '',
  ];
  const body = papers.flatMap(({ title, abstract, who, date, comments }) => {
    const text = abstract ?? abstractOf(title);
    if (who === null) return [title, '', text, ''];
    const dated = `${date ?? day}${comments === undefined ? '' : ` ${comments}`}`;
    return [title, '', text, '', who ?? '  • 9 authors', '·', dated, ''];
  });
  return [...head, ...body].join(eol).trimEnd();
}

/** Writes an answer of the daily_papers API. */
export function hfAnswer(
  day: string | null,
  papers: {
    title: string;
    abstract?: string;
    arxivId: string;
    authors?: string[];
    upvotes?: number;
    comments?: number;
  }[],
): string {
  return JSON.stringify(
    papers.map(({ title, abstract, arxivId, authors, upvotes, comments }) => ({
      paper: {
        id: arxivId,
        title,
        summary: abstract ?? abstractOf(title),
        authors: (authors ?? ['Ada Quill']).map((name) => ({ name, hidden: false })),
        publishedAt: '2026-11-02T10:00:00.000Z',
        ...(day ? { submittedOnDailyAt: `${day}T01:02:03.000Z` } : {}),
        upvotes: upvotes ?? 3,
      },
      title,
      numComments: comments ?? 1,
    })),
  );
}

/** Writes an answer of arXiv's API; `total` is how many papers it says the query has. */
export function arxivAnswer(
  papers: { title: string; arxivId: string; publishedOn: string }[],
  total: number | null = null,
): string {
  const entries = papers.map(
    ({ title, arxivId, publishedOn }) =>
      `<entry><id>http://arxiv.org/abs/${arxivId}v1</id><updated>${publishedOn}T10:00:00Z</updated><published>${publishedOn}T10:00:00Z</published>` +
      `<title>${title}</title><summary>${abstractOf(title)}</summary><author><name>Ada Quill</name></author></entry>`,
  );
  const namespace = 'http://a9.com/-/spec/opensearch/1.1/';
  const told =
    total === null ? '' : `<opensearch:totalResults xmlns:opensearch="${namespace}">${total}</opensearch:totalResults>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">ArXiv Query</title><id>http://arxiv.org/api/x</id><updated>2026-11-20T00:00:00-05:00</updated>${told}${entries.join('\n')}</feed>`;
}

/** Writes an answer of PubMed's efetch; each article is what stands in its Article element. */
export function pubmedAnswer(articles: string[]): string {
  const written = articles.map(
    (article, at) =>
      `<PubmedArticle><MedlineCitation Status="Publisher" Owner="NLM"><PMID Version="1">${41000001 + at}</PMID>` +
      `<Article PubModel="Print-Electronic">${article}</Article></MedlineCitation><PubmedData><History>` +
      `<PubMedPubDate PubStatus="entrez"><Year>2026</Year><Month>11</Month><Day>21</Day></PubMedPubDate></History>` +
      `<ArticleIdList><ArticleId IdType="pubmed">${41000001 + at}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>`,
  );
  return `<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>${written.join('\n')}</PubmedArticleSet>`;
}

function abstractOf(title: string): string {
  return `We look into ${title} and find that the usual account leaves out what happens at the edges. Three experiments of growing size show the effect, and a simple bound explains most of it. The code is on a shelf nearby.`;
}
