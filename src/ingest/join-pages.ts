import type { ParsedDigest, ParsedEntry, ParseWarning } from '../model/digest.ts';
import { present } from '../lib/present.ts';
import { firstEntries } from './cap-digest.ts';

/** Makes the pages of a list one digest, its entries numbered anew; the first page that has any tells of which kind. */
export function joinPages(pages: readonly ParsedDigest[]): ParsedDigest {
  const [first] = pages;
  if (!first || pages.length === 1) return present(first, 'a page');
  const { listing = 'curated', digestOn } = pages.find(({ entries }) => entries.length > 0) ?? first;
  const entries: ParsedEntry[] = [];
  const warnings: ParseWarning[] = [];
  for (const page of pages) {
    const behind = entries.length;
    for (const one of page.warnings)
      warnings.push({ ...one, position: one.position === null ? null : one.position + behind });
    for (const entry of page.entries) entries.push({ ...entry, position: entries.length + 1 });
  }
  return { listing, digestOn, entries: [...firstEntries(entries, warnings)], warnings };
}
