import type { Tx } from '../client.ts';
import { int4, text, textOf } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import type { ReactionKind } from '../../model/reaction.ts';

const keepReaction = command(
  'keep a reaction',
  (given: { subscriberId: number; paperId: number; kind: ReactionKind; at: Date }) => sql`
    INSERT INTO reactions (subscriber_id, paper_id, kind, at) VALUES (${given.subscriberId}, ${given.paperId}, ${given.kind}::reaction_kind, ${given.at})
    ON CONFLICT (subscriber_id, paper_id) DO UPDATE SET kind = excluded.kind, at = excluded.at
    WHERE reactions.kind <> excluded.kind`,
);

/** Keeps what a reader said of a paper; null takes it back. Returns whether anything changed. */
export async function setReaction(
  db: Tx,
  row: { subscriberId: number; paperId: number; kind: ReactionKind | null; at: Date },
): Promise<boolean> {
  const { subscriberId, paperId, kind, at } = row;
  if (kind === null) return (await db.reaction.deleteMany({ where: { subscriberId, paperId } })).count > 0;
  const changed = await keepReaction(db, { subscriberId, paperId, kind, at });
  return changed > 0;
}

/** Returns what a reader said of a paper; null where they said nothing. */
export async function findReaction(db: Tx, subscriberId: number, paperId: number): Promise<ReactionKind | null> {
  const row = await db.reaction.findUnique({
    where: { subscriberId_paperId: { subscriberId, paperId } },
    select: { kind: true },
  });
  return row?.kind ?? null;
}

/** Lists what a reader said of papers, newest first. */
export async function listReactions(
  db: Tx,
  subscriberId: number,
): Promise<{ paperPublicId: string; title: string; kind: ReactionKind; at: Date }[]> {
  const rows = await db.reaction.findMany({
    where: { subscriberId },
    orderBy: [{ at: 'desc' }, { paperId: 'asc' }],
    select: { kind: true, at: true, paper: { select: { publicId: true, title: true } } },
  });
  return rows.map(({ kind, at, paper }) => ({ paperPublicId: paper.publicId, title: paper.title, kind, at }));
}

const reactionsPage = query(
  'newest reactions of a reader',
  { paperPublicId: text, title: text, kind: textOf<ReactionKind>(), total: int4 },
  (given: { subscriberId: number; limit: number }) => sql`
    WITH told AS (SELECT paper_id, kind, at FROM reactions WHERE subscriber_id = ${given.subscriberId})
    SELECT p.public_id AS "paperPublicId", p.title, newest.kind::text AS kind, (SELECT count(*) FROM told)::int AS total
    FROM (SELECT * FROM told ORDER BY at DESC, paper_id LIMIT ${given.limit}) AS newest JOIN papers p ON p.id = newest.paper_id
    ORDER BY newest.at DESC, newest.paper_id`,
);

/** Lists the newest of what a reader said of papers, and how much that is in all. */
export async function pageOfReactions(
  db: Tx,
  subscriberId: number,
  limit: number,
): Promise<{ rows: { paperPublicId: string; title: string; kind: ReactionKind }[]; total: number }> {
  const rows = await reactionsPage(db, { subscriberId, limit });
  return { rows, total: rows[0]?.total ?? 0 };
}

/** What readers said of papers lately, for planning. */
export interface ReactionRow {
  subscriberId: number;
  paperId: number;
  kind: ReactionKind;
}

const newestReactions = query(
  'newest reactions',
  { subscriberId: int4, paperId: int4, kind: textOf<ReactionKind>() },
  (given: { subscriberIds: readonly number[]; limit: number }) => sql`
    SELECT subscriber_id AS "subscriberId", paper_id AS "paperId", kind::text AS kind
    FROM (
      SELECT r.*, row_number() OVER (PARTITION BY subscriber_id ORDER BY at DESC, paper_id) AS place
      FROM reactions r WHERE subscriber_id = ANY(${given.subscriberIds}::int[])
    ) AS placed
    WHERE place <= ${given.limit} ORDER BY subscriber_id, paper_id`,
);

/** Returns the newest reactions of these readers, at most `limit` each. */
export function loadReactions(db: Tx, subscriberIds: readonly number[], limit: number): Promise<ReactionRow[]> {
  return newestReactions(db, { subscriberIds: [...subscriberIds], limit });
}
