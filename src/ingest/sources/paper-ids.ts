import { arxivIdIn, bareArxivId, doiIn } from '../../model/reference.ts';

/** Preprints whose DOI bears no version, though their links do: bioRxiv, medRxiv. */
const VERSIONED = /^(10\.(?:1101|64898)\/[\d.]+)v\d+(?:\..*)?$/;
/** Nature's pages are named by the end of the DOI. */
const NATURE = /^https?:\/\/(?:www\.)?nature\.com\/articles\/([a-z\d.-]{5,60})/i;

/** Oxford's pages put a number of their own behind the DOI. */
const OXFORD = /(\bacademic\.oup\.com\/.{1,200}\/doi\/10\.\d{4,9}\/[^/\s]+\/[^/\s]+)\/\d+(?=[/?#]|$)/i;

/** What identifies a paper. */
export interface PaperIds {
  /** Without version. */
  arxivId: string | null;
  /** In lower case, none that arXiv gave. */
  doi: string | null;
}

/**
 * Finds a paper's arXiv id and DOI where feeds write them: identifiers, ids and links, the surest first.
 */
export function paperIds(places: readonly string[]): PaperIds {
  const arxiv = (place: string) => bareArxivId(place) ?? oaiId(place) ?? arxivIdIn(place);
  return { arxivId: firstFound(places, arxiv), doi: firstFound(places, doiAt) };
}

/** Returns a DOI in the one form it is compared in: lower case, without version or address; null where it is none. */
export function doiAt(place: string): string | null {
  const doi = doiIn(place.replace(OXFORD, '$1')) ?? natureDoi(place);
  if (doi === null) return null;
  return VERSIONED.exec(doi)?.[1] ?? doi;
}

function natureDoi(place: string): string | null {
  const article = NATURE.exec(place)?.[1];
  return article === undefined ? null : `10.1038/${article.toLowerCase()}`;
}

/** «oai:arXiv.org:2611.00001v1», as arXiv's RSS names its items. */
function oaiId(place: string): string | null {
  return bareArxivId(/^oai:arXiv\.org:(\S{5,40})$/i.exec(place.trim())?.[1] ?? '');
}

function firstFound(places: readonly string[], find: (place: string) => string | null): string | null {
  for (const place of places) {
    const found = find(place);
    if (found !== null) return found;
  }
  return null;
}
