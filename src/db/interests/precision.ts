import type { InterestKind } from '../../model/interest.ts';
import type { Selectivity } from '../../model/match.ts';
import type { ReactionKind } from '../../model/reaction.ts';
import type { Tx } from '../client.ts';
import { enumOf, int4, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** How often something was said of mailed papers that are alike in what brought them and in the reader's line. */
export interface SaidOfMailed {
  said: ReactionKind;
  selectivity: Selectivity;
  /** What brought the paper; null where the day's list did. */
  interestKind: InterestKind | null;
  /** Slug, where a topic did. */
  topic: string | null;
  count: number;
}

const saidOfMailed = query(
  'what was said of mailed papers',
  {
    said: enumOf<ReactionKind>('reaction_kind'),
    selectivity: enumOf<Selectivity>('selectivity'),
    interestKind: orNull(enumOf<InterestKind>('interest_kind')),
    topic: orNull(text),
    count: int4,
  },
  (given: { since: Date; most: number }) => sql`
    SELECT r.kind AS said, s.selectivity, i.kind AS "interestKind",
           CASE WHEN i.kind = 'topic' THEN i.key END AS topic, count(*)::int AS count
    FROM (SELECT * FROM reactions WHERE at >= ${given.since} ORDER BY at DESC LIMIT ${given.most}) r
    JOIN subscribers s ON s.id = r.subscriber_id
    JOIN LATERAL (
      SELECT n.match_ids[array_position(n.paper_ids, r.paper_id)] AS match_id
      FROM newsletters n
      WHERE n.subscriber_id = r.subscriber_id AND n.created_at >= ${given.since} AND r.paper_id = ANY(n.paper_ids)
        AND EXISTS (SELECT 1 FROM deliveries d WHERE d.newsletter_id = n.id AND d.state = 'sent')
      ORDER BY n.id DESC LIMIT 1) mailed ON true
    LEFT JOIN matches m ON m.id = mailed.match_id
    LEFT JOIN interests i ON i.id = m.interest_id
    GROUP BY r.kind, s.selectivity, i.kind, topic
    ORDER BY r.kind, s.selectivity, i.kind, topic`,
);

/**
 * Counts what readers said of the papers that were mailed to them since an instant, from the newest `most` reactions;
 * what was mailed to nobody, and «also trending», is left out.
 */
export function countSaidOfMailed(db: Tx, since: Date, most: number): Promise<SaidOfMailed[]> {
  return saidOfMailed(db, { since, most });
}
