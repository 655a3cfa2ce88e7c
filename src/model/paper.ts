import type { Organization } from './digest.ts';

/** What a matcher needs to know of a paper. */
export interface PaperText {
  id: number | string;
  title: string;
  abstract: string;
  /** Author names; null where the source gives only their number. */
  authors: string[] | null;
  organization: Organization | null;
  /** Keywords that a model gave it: heard a little in what it means, and never seen as its words. */
  modelKeywords?: readonly string[];
}

/**
 * Gives the matcher a paper or an entry under an id of the caller's choice; a list of no authors means that none are
 * named.
 */
export function paperTextOf<Id extends PaperText['id']>(
  id: Id,
  { title, abstract, authors, organization, modelKeywords }: Omit<PaperText, 'id'>,
): PaperText & { id: Id } {
  const named = authors && authors.length > 0 ? authors : null;
  return { id, title, abstract, authors: named, organization, ...(modelKeywords?.length ? { modelKeywords } : {}) };
}

/**
 * Makes an organisation of the slug and the name it is kept by, either of which stands in for the other; null where
 * neither says anything.
 */
export function organizationOf(slug: string | null | undefined, name: string | null | undefined): Organization | null {
  const known = slug || name;
  return known ? { slug: known, name: name || known } : null;
}

/**
 * Returns the form under which two titles count as the same: NFKC, LaTeX marks out, case-folded, letters and digits
 * only. The keys are stored: whoever changes the rule re-keys them in a migration. Never returns '' for a title that
 * has a letter or digit.
 */
export function titleKey(title: string): string {
  return title
    .normalize('NFKC')
    .replace(/\\[a-zA-Z]+\s*/g, ' ')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
