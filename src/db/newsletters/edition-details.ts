import type { DigestState, HealthVerdict } from '../../model/digest.ts';
import type { Tx } from '../client.ts';
import { enumOf, instant, int4, orNull, text, uuid } from '../columns.ts';
import { query, raw, sql } from '../statement.ts';
import { isNewsletter } from '../ledger/kinds.ts';

/** So many newsletters of an edition are looked into; more would tell the same and take seconds in a large one. */
const LOOKED_INTO = 2_000;

const some = (editionId: number) => sql`
  SELECT n.entry_ids, n.paper_ids FROM newsletters n WHERE n.edition_id = ${editionId} LIMIT ${LOOKED_INTO}`;

const chosen = query(
  'most chosen papers of an edition',
  { publicId: text, title: text, readers: int4, looked: int4 },
  (given: { editionId: number }) => sql`
    WITH picked AS MATERIALIZED (${some(given.editionId)}),
    counted AS (SELECT paper_id, count(*)::int AS readers FROM picked, unnest(picked.paper_ids) AS paper_id GROUP BY paper_id ORDER BY 2 DESC, 1 LIMIT 8)
    SELECT p.public_id AS "publicId", p.title, c.readers, (SELECT count(*)::int FROM picked) AS looked
    FROM counted c JOIN papers p ON p.id = c.paper_id ORDER BY c.readers DESC, p.id`,
);

const lists = query(
  'lists an edition was made from',
  {
    id: int4,
    source: text,
    digestOn: text,
    verdict: enumOf<HealthVerdict>('health_verdict'),
    state: enumOf<DigestState>('digest_state'),
    entries: int4,
  },
  (given: { editionId: number }) => sql`
    WITH picked AS MATERIALIZED (${some(given.editionId)}),
    used AS (
      SELECT DISTINCT e.digest_id FROM (SELECT DISTINCT unnest(entry_ids) AS id FROM picked) AS x
      CROSS JOIN LATERAL (SELECT digest_id FROM entries WHERE id = x.id LIMIT 1) AS e)
    SELECT d.id, d.source, d.digest_on::text AS "digestOn", d.verdict, d.state, (SELECT count(*)::int FROM entries e WHERE e.digest_id = d.id) AS entries
    FROM used JOIN digests d ON d.id = used.digest_id ORDER BY d.digest_on DESC, d.source LIMIT 8`,
);

const samples = query(
  'newsletters of an edition as samples',
  { publicId: uuid, email: orNull(text), papers: int4 },
  (given: { editionId: number }) => sql`
    SELECT n.public_id AS "publicId", d.email, cardinality(n.paper_ids)::int AS papers
    FROM (SELECT * FROM newsletters WHERE edition_id = ${given.editionId} LIMIT 10) AS n
    LEFT JOIN deliveries d ON d.newsletter_id = n.id AND ${raw(isNewsletter('d'))} ORDER BY cardinality(n.paper_ids) DESC, n.id`,
);

const ends = query(
  'first and last mail of an edition',
  { first: orNull(instant), last: orNull(instant) },
  (given: { editionId: number }) => sql`
    SELECT min(sent_at) AS first, max(sent_at) AS last FROM (
      SELECT sent_at FROM deliveries WHERE edition_id = ${given.editionId} AND state = 'sent' LIMIT 20000) AS d`,
);

/** What an edition's page tells beside its sums. */
export interface EditionDetails {
  /** The papers that most newsletters hold; `looked` is of how many newsletters that was counted. */
  chosen: { publicId: string; title: string; readers: number; looked: number }[];
  lists: {
    id: number;
    source: string;
    digestOn: string;
    verdict: HealthVerdict;
    state: DigestState;
    entries: number;
  }[];
  samples: { publicId: string; email: string | null; papers: number }[];
  /** When its first and its last mail were taken; null where too many were for that to be quick, or none. */
  sent: { first: Date; last: Date } | null;
}

/** Reads what an edition is made of, from a bounded number of its newsletters. */
export async function readEditionDetails(db: Tx, editionId: number, sentCount: number): Promise<EditionDetails> {
  const given = { editionId };
  const [most, from, some, [span]] = await Promise.all([
    chosen(db, given),
    lists(db, given),
    samples(db, given),
    sentCount > 0 && sentCount <= 20_000 ? ends(db, given) : [],
  ]);
  const sent = span?.first && span.last ? { first: span.first, last: span.last } : null;
  return { chosen: most, lists: from, samples: some, sent };
}
