import type { Tx } from '../client.ts';
import { instant, int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** A piece of evidence: what was shown, when, to whom (GDPR 7(1)). */
export interface ConsentEvidence {
  step: 'request' | 'confirm' | 'import' | 'change';
  wordingVersion: string;
  wording: string;
  source: string;
  ip: string | null;
  userAgent: string | null;
  at: Date;
}

/** Keeps a piece of evidence for as long as the person is known. */
export async function addConsent(db: Tx, subscriberId: number, evidence: ConsentEvidence): Promise<void> {
  await db.consent.create({ data: { subscriberId, ...evidence } });
}

/** Lists the evidence of a subscriber, oldest first. */
export async function listConsents(db: Tx, subscriberId: number): Promise<ConsentEvidence[]> {
  return db.consent.findMany({
    where: { subscriberId },
    orderBy: { id: 'asc' },
    select: { step: true, wordingVersion: true, wording: true, source: true, ip: true, userAgent: true, at: true },
  });
}

const evidence = query(
  'evidence of imports',
  { id: int4, at: instant, source: text },
  (given: { ids: number[] }) => sql`
    SELECT subscriber_id AS id, at, wording AS source FROM (
      SELECT DISTINCT ON (subscriber_id) subscriber_id, step, at, wording FROM consents
      WHERE subscriber_id = ANY(${given.ids}::int[]) AND step IN ('import', 'confirm')
      ORDER BY subscriber_id, id DESC
    ) AS latest WHERE step = 'import'`,
);

/** Returns when and where readers agreed whose newest evidence came with an import, in the words it came with. */
export async function findEvidence(db: Tx, ids: number[]): Promise<Map<number, { at: Date; source: string }>> {
  const rows = await evidence(db, { ids });
  return new Map(rows.map(({ id, ...one }) => [id, one]));
}
