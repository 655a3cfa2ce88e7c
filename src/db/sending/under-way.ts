import type { Tx } from '../client.ts';
import { filled, bool } from '../columns.ts';
import { query, sql } from '../statement.ts';

const underWay = query(
  'whether mails are going out',
  { isUnderWay: filled(bool) },
  () => sql`
    SELECT EXISTS (SELECT FROM deliveries WHERE state = 'sending' AND lease_until > statement_timestamp()) AS "isUnderWay"`,
);

/** Tells whether some process is sending now: it has mails in hand. */
export async function isSendingUnderWay(db: Tx): Promise<boolean> {
  return (await underWay(db, {}))[0]?.isUnderWay ?? false;
}
