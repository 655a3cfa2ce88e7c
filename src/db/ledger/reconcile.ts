import type { EditionState } from '../../model/edition.ts';
import type { Tx } from '../client.ts';
import { enumOf, instant, int4, int8, orNull, text, textOf } from '../columns.ts';
import { measured, runMeasured } from '../measured.ts';
import { isWaiting, wordsAbout } from './moves.ts';

/** Something in the ledger that does not add up. */
export interface LedgerProblem {
  problem:
    | 'newsletters without a delivery'
    | 'claims nobody took back'
    | 'ended without an end'
    | 'sent without an attempt'
    | 'set aside in an open edition'
    | 'counted twice';
  edition: string | null;
  count: number;
}

/** Deliveries are found by their edition: an old ledger is never read. */
const RECONCILE_SQL = `
WITH recent AS (SELECT id, key, state, tries_forgotten_at FROM editions WHERE created_at >= $1)
SELECT 'newsletters without a delivery' AS problem, e.key AS edition, count(*) AS count
  FROM recent e JOIN newsletters n ON n.edition_id = e.id LEFT JOIN deliveries d ON d.edition_id = n.edition_id AND d.newsletter_id = n.id
  WHERE d.id IS NULL GROUP BY e.key
UNION ALL
SELECT 'counted twice', e.key, count(*) FROM (
  SELECT n.edition_id FROM recent e JOIN newsletters n ON n.edition_id = e.id JOIN deliveries d ON d.edition_id = n.edition_id AND d.newsletter_id = n.id
  GROUP BY n.id, n.edition_id HAVING count(*) > 1) twice JOIN recent e ON e.id = twice.edition_id GROUP BY e.key
UNION ALL
SELECT 'claims nobody took back', NULL, count(*) FROM deliveries
  WHERE state = 'sending' AND lease_until < clock_timestamp() - interval '10 minutes' HAVING count(*) > 0
UNION ALL
SELECT 'set aside in an open edition', e.key, count(*) FROM recent e JOIN deliveries d ON d.edition_id = e.id
  WHERE e.state = 'open' AND ${isWaiting('d')} AND d.parked GROUP BY e.key
UNION ALL
SELECT 'ended without an end', e.key, count(*) FROM recent e JOIN deliveries d ON d.edition_id = e.id
  WHERE (d.state IN ('sent', 'bounced', 'failed', 'uncertain', 'cancelled')) <> (d.finished_at IS NOT NULL)
    OR (d.state = 'sent' AND d.sent_at IS NULL) GROUP BY e.key
UNION ALL
SELECT 'sent without an attempt', e.key, count(*) FROM recent e JOIN deliveries d ON d.edition_id = e.id
  WHERE (e.tries_forgotten_at IS NULL OR d.sent_at >= e.tries_forgotten_at) AND d.state = 'sent' AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.delivery_id = d.id AND a.outcome = 'sent') GROUP BY e.key`;

/** Adds up the ledger of the editions made since $1. */
export const RECONCILE = measured(
  'problems of the ledger',
  { problem: textOf<LedgerProblem['problem']>(), edition: orNull(text), count: int8 },
  RECONCILE_SQL,
);

/** An edition of which more than a share did not reach its readers. */
export interface FailingEdition {
  key: string;
  state: EditionState;
  createdAt: Date;
  failed: number;
  bounced: number;
  /** Without what was cancelled. */
  total: number;
  /** What most of them heard last. */
  words: string;
}

/** Only editions with enough failures are counted whole; of a cancelled one nothing can be sent again. */
const FAILING_SQL = `
WITH ended AS (
  SELECT e.id, e.key, e.state, e.created_at, count(*) FILTER (WHERE d.state = 'failed')::int AS failed, count(*) FILTER (WHERE d.state = 'bounced')::int AS bounced,
    coalesce(mode() WITHIN GROUP (ORDER BY ${wordsAbout('d')}), '') AS words
  FROM editions e JOIN deliveries d ON d.edition_id = e.id AND d.state IN ('failed', 'bounced')
  WHERE e.created_at >= $1 AND e.state <> 'cancelled' GROUP BY e.id HAVING count(*) >= $2::int
)
SELECT key, state, created_at AS "createdAt", failed, bounced, total, words FROM ended CROSS JOIN LATERAL (
  SELECT count(*)::int AS total FROM deliveries d WHERE d.edition_id = ended.id AND d.state <> 'cancelled'
) AS whole WHERE failed + bounced > total * $3::float8`;

const FAILING = measured(
  'failing editions',
  {
    ...{ key: text, state: enumOf<EditionState>('edition_state'), createdAt: instant },
    ...{ failed: int4, bounced: int4, total: int4, words: text },
  },
  FAILING_SQL,
);

/**
 * Finds editions made since `since`, not cancelled, of which at least `least` mails and more than `share` (0 to 1) of
 * all failed or bounced.
 */
export async function findFailingEditions(
  db: Tx,
  { since, least, share }: { since: Date; least: number; share: number },
): Promise<FailingEdition[]> {
  return runMeasured(db, FAILING, [since, least, share]);
}

/**
 * Adds up the ledger of the editions made since `since`: every newsletter has exactly one delivery, no claim outlives
 * its lease by more than ten minutes, nothing is set aside with an edition that is open, every final state has its
 * end, and whatever was sent has the attempt that sent it. Empty where all is well.
 */
export async function findLedgerProblems(db: Tx, since: Date): Promise<LedgerProblem[]> {
  const rows = await runMeasured(db, RECONCILE, [since]);
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}
