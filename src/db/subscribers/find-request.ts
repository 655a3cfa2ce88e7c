import type { Tx } from '../client.ts';

/** Returns the public id of the subscriber whom a confirmation request asks; null where it is gone. */
export async function findAskedReader(db: Tx, requestPublicId: string): Promise<string | null> {
  const found = await db.confirmationRequest.findUnique({
    where: { publicId: requestPublicId },
    select: { subscriber: { select: { publicId: true } } },
  });
  return found?.subscriber.publicId ?? null;
}
