import type { Entry } from '../model/digest.ts';
import type { PaperText } from '../model/paper.ts';

/** Gives the matcher an entry; its id is the entry's. */
export function paperTextOf(entry: Entry): PaperText {
  const { id, title, abstract, authors, organization } = entry;
  return {
    id,
    title,
    abstract,
    authors: authors.length > 0 ? authors : null,
    organization: organization && `${organization.name} ${organization.slug}`,
  };
}
