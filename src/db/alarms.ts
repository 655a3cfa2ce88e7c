import type { Tx } from './client.ts';

/** Something an operator must hear of once. */
export interface Trouble {
  /** Names it for ever: the alarm's key in the ledger. */
  key: string;
  subject: string;
  lines: string[];
}

/** Lists held digests and rejected captures of the last `since` that nobody at this address was told of. */
export async function untoldTroubles(db: Tx, email: string, since: Date): Promise<Trouble[]> {
  const told = new Set(
    (
      await db.delivery.findMany({ where: { kind: 'alarm', email, createdAt: { gte: since } }, select: { key: true } })
    ).map(({ key }) => key),
  );
  const digests = await db.digest.findMany({
    where: { state: 'held', arrivedAt: { gte: since } },
    orderBy: { id: 'asc' },
  });
  const captures = await db.capture.findMany({
    where: { state: 'rejected', receivedAt: { gte: since } },
    orderBy: { id: 'asc' },
    select: { id: true, source: true, name: true, problem: true },
  });
  const troubles = [
    ...digests.map(({ id, source, digestOn, verdict, reasons }) => ({
      key: `digest:${id}`,
      subject: `Digest of ${digestOn.toISOString().slice(0, 10)} from ${source} is held: ${verdict}`,
      lines: [...reasons, 'No reader gets anything of it until you release it under Digests in the admin pages.'],
    })),
    ...captures.map(({ id, source, name, problem }) => ({
      key: `capture:${id}`,
      subject: `A file from ${source} is no digest`,
      lines: [name, problem ?? 'It could not be parsed.', 'It is kept as it came; nothing of it reaches a reader.'],
    })),
  ];
  return troubles.filter(({ key }) => !told.has(key));
}
