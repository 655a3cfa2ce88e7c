import type { InterestKind } from '../../model/interest.ts';
import { leastScore, type Reason } from '../../model/match.ts';
import type { Tx } from '../client.ts';
import { enumOf, float8, int4, jsonOf, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** An interest that a paper fits, and how many hold it. */
export interface PaperInterest {
  kind: InterestKind;
  key: string;
  score: number;
  reasons: Reason[];
  readers: number;
}

/** Most readers of one interest, or of a paper, that are counted; beyond it there are «more than». */
export const MOST_COUNTED = 10_000;

const interestsOf = query(
  'interests that a paper fits',
  { kind: enumOf<InterestKind>('interest_kind'), key: text, score: float8, reasons: jsonOf<Reason[]>(), readers: int4 },
  (given: { paperId: number; version: number; most: number }) => sql`
    SELECT i.kind, i.key, m.score::float8 AS score, m.reasons::json AS reasons, (
      SELECT count(*)::int FROM (SELECT FROM subscriber_interests si WHERE si.interest_id = i.id AND NOT si.muted LIMIT ${MOST_COUNTED}) held) AS readers
    FROM matches m JOIN interests i ON i.id = m.interest_id
    WHERE m.paper_id = ${given.paperId} AND m.matcher_version = ${given.version}
    ORDER BY m.score DESC, i.id LIMIT ${given.most}`,
);

/** Lists the interests that a paper fits best, by the present version of the matcher. */
export function listPaperInterests(
  db: Tx,
  given: { paperId: number; version: number; most: number },
): Promise<PaperInterest[]> {
  return interestsOf(db, given);
}

const wanting = query(
  'readers whom a paper would fit',
  { publicId: text, email: text },
  (given: { paperId: number; version: number; most: number; sure: number; normal: number; more: number }) => sql`
    SELECT s.public_id AS "publicId", s.email FROM subscribers s WHERE s.id IN (
      SELECT si.subscriber_id
      FROM matches m JOIN subscriber_interests si ON si.interest_id = m.interest_id AND NOT si.muted JOIN subscribers r ON r.id = si.subscriber_id
      WHERE m.paper_id = ${given.paperId} AND m.matcher_version = ${given.version} AND r.status = 'confirmed'
        AND m.score >= CASE r.selectivity WHEN 'sure' THEN ${given.sure}::real WHEN 'normal' THEN ${given.normal}::real ELSE ${given.more}::real END
        AND NOT EXISTS (SELECT FROM newsletters n WHERE n.subscriber_id = r.id AND n.paper_ids @> ARRAY[${given.paperId}::int])
      LIMIT ${given.most})
    LIMIT ${given.most}`,
);

/**
 * Lists confirmed readers one of whose interests a paper fits by their line, and who have not had it: those it may come
 * to, if what they mute and better papers leave it room. So many at most.
 */
export function listReadersFitting(
  db: Tx,
  given: { paperId: number; version: number; most: number },
): Promise<{ publicId: string; email: string }[]> {
  const lines = { sure: leastScore('sure'), normal: leastScore('normal'), more: leastScore('more') };
  return wanting(db, { ...given, ...lines });
}
