import { createHash } from 'node:crypto';
import type { KnownPaper } from './identity.ts';
import { titleIdentity } from './identity.ts';

/** A paper that a reader gave as an example of what they want; any part may be missing, but not all. */
export interface Example {
  /** Without version. */
  arxivId: string | null;
  /** In lower case. */
  doi: string | null;
  title: string;
  abstract: string;
}

/** An example as it is kept: with the paper it turned out to be, whose title and abstract stand for missing ones. */
export interface HeldExample extends Example {
  /** Null while no list has held the paper. */
  paperId: number | null;
}

/** Most examples of one interest. */
export const MAX_EXAMPLES = 500;

/** Longest that is read of what somebody pastes as examples, in UTF-8 bytes. */
export const MAX_PASTE_BYTES = 1_000_000;

/** Most concepts that can be left out of one interest. */
export const MAX_LEFT_OUT = 50;

/** Names what an example is known by, the surest first: `arxiv:…`, `doi:…` or `title:…`; '' where by nothing. */
export function exampleIdentity({ arxivId, doi, title }: Example): string {
  if (arxivId !== null) return `arxiv:${arxivId.toLowerCase()}`;
  if (doi !== null) return `doi:${doi}`;
  const key = titleIdentity(title);
  return key === '' ? '' : `title:${key}`;
}

/** Tells whether an example says anything to compare papers with, now. */
export function isTelling({ title, abstract }: Pick<Example, 'title' | 'abstract'>): boolean {
  return title !== '' || abstract !== '';
}

/**
 * Returns the key under which equal examples are shared: a hash of all that was given of them, in any order, and of the
 * concepts left out. Two readers share only what is the same to the letter, so that nobody's wording of a paper shows
 * up in another's mail. Empty where there is no example.
 */
export function likeKey(examples: readonly Example[], leftOut: readonly string[]): string {
  if (examples.length === 0) return '';
  const told = examples.map((one) => [exampleIdentity(one), one.arxivId, one.doi, one.title, one.abstract]);
  const sorted = told.map((one) => JSON.stringify(one)).sort();
  return createHash('sha256')
    .update(JSON.stringify([sorted, [...leftOut].sort()]))
    .digest('hex');
}

/**
 * Finds which known paper each example is; null: none of them. The arXiv id decides, else the DOI, else a title that
 * exactly one paper has, unless their ids differ: the rule that joins the papers of lists.
 */
export function joinExamples(examples: readonly Example[], known: readonly KnownPaper[]): (number | null)[] {
  const by = (list: 'arxivIds' | 'dois' | 'titleKeys') => {
    const found = new Map<string, KnownPaper[]>();
    for (const paper of known)
      for (const key of paper[list]) found.set(key.toLowerCase(), [...(found.get(key.toLowerCase()) ?? []), paper]);
    return found;
  };
  const [byArxiv, byDoi, byTitle] = [by('arxivIds'), by('dois'), by('titleKeys')];
  return examples.map(({ arxivId, doi, title }) => {
    const named = byArxiv.get(arxivId?.toLowerCase() ?? '')?.[0] ?? byDoi.get(doi ?? '')?.[0];
    if (named) return named.id;
    const titled = byTitle.get(titleIdentity(title)) ?? [];
    const other = (id: string | null, ids: readonly string[]) => id !== null && ids.length > 0;
    const only = titled.length === 1 ? titled[0] : undefined;
    return only && !other(arxivId, only.arxivIds) && !other(doi, only.dois) ? only.id : null;
  });
}
