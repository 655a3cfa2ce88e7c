import { AppError } from '../../lib/errors.ts';
import { wishKey, type Interest, type InterestKind, type Wish } from '../../model/interest.ts';
import type { Tx } from '../client.ts';
import { int4, orNull, text, textOf } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { keepExamples } from './examples.ts';

const makeInterests = command(
  'make interests',
  (given: { now: Date; kinds: string[]; texts: string[] }) => sql`
    INSERT INTO interests (kind, key, created_at)
    SELECT kind::interest_kind, key, ${given.now}::timestamptz FROM unnest(${given.kinds}::text[], ${given.texts}::text[]) AS given (kind, key)
    ON CONFLICT (kind, key) DO NOTHING`,
);

const findInterests = query(
  'find interests',
  { id: int4, kind: textOf<InterestKind>(), key: text },
  (given: { kinds: string[]; texts: string[] }) => sql`
    SELECT i.id, i.kind::text AS kind, i.key
    FROM unnest(${given.kinds}::text[], ${given.texts}::text[]) AS given (kind, key)
    JOIN interests i ON i.kind = given.kind::interest_kind AND i.key = given.key FOR KEY SHARE OF i`,
);

/**
 * Returns the ids of the shared interests behind wishes, in the same order, making those that nobody had before.
 * Throws AppError bad-input where a text holds nothing to look for.
 */
export async function internInterests(
  db: Tx,
  wishes: readonly Pick<Wish, 'kind' | 'text' | 'like'>[],
  now: Date,
): Promise<number[]> {
  const keys = wishes.map((wish) => ({ kind: wish.kind, key: wishKey(wish) }));
  const empty = keys.findIndex(({ key }) => key === '');
  if (empty >= 0) {
    throw new AppError(
      'bad-input',
      `«${wishes[empty]?.text.slice(0, 80)}» holds no word to look for; expected letters or digits`,
      { said: { name: 'interest', values: { given: wishes[empty]?.text.slice(0, 80) ?? '' } } },
    );
  }
  // Sorted, so that two sign-ups at once lock the same keys in the same order.
  const distinct = [...new Map(keys.map((one) => [`${one.kind} ${one.key}`, one])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const kinds = distinct.map(([, one]) => one.kind);
  const texts = distinct.map(([, one]) => one.key);
  await makeInterests(db, { now, kinds, texts });
  const rows = await findInterests(db, { kinds, texts });
  const ids = new Map(rows.map(({ kind, key, id }) => [`${kind} ${key}`, id]));
  const found = keys.map(({ kind, key }) => {
    const id = ids.get(`${kind} ${key}`);
    if (id === undefined) throw new Error(`interest ${kind} «${key}» vanished while it was being stored`);
    return id;
  });
  await keepExamples(
    db,
    wishes.flatMap(({ like }, at) => (like ? [{ id: found[at] ?? 0, like }] : [])),
  );
  return found;
}

const deleteUnused = command(
  'delete unused interests',
  (given: { ids: readonly number[] }) => sql`
    DELETE FROM interests i
    WHERE i.id = ANY(${given.ids}::int[]) AND i.kind <> 'topic'
      AND NOT EXISTS (SELECT 1 FROM subscriber_interests s WHERE s.interest_id = i.id)`,
);

/**
 * Deletes those of the interests that no subscriber holds any more, with their matches. Topics stay: they are nobody's
 * words, and others' newsletters name them. Returns how many.
 */
export async function dropUnusedInterests(db: Tx, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  return deleteUnused(db, { ids: [...ids] });
}

const deleteGivenUp = command(
  'delete interests given up',
  (given: { ids: readonly number[]; subscriberId: number }) => sql`
    DELETE FROM interests WHERE id IN (
      SELECT i.id FROM interests i
      WHERE i.id = ANY(${given.ids}::int[]) AND i.kind <> 'topic'
        AND NOT EXISTS (SELECT 1 FROM subscriber_interests s WHERE s.interest_id = i.id)
        AND NOT EXISTS (
          SELECT 1 FROM newsletters n JOIN matches m ON m.id = ANY(n.match_ids || n.perhaps_match_ids)
          WHERE n.subscriber_id = ${given.subscriberId} AND m.interest_id = i.id)
      FOR UPDATE SKIP LOCKED)`,
);

/**
 * Deletes what a reader has given up in their own words, where nobody holds it and none of their newsletters names it
 * as its reason: what somebody once typed is nobody's to keep. Skips what a sign-up at this moment has just found.
 */
export async function dropGivenUpInterests(db: Tx, subscriberId: number, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await deleteGivenUp(db, { ids: [...ids], subscriberId });
}

/** An interest as the match job reads it. */
export interface InterestInUse extends Interest {
  /** Version of the matcher that has compared it with the papers of the window; null: none. */
  matcherVersion: number | null;
}

const interestsInUse = query(
  'interests in use',
  { id: int4, kind: textOf<InterestKind>(), key: text, matcherVersion: orNull(int4) },
  (given: { after: number; limit: number }) => sql`
    SELECT i.id, i.kind::text AS kind, i.key, i.matcher_version AS "matcherVersion"
    FROM interests i
    WHERE i.id > ${given.after} AND EXISTS (SELECT 1 FROM subscriber_interests s WHERE s.interest_id = i.id)
    ORDER BY i.id
    LIMIT ${given.limit}`,
);

/** Returns the next interests, by id, that at least one subscriber holds, wanted or muted. */
export function loadInterestsInUse(db: Tx, after: number, limit: number): Promise<InterestInUse[]> {
  return interestsInUse(db, { after, limit });
}

/** Records that interests have been compared with every paper of the window by a version of the matcher. */
export async function markInterestsMatched(db: Tx, ids: readonly number[], version: number): Promise<void> {
  await db.interest.updateMany({ where: { id: { in: [...ids] } }, data: { matcherVersion: version } });
}

const forgetIdle = command(
  'forget that idle interests were compared',
  () => sql`
    UPDATE interests i SET matcher_version = NULL
    WHERE i.matcher_version IS NOT NULL AND NOT EXISTS (SELECT 1 FROM subscriber_interests s WHERE s.interest_id = i.id)`,
);

/**
 * Forgets that interests nobody holds were compared: papers pass them by from now on, and who asks for one again wants
 * them all.
 */
export function forgetIdleInterests(db: Tx): Promise<number> {
  return forgetIdle(db, {});
}
