import { meantIds } from '../../lib/public-id.ts';
import { dateOnly } from '../../lib/time.ts';
import type { DigestState } from '../../model/digest.ts';
import type { Tx } from '../client.ts';

/** All that is known of one paper, held lists included, for who runs the service. */
export interface PaperDossier {
  id: number;
  /** Of the root of its merges. */
  publicId: string;
  title: string;
  authors: string[];
  arrivedAt: Date | null;
  withheldAt: Date | null;
  identities: { kind: string; value: string }[];
  /** What was merged into it. */
  merged: { publicId: string; title: string }[];
  listings: Listing[];
}

/** A list that holds a paper. */
export interface Listing {
  digestId: number;
  source: string;
  digestOn: string;
  state: DigestState;
  position: number;
  title: string;
  /** Too old to be news. */
  known: boolean;
}

/** Most lists of one paper that are shown. */
const MOST_LISTINGS = 60;

/** Loads a paper, or the one it was merged into, by the id in its link; null where there is none. */
export async function loadPaperDossier(db: Tx, publicId: string): Promise<PaperDossier | null> {
  const asked = await db.paper.findFirst({
    where: { publicId: { in: meantIds(publicId) } },
    select: { id: true, mergedIntoId: true },
  });
  if (!asked) return null;
  const id = asked.mergedIntoId ?? asked.id;
  const parts = { OR: [{ id }, { mergedIntoId: id }] };
  const [root, identities, entries] = await Promise.all([
    db.paper.findUniqueOrThrow({ where: { id }, include: { merged: { select: { publicId: true, title: true } } } }),
    db.paperIdentity.findMany({
      where: { paper: parts },
      select: { kind: true, value: true },
      distinct: ['kind', 'value'],
    }),
    db.entry.findMany({
      where: { paper: parts },
      orderBy: [{ digest: { digestOn: 'desc' } }, { id: 'desc' }],
      select: {
        position: true,
        title: true,
        known: true,
        digest: { select: { id: true, source: true, digestOn: true, state: true } },
      },
      take: MOST_LISTINGS,
    }),
  ]);
  const { title, authors, arrivedAt, withheldAt, merged } = root;
  const listings = entries.map(({ digest, ...entry }) => ({
    ...entry,
    ...{ digestId: digest.id, source: digest.source, digestOn: dateOnly(digest.digestOn), state: digest.state },
  }));
  return { id, publicId: root.publicId, title, authors, arrivedAt, withheldAt, identities, merged, listings };
}
