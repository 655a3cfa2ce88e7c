import type { Tx } from '../client.ts';
import { filled, int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** How the last words of a delivery begin that was set aside, so that a list can say why it waits. */
export const WAITS = 'waits: ';

/** What such words name, behind WAITS. */
export const WAITS_FOR = { quietHours: 'quiet hours', warmUp: 'warm-up' } as const;

/** Why some deliveries of an edition wait, and how many. */
export interface WaitingFor {
  editionId: number;
  reason: string;
  count: number;
}

const waiting = query(
  'what was set aside and why',
  { editionId: filled(int4), reason: text, count: int4 },
  (given: { all: boolean; editionIds: number[] }) => sql`
    SELECT edition_id AS "editionId", substr(last_reply, ${WAITS.length + 1}::int) AS reason, count(*)::int AS count FROM deliveries
    WHERE state = 'retrying' AND starts_with(last_reply, ${WAITS})
      AND edition_id IN (SELECT id FROM editions WHERE CASE WHEN ${given.all} THEN state = 'open' ELSE id = ANY(${given.editionIds}::int[]) END)
    GROUP BY edition_id, last_reply ORDER BY edition_id, last_reply`,
);

/** Counts what was set aside of some editions, or of all that are open, by reason. */
export async function waitingFor(db: Tx, editionIds: readonly number[] | null = null): Promise<WaitingFor[]> {
  return waiting(db, { all: editionIds === null, editionIds: [...(editionIds ?? [])] });
}
