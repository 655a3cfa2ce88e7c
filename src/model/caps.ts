/**
 * Longest that is kept of what a source says, far beyond anything real: in 558 days of lists the longest title has 200
 * characters and the longest abstract 3,000 (arXiv takes at most 1,920); the paper with the most authors names 5,154
 * (https://doi.org/10.1103/PhysRevLett.114.191803); all of arXiv announces some 1,500 papers a day. Texts in UTF-16
 * units.
 */
export const CAPS = {
  title: 6_000,
  abstract: 20_000,
  /** Of an author or an organisation. */
  name: 300,
  authors: 6_000,
  entries: 5_000,
  /** An address, a DOI: cut they would be wrong, so a longer one is left out. */
  link: 2_000,
} as const;

/** Cuts text to a length in UTF-16 units, never within a character: what would be half of one is left out too. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const half = (text.codePointAt(max - 1) ?? 0) > 0xffff;
  return text.slice(0, half ? max - 1 : max);
}
