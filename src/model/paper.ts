/** What a matcher needs to know of a paper. */
export interface PaperText {
  id: number | string;
  title: string;
  abstract: string;
  /** Author names; null where the source gives only their number. */
  authors: string[] | null;
  /** Organisation names and slugs, if any. */
  organization: string | null;
}

/**
 * Returns the form under which two titles count as the same: NFKC, LaTeX marks out, case-folded, letters and digits only.
 * The keys are stored: whoever changes the rule re-keys them in a migration. Never returns '' for a title that has a letter or digit.
 */
export function titleKey(title: string): string {
  return title
    .normalize('NFKC')
    .replace(/\\[a-zA-Z]+\s*/g, ' ')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
