import { asDate } from '../../lib/time.ts';
import type { HealthNote } from '../../model/newsletter.ts';
import type { Tx } from '../client.ts';

/**
 * Loads what is known against the lists of some days: those that were held and then released. Keyed by source and day.
 */
export async function loadHealthNotes(db: Tx, days: readonly string[]): Promise<Map<string, HealthNote>> {
  const digests = await db.digest.findMany({
    where: { digestOn: { in: days.map(asDate) }, state: 'released', verdict: { notIn: ['fresh', 'quiet'] } },
    select: { source: true, digestOn: true, verdict: true },
  });
  return new Map(
    digests.map(({ source, digestOn, verdict }) => {
      const day = digestOn.toISOString().slice(0, 10);
      return [`${source} ${day}`, { digestOn: day, verdict }] as const;
    }),
  );
}
