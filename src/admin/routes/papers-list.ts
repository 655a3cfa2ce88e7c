import { listPapers } from '../../db/digests/paper-list.ts';
import { searchPapers } from '../../db/digests/paper-search.ts';
import { listSection } from '../list.ts';

/** Authors that are named in a row. */
const NAMED = 3;

/** The papers that readers may see, or those that hold some words. */
export const papers = listSection({
  ...{ area: 'papers', path: '/admin/papers', room: 'sources', api: '/api/v1/papers' },
  columns: ['title', 'authors', 'day', 'source'],
  filters: [{ name: 'search', type: 'search' }],
  read: (ctx, wish, { search = '' }) =>
    search.trim() === '' ? listPapers(ctx.db, wish) : searchPapers(ctx.db, search, wish),
  cells: ({ paperPublicId, title, authors, digestOn, source }) => [
    ...[{ text: title, href: `/admin/papers/${paperPublicId}` }, namesOf(authors)],
    ...[digestOn, source],
  ],
});

function namesOf(authors: readonly string[]): string {
  return [...authors.slice(0, NAMED), ...(authors.length > NAMED ? ['…'] : [])].join(', ');
}
