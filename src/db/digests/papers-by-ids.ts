import type { Tx } from '../client.ts';

/** A paper by its name. */
export interface TitledPaper {
  id: number;
  publicId: string;
  title: string;
}

/** Finds papers by their ids, in the order of these. */
export async function papersByIds(db: Tx, ids: readonly number[]): Promise<TitledPaper[]> {
  if (ids.length === 0) return [];
  const found = await db.paper.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, publicId: true, title: true },
  });
  return ids.flatMap((id) => found.find((paper) => paper.id === id) ?? []);
}

/** Finds papers by their public ids, in the order of these; those that are gone are left out. */
export async function papersByPublicIds(db: Tx, publicIds: readonly string[]): Promise<TitledPaper[]> {
  if (publicIds.length === 0) return [];
  const found = await db.paper.findMany({
    where: { publicId: { in: [...publicIds] } },
    select: { id: true, publicId: true, title: true },
  });
  return publicIds.flatMap((publicId) => found.find((paper) => paper.publicId === publicId) ?? []);
}
