import type { Tx } from '../client.ts';

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
