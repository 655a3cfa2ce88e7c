import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { Organization, ParsedDigest, ParsedEntry, ParseWarning } from '../../model/digest.ts';
import { firstEntries } from '../cap-digest.ts';
import { hfAdds, hfPictures, readAnnotations } from './hf-annotations.ts';
import { describe, readJson } from './json-answer.ts';
import { fullDateIn, isDate, type DayHints } from './list-day.ts';
import { textOfMarkup } from './markup-text.ts';
import { squeeze } from './plain-text.ts';
import type { SourceKind } from './source-kind.ts';

/** An object or an array; a link of Markdown begins with a bracket too. */
const JSON_START = /^(?:\{|\[\s*(?:[{["]|\](?!\()|-?\d[\d.e+-]*\s*[,\]](?!\()|true|false|null|$))/i;

/** Answers of the Hugging Face `daily_papers` API, and whatever else is JSON: it says what was expected. */
export const hfJson: SourceKind = {
  kind: 'hf-json',
  recognises: (start) => JSON_START.test(start),
  read: parseHfJson,
};

/** Fields drift from month to month; only what is used is asked for, and a field of the wrong kind counts as absent. */
const text = z.string().catch('');
const count = z.int().min(0).max(2_000_000_000).nullable().catch(null);
const organization = z.object({ name: text, fullname: text }).nullable().catch(null);
/** One that cannot be read takes no other with it. */
const author = z
  .union([
    z.string().transform((name) => ({ name, hidden: false })),
    z.object({ name: text, hidden: z.boolean().catch(false) }),
  ])
  .catch({ name: '', hidden: false });
const listedPaper = z.object({
  title: text,
  summary: text,
  numComments: count,
  organization,
  ...hfPictures.shape,
  paper: z.object({
    ...hfAdds.shape,
    id: text,
    title: text,
    summary: text,
    authors: z.array(author).nullable().catch(null),
    publishedAt: text,
    submittedOnDailyAt: text,
    upvotes: count,
    githubRepo: text,
    githubStars: count,
    organization,
  }),
});
type ListedPaper = z.output<typeof listedPaper>;

const EXPECTED = 'expected an array of objects with a «paper», as https://huggingface.co/api/daily_papers answers';

/**
 * Reads an answer of the Hugging Face `daily_papers` API (https://huggingface.co/docs/hub/api), bare or wrapped in an
 * object's `data`. Throws AppError bad-input where it is not JSON, not such a list, or no element of it is a paper.
 */
function parseHfJson(source: string, hints: DayHints): ParsedDigest {
  const { list: whole, statedOn } = readList(source, hints.name);
  const warnings: ParseWarning[] = [];
  const list = firstEntries(whole, warnings);
  const papers = list.map((element) => listedPaper.safeParse(element).data ?? null);
  if (list.length > 0 && papers.every((paper) => paper === null)) {
    throw new AppError(
      'bad-input',
      `${hints.name}: none of the ${list.length} elements is a paper (the first is ${describe(list[0])}); ${EXPECTED}`,
      { said: { name: 'capture.noPapers', values: { file: hints.name, n: list.length } } },
    );
  }
  const { digestOn, problems } = dayOf(papers, statedOn, hints);
  for (const problem of problems) warnings.push({ position: null, field: 'digestOn', problem });
  const entries = papers.map((paper, index) => toEntry(index + 1, paper, warnings));
  return { digestOn, entries, warnings };
}

function readList(source: string, name: string): { list: unknown[]; statedOn: string | null } {
  const json = readJson(source, name, EXPECTED);
  if (Array.isArray(json)) return { list: json, statedOn: null };
  const told = errorIn(json);
  if (told !== null) throw toldError(name, squeeze(told).slice(0, 200));
  const wrapped = z.object({ date: text, data: z.array(z.unknown()) }).safeParse(json).data;
  if (wrapped) return { list: wrapped.data, statedOn: isDate(wrapped.date) ? wrapped.date : null };
  throw new AppError('bad-input', `${name}: ${describe(json)} instead of a list; ${EXPECTED}`, {
    said: { name: 'capture.noList', values: { file: name } },
  });
}

function toldError(file: string, words: string): AppError {
  return new AppError('bad-input', `${file}: the server tells of an error (${words}); ${EXPECTED}`, {
    said: { name: 'capture.serverError', values: { file, words } },
  });
}

/** What servers answer with instead of a list: {"error":"…"}, {"error":{"message":"…"}}, {"message":"…"}. */
function errorIn(json: unknown): string | null {
  const message = z.object({ message: z.string() }).transform((told) => told.message);
  const error = z.object({ error: z.union([z.string(), message]) }).transform((told) => told.error);
  return z.union([error, message]).safeParse(json).data ?? null;
}

/**
 * The day most of the papers were listed on, unless the operator gave one: an undated list at the week-end repeats
 * Friday's.
 */
function dayOf(
  papers: (ListedPaper | null)[],
  statedOn: string | null,
  hints: DayHints,
): { digestOn: string; problems: string[] } {
  const votes = new Map<string, number>();
  for (const paper of papers) {
    const day = paper?.paper.submittedOnDailyAt.slice(0, 10) ?? '';
    if (isDate(day)) votes.set(day, (votes.get(day) ?? 0) + 1);
  }
  const [top] = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1));
  const named = statedOn ?? fullDateIn(hints.name);
  const fetchedOn = papers.length === 0 ? hints.fetchedAt.toISOString().slice(0, 10) : undefined;
  const digestOn = hints.on ?? top?.[0] ?? named ?? fetchedOn;
  if (!digestOn) {
    throw new AppError(
      'bad-input',
      `${hints.name}: no list day; expected submittedOnDailyAt in the papers, a date in the file name, or --on YYYY-MM-DD`,
      { said: { name: 'capture.noDay', values: { file: hints.name } } },
    );
  }
  const problems =
    top && top[0] !== digestOn ? [`most papers say they were listed on ${top[0]}; ${digestOn} was given`] : [];
  if (!hints.on && top && named && named !== top[0]) problems.push(`the papers say ${top[0]}, the name says ${named}`);
  const strays = [...votes].reduce((sum, [day, many]) => sum + (day === top?.[0] ? 0 : many), 0);
  if (strays > 0) problems.push(`${strays} papers were listed on other days`);
  return { digestOn, problems };
}

function toEntry(position: number, listed: ListedPaper | null, warnings: ParseWarning[]): ParsedEntry {
  const warn = (field: string, problem: string) => warnings.push({ position, field, problem });
  const paper = listed?.paper;
  const title = textOfMarkup(paper?.title || listed?.title || '');
  const abstract = textOfMarkup(paper?.summary || listed?.summary || '');
  if (!listed) warn('paper', 'not an object with a «paper»');
  if (title === '') warn('title', 'missing');
  if (abstract === '') warn('abstract', 'missing');
  const shown = paper?.authors?.filter(({ hidden }) => !hidden) ?? [];
  const authors = shown.map(({ name }) => squeeze(name)).filter((name) => name !== '');
  const arxivId = /^\d{4}\.\d{4,5}(?=v\d+$|$)/.exec(paper?.id ?? '')?.[0] ?? null;
  const codeUrl = /^https?:\/\/[^\s"<>]+$/.exec(paper?.githubRepo ?? '')?.[0] ?? null;
  const annotations = listed && readAnnotations(listed.paper, listed);
  const publishedOn = (paper?.publishedAt ?? '').slice(0, 10);
  return {
    position,
    title,
    abstract,
    authors,
    authorCount: shown.length || null,
    organization: toOrganization(listed?.organization ?? paper?.organization ?? null),
    publishedOn: isDate(publishedOn) ? publishedOn : null,
    upvotes: paper?.upvotes ?? null,
    comments: listed?.numComments ?? null,
    arxivId,
    doi: null,
    url: arxivId ? `https://arxiv.org/abs/${arxivId}` : null,
    codeUrl,
    stars: codeUrl === null ? null : (paper?.githubStars ?? null),
    discussionUrl: arxivId ? `https://huggingface.co/papers/${arxivId}` : null,
    ...(annotations && { annotations }),
  };
}

function toOrganization(given: { name: string; fullname: string } | null): Organization | null {
  const slug = squeeze(given?.name ?? '');
  const name = squeeze(given?.fullname ?? '');
  return slug || name ? { slug: slug || name, name: name || slug } : null;
}
