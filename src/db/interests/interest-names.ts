import type { InterestKind, InterestName } from '../../model/interest.ts';
import type { Tx } from '../client.ts';
import { enumOf, int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

const interestNames = query(
  'names of interests',
  { id: int4, kind: enumOf<InterestKind>('interest_kind'), key: text },
  (given: { ids: number[] }) => sql`SELECT id, kind, key FROM interests WHERE id = ANY(${given.ids}::int[])`,
);

/** Returns what these interests are; ids that are gone are left out. */
export async function loadInterestNames(db: Tx, ids: readonly number[]): Promise<Map<number, InterestName>> {
  const rows = ids.length > 0 ? await interestNames(db, { ids: [...ids] }) : [];
  return new Map(rows.map(({ id, ...name }) => [id, name]));
}

/** Returns a reader's interests by id, in their own wording. */
export async function nameInterests(db: Tx, subscriberId: number): Promise<Map<number, string>> {
  const rows = await db.subscriberInterest.findMany({
    where: { subscriberId },
    select: { interestId: true, wording: true },
  });
  return new Map(rows.map(({ interestId, wording }) => [interestId, wording]));
}
