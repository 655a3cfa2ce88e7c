import type { Tx } from '../client.ts';

/** Finds the key of the newest weekly edition that a reader was given; null where there is none. */
export async function newestWeekOf(db: Tx, subscriberId: number): Promise<string | null> {
  const found = await db.newsletter.findFirst({
    where: { subscriberId, edition: { key: { startsWith: 'weekly:' } } },
    orderBy: { createdAt: 'desc' },
    select: { edition: { select: { key: true } } },
  });
  return found?.edition.key ?? null;
}
