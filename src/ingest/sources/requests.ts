import { z } from 'zod';
import { addDays } from '../../lib/time.ts';

/**
 * How many list days before today are asked for again: lists fill during the day and after week-ends, and a service may
 * have been down.
 */
export const DAYS_BACK = 4;

/**
 * Returns the URLs to get for a source at an instant: the URL itself, or one for each of the last days (UTC, oldest
 * first) where it holds `{date}`, as in `https://huggingface.co/api/daily_papers?date={date}`.
 */
export function requestsFor(location: string, now: Date): string[] {
  if (!location.includes('{date}')) return [location];
  const today = now.toISOString().slice(0, 10);
  return Array.from({ length: DAYS_BACK + 1 }, (_, index) =>
    location.replaceAll('{date}', addDays(today, index - DAYS_BACK)),
  );
}

/** Most pages of one answer: thirty times a hundred papers are more than a day has. */
export const MOST_PAGES = 30;

/**
 * Returns the address of an answer's next page; null where it is the last one, or knows no pages. bioRxiv's API gives
 * some thirty preprints at a time, from the one whose number stands in the path (https://api.biorxiv.org); PubMed's search
 * names articles, which are asked for by their numbers (https://www.ncbi.nlm.nih.gov/books/NBK25499/). A page of arXiv's
 * API that is full has another behind it (https://info.arxiv.org/help/api/user-manual.html).
 */
export function nextPage(url: string, bytes: Uint8Array): string | null {
  const found = foundBy(url, bytes);
  if (found) return found.length === 0 ? null : `${EFETCH}${found.join(',')}`;
  const path = BIORXIV.exec(url);
  const listed = path && collectionLength(bytes);
  if (path && listed) return `${path[1] ?? ''}${Number(path[2]) + listed}${path[3] ?? ''}`;
  const query = ARXIV.exec(url);
  const isFull = query && entryCount(bytes) >= Number(query[3]);
  return isFull ? `${query[1] ?? ''}${Number(query[2]) + Number(query[3])}&max_results=${query[3] ?? ''}` : null;
}

/** Tells whether an answer lists papers; a search's only names them, where it went well. */
export function listsPapers(url: string, bytes: Uint8Array): boolean {
  return foundBy(url, bytes) === null;
}

const ESEARCH = /^https:\/\/eutils\.ncbi\.nlm\.nih\.gov\/entrez\/eutils\/esearch\.fcgi\?/;
const EFETCH = 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi?db=pubmed&retmode=xml&tool=offprint&id=';
const searchAnswer = z.object({
  esearchresult: z.object({
    ERROR: z.undefined().optional(),
    idlist: z.array(z.string().regex(/^\d{1,9}$/)).max(1_000),
  }),
});

/** Returns the numbers of the articles that a search of PubMed found; null where the answer is none of one. */
function foundBy(url: string, bytes: Uint8Array): string[] | null {
  return ESEARCH.test(url) ? (searchAnswer.safeParse(jsonOf(bytes)).data?.esearchresult.idlist ?? null) : null;
}

const BIORXIV =
  /^(https:\/\/api\.(?:biorxiv|medrxiv)\.org\/details\/[a-z]+\/[^/?]+\/[^/?]+\/)(\d{1,6})((?:\/json)?(?:\?.*)?)$/;

const ARXIV = /^(https:\/\/export\.arxiv\.org\/api\/query\?[^#]{1,2000}&start=)(\d{1,6})&max_results=([1-9]\d{0,3})$/;

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
