import type { Tx } from '../client.ts';
import { bool, filled, int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

const imported = query(
  'readers an import made',
  { id: int4, publicId: text, used: filled(bool) },
  (given: { importId: number; after: number; most: number }) => sql`
    SELECT s.id, s.public_id AS "publicId", (
        EXISTS (SELECT FROM consents c WHERE c.subscriber_id = s.id AND c.step = 'confirm')
        OR EXISTS (SELECT FROM deliveries d WHERE d.subscriber_id = s.id
          AND (d.attempt > 0 OR d.state IN ('sending', 'sent', 'uncertain', 'bounced')))) AS used
    FROM subscribers s WHERE s.import_id = ${given.importId} AND s.id > ${given.after}
    ORDER BY s.id LIMIT ${given.most}`,
);

/** Returns the next readers whom an import made, and whether they confirmed or a mail went to them since. */
export async function findUnusedImported(
  db: Tx,
  importId: number,
  range: { after: number; most: number },
): Promise<{ id: number; publicId: string; used: boolean }[]> {
  return imported(db, { importId, ...range });
}

/** Tells whether one of them confirmed, or a mail went to them, by now. */
export async function isUsedImported(db: Tx, importId: number, id: number): Promise<boolean> {
  return (await imported(db, { importId, after: id - 1, most: 1 })).some((one) => one.id === id && one.used);
}
