import { cleanText } from '../compose/text/clean-text.ts';
import { latexToText } from '../compose/text/latex-to-text.ts';
import { plainOf } from '../compose/text/marked-text.ts';
import { firstLines, readAbstract } from '../compose/text/paper-reading.ts';
import type { Translate } from '../lib/strings.ts';
import type { Entry } from '../model/digest.ts';
import { dateInWords } from '../compose/text/dates.ts';

/** Authors named on a card; on a paper's own page all are. */
const NAMED = 4;

/** What an entry of a list says of where it stands: on its day's page nothing is said twice. */
export interface Place {
  language: string;
  /** Names a source for readers. */
  named: (source: string) => string;
  /** On its day's page, the lists of that day it is on, where there are several lists; null elsewhere. */
  day: { sourcesOf?: (entry: Entry) => string[] } | null;
}

/** Prepares a paper as a list of the archive shows it: what is new in it, and a line of facts. */
export function paperItem(t: Translate, { language, named, day }: Place, entry: Entry) {
  const date = dateInWords(entry.digestOn, language, 'medium');
  const where = day
    ? (day.sourcesOf?.(entry) ?? []).map(named).join(', ')
    : t('paper.listed', { date, source: named(entry.source) });
  const facts = [
    bylineText(t, language, entry, NAMED),
    where,
    ...(entry.upvotes === null ? [] : [t('paper.upvotes.fact', { n: entry.upvotes })]),
    ...(entry.comments === null ? [] : [t('paper.comments.fact', { n: entry.comments })]),
  ];
  return {
    href: `/papers/${entry.paperPublicId}`,
    title: titleText(entry.title),
    says: firstLinesText(entry),
    facts: facts.filter(Boolean),
    /** Its number in the margin; '' where the list has an order of its own. */
    place: day ? String(entry.position) : '',
  };
}

/** Cleans a title for display: LaTeX residue and invisible characters out. */
export function titleText(title: string): string {
  return plainOf(latexToText(cleanText(title), 'title'));
}

/** Cleans an abstract for display. */
export function abstractText(abstract: string): string {
  return plainOf(latexToText(cleanText(abstract), 'abstract'));
}

/** Returns what is new in a paper and what came out, for display; empty without an abstract. */
export function firstLinesText({ title, abstract }: Pick<Entry, 'title' | 'abstract'>): string {
  return plainOf(firstLines(readAbstract(titleText(title), abstract)));
}

/** Words who wrote a paper, where and when, as far as its source says. */
export function bylineText(
  t: Translate,
  language: string,
  paper: Pick<Entry, 'authors' | 'authorCount' | 'organization' | 'publishedOn'>,
  named: number,
): string {
  const names = paper.authors.slice(0, named).map((name) => cleanText(name));
  const rest = (paper.authorCount ?? paper.authors.length) - names.length;
  const who =
    names.length === 0
      ? paper.authorCount === null
        ? ''
        : t('paper.byAuthors', { n: paper.authorCount })
      : [names.join(', '), ...(rest > 0 ? [t('paper.more', { n: rest })] : [])].join(' ');
  const when = paper.publishedOn
    ? t('paper.published', { date: dateInWords(paper.publishedOn, language, 'long') })
    : '';
  return [who, cleanText(paper.organization?.name ?? ''), when].filter(Boolean).join(' · ');
}
