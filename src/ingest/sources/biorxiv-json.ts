import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { firstEntries } from '../cap-digest.ts';
import { authorNames } from './author-names.ts';
import { describe, readJson } from './json-answer.ts';
import { askedDay, fullDateIn, type DayHints } from './list-day.ts';
import { textOfMarkup } from './markup-text.ts';
import { doiAt } from './paper-ids.ts';
import { squeeze } from './plain-text.ts';
import type { SourceKind } from './source-kind.ts';
import { isWithdrawn } from './withdrawn.ts';
import { writtenDay } from './written-dates.ts';

/** Answers of the API of bioRxiv and medRxiv (https://api.biorxiv.org). */
export const biorxivJson: SourceKind = {
  kind: 'biorxiv-json',
  recognises: (start) => /^\{\s*"(?:messages|collection)"\s*:/.test(start),
  read: parseBiorxiv,
};

const text = z.string().catch('');
const preprint = z.object({
  title: text,
  authors: text,
  author_corresponding_institution: text,
  doi: text,
  date: text,
  version: z.union([z.string(), z.int().transform(String)]).catch(''),
  type: text,
  abstract: text,
  server: text,
});
const answer = z.object({
  messages: z.array(z.object({ status: text, message: text, interval: text })).catch([]),
  collection: z.array(z.unknown()).nullable().catch(null),
});
type Preprint = z.output<typeof preprint>;

const EXPECTED = 'expected an answer of https://api.biorxiv.org/details with a «collection»';

/**
 * Reads an answer of bioRxiv's API: first versions of preprints, the last day of its interval as its day. Throws
 * AppError bad-input where it is no such answer.
 */
function parseBiorxiv(source: string, hints: DayHints): ParsedDigest {
  const json = readJson(source, hints.name, EXPECTED);
  const given = answer.safeParse(json).data;
  if (!given?.collection) {
    const said = given?.messages.map(({ status, message }) => squeeze(`${status} ${message}`)).join(', ') ?? '';
    const words = said.slice(0, 200);
    const problem = said === '' ? `${describe(json)} without a list` : `the server says «${words}»`;
    const values = { file: hints.name, words };
    throw new AppError('bad-input', `${hints.name}: ${problem}; ${EXPECTED}`, {
      said: { name: said === '' ? 'capture.noList' : 'capture.serverError', values },
    });
  }
  const warnings: ParseWarning[] = [];
  const papers = firstEntries(given.collection, warnings).map((element) => preprint.safeParse(element).data ?? null);
  if (papers.length > 0 && papers.every((paper) => paper === null)) {
    throw new AppError('bad-input', `${hints.name}: none of the ${papers.length} elements is a preprint; ${EXPECTED}`, {
      said: { name: 'capture.noPapers', values: { file: hints.name, n: papers.length } },
    });
  }
  const read = papers.flatMap((paper) => (paper && isNews(paper) ? [paper] : []));
  const digestOn = askedDay(hints) ?? dayOf(given.messages[0]?.interval ?? '', read, hints);
  return {
    listing: 'stream',
    digestOn,
    entries: read.map((paper, index) => toEntry(index + 1, paper, warnings)),
    warnings,
  };
}

/** A later version of what is known, or what was withdrawn, is no news. */
function isNews({ version, type, title, abstract }: Preprint): boolean {
  return (version === '' || version === '1') && !/withdraw/i.test(type) && !isWithdrawn({ title, abstract });
}

/** «2026-11-19:2026-11-20»; else the newest preprint's day, the one in the name, or the day of the fetch. */
function dayOf(interval: string, papers: readonly Preprint[], hints: DayHints): string {
  const last = writtenDay(interval.split(/[:/]/).at(-1) ?? '');
  const newest = papers.flatMap(({ date }) => writtenDay(date) ?? []).reduce((a, b) => (a > b ? a : b), '');
  return last ?? (newest || (fullDateIn(hints.name) ?? hints.fetchedAt.toISOString().slice(0, 10)));
}

function toEntry(position: number, paper: Preprint, warnings: ParseWarning[]): ParsedEntry {
  const [title, abstract] = [textOfMarkup(paper.title), textOfMarkup(paper.abstract)];
  if (title === '') warnings.push({ position, field: 'title', problem: 'missing' });
  if (abstract === '') warnings.push({ position, field: 'abstract', problem: 'missing' });
  const authors = authorNames([paper.authors]);
  const institution = textOfMarkup(paper.author_corresponding_institution);
  const doi = doiAt(paper.doi);
  const host = /^medrxiv$/i.test(paper.server) ? 'www.medrxiv.org' : 'www.biorxiv.org';
  return {
    position,
    title,
    abstract,
    authors,
    authorCount: authors.length || null,
    organization: institution === '' || institution === 'NA' ? null : { slug: institution, name: institution },
    publishedOn: writtenDay(paper.date),
    upvotes: null,
    comments: null,
    arxivId: null,
    doi,
    url: doi ? `https://${host}/content/${doi}v${paper.version || '1'}` : null,
    codeUrl: null,
    discussionUrl: null,
  };
}
