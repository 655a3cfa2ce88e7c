import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { firstEntries } from '../cap-digest.ts';
import { askedDay, fullDateIn, toDate, type DayHints } from './list-day.ts';
import { textOfMarkup } from './markup-text.ts';
import { doiAt } from './paper-ids.ts';
import { soundXml } from './sound-xml.ts';
import type { SourceKind } from './source-kind.ts';
import { isWithdrawn } from './withdrawn.ts';
import { writtenDay } from './written-dates.ts';

/** Answers of PubMed's efetch as XML (https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/). */
export const pubmedXml: SourceKind = {
  kind: 'pubmed-xml',
  recognises: (start) => /^(?:<\?xml[^<>]{0,200}>\s*)?(?:<!DOCTYPE PubmedArticleSet\b|<PubmedArticleSet\b)/.test(start),
  read: parsePubmed,
};

const EXPECTED = 'expected an answer of efetch with a PubmedArticleSet';

/** Elements that stand several times, or once. */
const LISTS = new Set(
  'PubmedArticle AbstractText Author ELocationID ArticleId ArticleDate PubMedPubDate PublicationType'.split(' '),
);
/** Texts with markup in them, read as they stand. */
const WRITTEN = ['ArticleTitle', 'VernacularTitle', 'AbstractText', 'CollectiveName'].map((name) => `*.${name}`);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  processEntities: false, // textOfMarkup does
  stopNodes: WRITTEN,
  isArray: (name) => LISTS.has(name),
});

/** An element's text, with attributes or without. */
const text = z
  .union([z.string(), z.object({ '#text': z.string() }).transform((element) => element['#text'])])
  .catch('');
const of = <T extends z.ZodType>(element: T) => z.array(element).catch([]);
const identifier = z.object({ '#text': text, '@IdType': text, '@EIdType': text });
const dated = z.object({ Year: text, Month: text, Day: text });
const article = z.object({
  MedlineCitation: z.object({
    PMID: text,
    Article: z.object({
      ArticleTitle: text,
      VernacularTitle: text,
      Abstract: z
        .object({ AbstractText: of(z.union([z.string(), z.looseObject({ '#text': z.string().catch('') })])) })
        .catch({ AbstractText: [] }),
      AuthorList: z
        .object({
          Author: of(z.object({ LastName: text, ForeName: text, Initials: text, Suffix: text, CollectiveName: text })),
        })
        .catch({ Author: [] }),
      ELocationID: of(identifier),
      ArticleDate: of(dated),
      PublicationTypeList: z.object({ PublicationType: of(text) }).catch({ PublicationType: [] }),
    }),
  }),
  PubmedData: z
    .object({
      History: z.object({ PubMedPubDate: of(dated.extend({ '@PubStatus': text })) }).catch({ PubMedPubDate: [] }),
      ArticleIdList: z.object({ ArticleId: of(identifier) }).catch({ ArticleId: [] }),
    })
    .catch({ History: { PubMedPubDate: [] }, ArticleIdList: { ArticleId: [] } }),
});
type Article = z.output<typeof article>;
type Cited = Article['MedlineCitation']['Article'];

/**
 * Reads an answer of PubMed's efetch: articles, without retracted ones and notices about others. Throws AppError
 * bad-input where it is no such answer.
 */
function parsePubmed(source: string, hints: DayHints): ParsedDigest {
  const document = z
    .object({
      PubmedArticleSet: z.union([z.literal(''), z.looseObject({ PubmedArticle: z.array(z.unknown()).default([]) })]),
    })
    .safeParse(parser.parse(soundXml(source, hints.name, EXPECTED))).data;
  if (!document)
    throw new AppError('bad-input', `${hints.name}: XML without a PubmedArticleSet; ${EXPECTED}`, {
      said: { name: 'capture.noList', values: { file: hints.name } },
    });
  const set = document.PubmedArticleSet;
  const given = set === '' ? [] : set.PubmedArticle;
  const warnings: ParseWarning[] = [];
  const read = firstEntries(given, warnings).flatMap((element) => article.safeParse(element).data ?? []);
  if (given.length > 0 && read.length === 0)
    throw new AppError('bad-input', `${hints.name}: none of the ${given.length} articles has a title; ${EXPECTED}`, {
      said: { name: 'capture.noPapers', values: { file: hints.name, n: given.length } },
    });
  const listed = read.filter(isArticle);
  const newest = listed.flatMap((one) => dayOf(one) ?? []).reduce((a, b) => (a > b ? a : b), '');
  const digestOn =
    askedDay(hints) ?? (newest || (fullDateIn(hints.name) ?? hints.fetchedAt.toISOString().slice(0, 10)));
  const entries = listed.map((one, index) => toEntry(index + 1, one, warnings));
  return { listing: 'stream', digestOn, entries, warnings };
}

/** Corrections, retractions and what was retracted are no news. */
const NO_NEWS = /^(?:Retract|Published Erratum|Expression of Concern)/;

function isArticle({ MedlineCitation: { Article: cited } }: Article): boolean {
  const types = cited.PublicationTypeList.PublicationType;
  return !types.some((type) => NO_NEWS.test(type)) && !isWithdrawn({ title: titleOf(cited), abstract: '' });
}

/** When it was published online, else when PubMed took it in. */
function dayOf({ MedlineCitation, PubmedData }: Article): string | null {
  const online = MedlineCitation.Article.ArticleDate[0];
  const entered = PubmedData.History.PubMedPubDate.find((date) => ['entrez', 'pubmed'].includes(date['@PubStatus']));
  for (const date of [online, entered]) {
    const day =
      date &&
      (toDate(Number(date.Year), Number(date.Month), Number(date.Day)) ??
        writtenDay(`${date.Year} ${date.Month} ${date.Day}`));
    if (day) return day;
  }
  return null;
}

/** PubMed ends a title with a point, and puts one that it translated in brackets. */
function titleOf({ ArticleTitle, VernacularTitle }: Cited): string {
  const title = textOfMarkup(ArticleTitle || VernacularTitle).replace(/(?<!\.)\.$/, '');
  return /^\[[^[\]]*\]$/.test(title) ? title.slice(1, -1).replace(/\.$/, '') : title;
}

function abstractOf({ Abstract }: Cited): string {
  const parts = Abstract.AbstractText.map((part) => {
    if (typeof part === 'string') return textOfMarkup(part);
    const label = typeof part['@Label'] === 'string' ? textOfMarkup(part['@Label']) : '';
    const said = textOfMarkup(part['#text']);
    return label === '' || said === '' ? said : `${label}: ${said}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

function authorsOf({ AuthorList }: Cited): string[] {
  const names = AuthorList.Author.map(({ LastName, ForeName, Initials, Suffix, CollectiveName }) =>
    textOfMarkup(CollectiveName || [ForeName || Initials, LastName, Suffix].join(' ')),
  );
  return names.filter((name) => name !== '');
}

function toEntry(position: number, { MedlineCitation, PubmedData }: Article, warnings: ParseWarning[]): ParsedEntry {
  const { PMID, Article: cited } = MedlineCitation;
  const [title, abstract, authors] = [titleOf(cited), abstractOf(cited), authorsOf(cited)];
  if (title === '') warnings.push({ position, field: 'title', problem: 'missing' });
  if (abstract === '') warnings.push({ position, field: 'abstract', problem: 'missing' });
  const dois = [...PubmedData.ArticleIdList.ArticleId, ...cited.ELocationID].filter(
    (id) => id['@IdType'] === 'doi' || id['@EIdType'] === 'doi',
  );
  return {
    position,
    title,
    abstract,
    authors,
    authorCount: authors.length || null,
    organization: null,
    publishedOn: dayOf({ MedlineCitation, PubmedData }),
    upvotes: null,
    comments: null,
    arxivId: null,
    doi: dois.flatMap((id) => doiAt(textOfMarkup(id['#text'])) ?? [])[0] ?? null,
    url: /^\d{1,9}$/.test(PMID) ? `https://pubmed.ncbi.nlm.nih.gov/${PMID}/` : null,
    codeUrl: null,
    discussionUrl: null,
  };
}
