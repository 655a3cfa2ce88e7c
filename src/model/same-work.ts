/** Who gives DOIs to preprints: bioRxiv, medRxiv, arXiv, ChemRxiv, Research Square, OSF, Preprints, SSRN and others. */
const PREPRINT =
  /^10\.(?:1101|64898|48550|26434|21203|31219|31234|20944|22541|36227|2139|5281|12688|31223|32942|55458|47340)\//;

/** Tells whether a DOI is a preprint's. */
export function isPreprintDoi(doi: string): boolean {
  return PREPRINT.test(doi);
}

/**
 * Tells whether two DOIs may be one work: a preprint and what a journal made of it, or versions in two servers. Two
 * journals never print the same.
 */
export function mayBeOneWork(one: string, other: string): boolean {
  return one === other || isPreprintDoi(one) || isPreprintDoi(other);
}

/** Tells whether two lists of names share somebody: the same family name, and given names that begin alike. */
export function shareAuthor(some: readonly string[], others: readonly string[]): boolean {
  const keys = new Set(some.map(personKey));
  return others.some((name) => keys.has(personKey(name)));
}

/** «Ada Quill», «A. Quill» and «Quill A» are one. */
function personKey(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[\s.]+/)
    .filter(Boolean);
  const [first = '', last = ''] = [words[0], words.at(-1)];
  const isInverted = words.length > 1 && last.length <= 2 && first.length > 2;
  return isInverted ? `${first} ${last.charAt(0)}` : `${last} ${first.charAt(0)}`;
}
