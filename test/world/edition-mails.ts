import type { Db } from '../../src/db/client.ts';
import { asFixture } from '../support/wall.ts';

/** How many mails of an edition stand in a state, and when they, and the edition's row, came into being. */
export interface EditionMails {
  state: string;
  many: number;
  at: Date;
  madeAt?: Date;
}

/** Puts mails of an edition into a state, whatever it takes to come there; makes the edition where there is none. */
export async function makeMails(
  db: Db,
  edition: string,
  { state, many, at, madeAt = at }: EditionMails,
): Promise<void> {
  await db.edition.createMany({ data: [{ key: edition, createdAt: madeAt }], skipDuplicates: true });
  const reasons: Record<string, string> = {
    ...{ uncertain: 'lost', failed: 'used_up', bounced: 'refused' },
    cancelled: 'edition_cancelled',
  };
  await asFixture(
    db,
    `INSERT INTO deliveries (kind, key, edition_id, email, state, end_reason, language, key_id, generation, next_attempt_at, created_at, finished_at)
     SELECT 'newsletter', $1 || ':' || $2 || n, (SELECT id FROM editions WHERE key = $1), 'x@example.org', $2::delivery_state,
       $5::end_reason, 'en', 1, 1, $4, $4, CASE WHEN $5::text IS NOT NULL THEN $4::timestamptz END FROM generate_series(1, $3::int) n`,
    [edition, state, many, at, reasons[state] ?? null],
  );
}

/** Puts an alarm to the operator into the ledger, as sent. */
export async function makeAlarm(db: Db, key: string, at: Date): Promise<void> {
  await asFixture(
    db,
    `INSERT INTO deliveries (kind, key, email, state, language, key_id, generation, next_attempt_at, created_at)
     VALUES ('alarm', $1, 'ops@example.org', 'sent', 'en', 1, 1, $2, $2)`,
    [key, at],
  );
}
