import type { Tx } from '../client.ts';

/** Finds readers by their ids, to be named; those that are gone are left out. */
export async function readersByIds(
  db: Tx,
  ids: readonly number[],
): Promise<{ id: number; publicId: string; email: string }[]> {
  if (ids.length === 0) return [];
  const found = await db.subscriber.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, publicId: true, email: true },
  });
  return ids.flatMap((id) => found.find((reader) => reader.id === id) ?? []);
}
