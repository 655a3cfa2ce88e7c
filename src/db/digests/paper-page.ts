import { loadDigestEntries } from './entries.ts';
import type { Tx } from '../client.ts';
import { meantIds } from '../../lib/public-id.ts';
import { USABLE_STATES, type Annotations, type Entry } from '../../model/digest.ts';
import { organizationOf } from '../../model/paper.ts';

/** A paper with every list that readers may see it in, newest first. */
export interface PaperPage {
  /** Of the root of its merges: where it differs from the id asked for, the page has moved. */
  publicId: string;
  paperId: number;
  title: string;
  abstract: string;
  authors: string[];
  authorCount: number | null;
  organization: { slug: string; name: string } | null;
  publishedOn: string | null;
  arxivId: string | null;
  url: string | null;
  listings: Entry[];
  /** What the newest list that adds something to it adds, and that list's source. */
  added: (Annotations & { source: string }) | null;
}

/**
 * Loads a paper by the id in its link, or the paper it was merged into; null where no list that readers may see holds
 * it.
 */
export async function loadPaper(db: Tx, publicId: string): Promise<PaperPage | null> {
  const asked = await db.paper.findFirst({
    where: { publicId: { in: meantIds(publicId) } },
    include: { mergedInto: true },
  });
  const paper = asked?.mergedInto ?? asked;
  if (!paper) return null;
  const digests = await db.digest.findMany({
    where: {
      state: { in: [...USABLE_STATES] },
      entries: { some: { paper: { OR: [{ id: paper.id }, { mergedIntoId: paper.id }] } } },
    },
    orderBy: [{ digestOn: 'desc' }, { source: 'asc' }],
    select: { id: true },
  });
  if (digests.length === 0) return null;
  const parts = await db.paper.findMany({
    where: { OR: [{ id: paper.id }, { mergedIntoId: paper.id }] },
    select: { id: true },
  });
  const ids = new Set(parts.map((part) => part.id));
  const entries = await loadDigestEntries(
    db,
    digests.map((digest) => digest.id),
  );
  return {
    publicId: paper.publicId,
    paperId: paper.id,
    title: paper.title,
    abstract: paper.abstract,
    authors: paper.authors,
    authorCount: paper.authorCount,
    organization: organizationOf(paper.organizationSlug, paper.organizationName),
    publishedOn: paper.publishedOn?.toISOString().slice(0, 10) ?? null,
    arxivId: paper.arxivId,
    url: paper.url,
    listings: [...entries.values()].flat().filter((entry) => ids.has(entry.paperId)),
    added: await loadAdded(db, [...ids]),
  };
}

async function loadAdded(db: Tx, paperIds: number[]): Promise<PaperPage['added']> {
  const found = await db.entry.findFirst({
    where: {
      paperId: { in: paperIds },
      digest: { state: { in: [...USABLE_STATES] } },
      OR: [{ modelSummary: { not: null } }, { projectUrl: { not: null } }, { NOT: { modelKeywords: { equals: [] } } }],
    },
    orderBy: { id: 'desc' },
    select: {
      projectUrl: true,
      mediaUrls: true,
      modelKeywords: true,
      modelSummary: true,
      digest: { select: { source: true } },
    },
  });
  if (!found) return null;
  const { digest, ...annotations } = found;
  return { ...annotations, source: digest.source };
}
