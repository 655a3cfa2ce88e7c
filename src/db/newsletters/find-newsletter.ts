import type { Tx } from '../client.ts';

/** Returns the public id of a subscriber's newsletter of an edition; null where none is planned (yet). */
export async function findNewsletterOf(db: Tx, subscriberId: number, editionKey: string): Promise<string | null> {
  const row = await db.newsletter.findFirst({
    where: { subscriberId, edition: { key: editionKey } },
    select: { publicId: true },
  });
  return row?.publicId ?? null;
}
