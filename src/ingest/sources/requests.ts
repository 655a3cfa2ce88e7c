import { z } from 'zod';
import { addDays } from '../../lib/time.ts';

/**
 * How many list days before today are asked for again: lists fill during the day and after week-ends, and a service may
 * have been down.
 */
export const DAYS_BACK = 4;

/**
 * Returns the URLs to get for a source at an instant: the URL itself, or one for each of the last days (UTC, oldest
 * first) where it holds `{date}`, as in `https://huggingface.co/api/daily_papers?date={date}`; before them those of
 * older days that are missing.
 */
export function requestsFor(location: string, now: Date, missing: readonly string[] = []): string[] {
  if (!location.includes('{date}')) return [location];
  const today = now.toISOString().slice(0, 10);
  const last = Array.from({ length: DAYS_BACK + 1 }, (_, index) => addDays(today, index - DAYS_BACK));
  return [...missing, ...last].map((day) => location.replaceAll('{date}', day));
}

/** Most pages of one answer: thirty times a hundred papers are more than a day has. */
export const MOST_PAGES = 30;

/** Counts what one page of an answer lists; null where its address knows no pages. */
export function listedOn(url: string, bytes: Uint8Array): number | null {
  if (BIORXIV.test(url)) return collectionLength(bytes);
  return ARXIV.test(url) ? entryCount(bytes) : null;
}

/** Returns how much the whole list has of which an answer is a page, as arXiv's API says; null where it is not told. */
export function totalOn(url: string, bytes: Uint8Array): number | null {
  const told = ARXIV.test(url) ? TOTAL.exec(new TextDecoder().decode(bytes.subarray(0, HEAD)))?.[1] : undefined;
  return told === undefined ? null : Number(told);
}

/**
 * Returns the address of the page after one that listed so many; null where it is the last one, or knows no pages.
 * bioRxiv's API gives some thirty preprints at a time, from the one whose number stands in the path
 * (https://api.biorxiv.org). A page of arXiv's API that is full has another behind it
 * (https://info.arxiv.org/help/api/user-manual.html).
 */
export function nextPage(url: string, listed: number | null): string | null {
  if (!listed) return null;
  const path = BIORXIV.exec(url);
  if (path) return `${path[1] ?? ''}${Number(path[2]) + listed}${path[3] ?? ''}`;
  const [, query = '', start = '', size = ''] = ARXIV.exec(url) ?? [];
  return size !== '' && listed >= Number(size) ? `${query}${Number(start) + listed}&max_results=${size}` : null;
}

/**
 * Returns where to ask for what a search found, null where it found nothing; undefined of any other answer. PubMed's
 * names articles, which are asked for by their numbers (https://www.ncbi.nlm.nih.gov/books/NBK25499/).
 */
export function foundAt(url: string, bytes: Uint8Array): string | null | undefined {
  const found = ESEARCH.test(url) ? searchAnswer.safeParse(jsonOf(bytes)).data?.esearchresult.idlist : undefined;
  return found && (found.length > 0 ? `${EFETCH}${found.join(',')}` : null);
}

const ESEARCH = /^https:\/\/eutils\.ncbi\.nlm\.nih\.gov\/entrez\/eutils\/esearch\.fcgi\?/;
const EFETCH = 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi?db=pubmed&retmode=xml&tool=offprint&id=';
const searchAnswer = z.object({
  esearchresult: z.object({
    ERROR: z.undefined().optional(),
    idlist: z.array(z.string().regex(/^\d{1,9}$/)).max(1_000),
  }),
});

const BIORXIV =
  /^(https:\/\/api\.(?:biorxiv|medrxiv)\.org\/details\/[a-z]+\/[^/?]+\/[^/?]+\/)(\d{1,6})((?:\/json)?(?:\?.*)?)$/;

const ARXIV = /^(https:\/\/export\.arxiv\.org\/api\/query\?[^#]{1,2000}&start=)(\d{1,6})&max_results=([1-9]\d{0,3})$/;

/** It stands before the entries, within this many bytes. */
const HEAD = 16 * 1024;
const TOTAL = /<opensearch:totalResults(?:\s[^<>]{0,200})?>\s{0,20}(\d{1,9})\s{0,20}</;

function entryCount(bytes: Uint8Array): number {
  return new TextDecoder().decode(bytes).split('<entry>').length - 1;
}

function collectionLength(bytes: Uint8Array): number {
  return z.object({ collection: z.array(z.unknown()) }).safeParse(jsonOf(bytes)).data?.collection.length ?? 0;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
