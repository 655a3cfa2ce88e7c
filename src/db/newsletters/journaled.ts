import { isNotice, MAIL_KINDS, type MailKind } from '../../model/mail-kind.ts';
import { TEMPLATE_VERSION } from '../../model/newsletter.ts';
import type { Tx } from '../client.ts';
import { int4, int8 } from '../columns.ts';
import { command, query, sql } from '../statement.ts';
import { internEditions } from './editions.ts';

/** A mail that a journal names and the ledger does not know. */
export interface MissingMail {
  place: number;
  mail: string;
  kind: MailKind;
  key: string;
  readerId: number;
  at: Date;
  /** Of a newsletter. */
  shown: { issuedOn: string; paperIds: readonly number[] } | null;
}

interface Rows {
  places: number[];
  mails: string[];
  kinds: string[];
  keys: string[];
  readers: number[];
  at: Date[];
  editions: (number | null)[];
  issuedOn: (string | null)[];
  papers: string[];
  priorities: number[];
  keyId: number;
}

const rowsOf = (
  given: Rows,
) => sql`unnest(${given.places}::int[], ${given.mails}::uuid[], ${given.kinds}::delivery_kind[], ${given.keys}::text[],
  ${given.readers}::int[], ${given.at}::timestamptz[], ${given.editions}::int[], ${given.issuedOn}::date[], ${given.papers}::text[],
  ${given.priorities}::int[]) AS v(place, mail, kind, key, reader, at, edition, issued_on, papers, priority)`;

/** Composing them again is not possible: of their papers only the numbers are known. */
const makeNewsletters = command(
  'journal: newsletters',
  (given: Rows) => sql`
    INSERT INTO newsletters (subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count,
      trending_ids, language, template_version, key_id, generation, slot_at, issued_on, created_at)
    SELECT s.id, v.edition, '{}', v.papers::int[], '{}', '{}', '{}', 0, 0, '{}', s.language, ${TEMPLATE_VERSION}, ${given.keyId}, s.generation,
      v.at, v.issued_on, v.at
    FROM ${rowsOf(given)} JOIN subscribers s ON s.id = v.reader WHERE v.edition IS NOT NULL AND v.papers <> '{}'
    ON CONFLICT (subscriber_id, edition_id) DO NOTHING`,
);

const makeDeliveries = query(
  'journal: deliveries',
  { place: int4, deliveryId: int8 },
  (given: Rows) => sql`
    WITH v AS (SELECT * FROM ${rowsOf(given)}), made AS (
      INSERT INTO deliveries (public_id, kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, language, key_id, generation,
        priority, next_attempt_at, created_at)
      SELECT v.mail, v.kind, v.key, s.id, v.edition, n.id, s.email, s.address_hash, s.language, ${given.keyId}, s.generation, v.priority, v.at, v.at
      FROM v JOIN subscribers s ON s.id = v.reader LEFT JOIN newsletters n ON n.subscriber_id = s.id AND n.edition_id = v.edition
      ON CONFLICT DO NOTHING RETURNING id, public_id)
    SELECT v.place, made.id AS "deliveryId" FROM made JOIN v ON v.mail = made.public_id`,
);

/**
 * Makes the rows of mails that only a journal knows, planned, to be ended at once; a newsletter with the papers that it
 * named. Returns the numbers of the deliveries by place.
 */
export async function makeJournaled(db: Tx, missing: readonly MissingMail[], now: Date): Promise<Map<number, bigint>> {
  if (missing.length === 0) return new Map();
  const keys = missing.flatMap(({ kind, key }) => (isNotice(kind) ? [] : [key]));
  const editions = await internEditions(db, keys, now);
  const newest = await db.key.findFirst({ where: { purpose: 'link' }, orderBy: { id: 'desc' }, select: { id: true } });
  const given: Rows = {
    places: missing.map(({ place }) => place),
    mails: missing.map(({ mail }) => mail),
    kinds: missing.map(({ kind }) => kind),
    keys: missing.map(({ key }) => key),
    readers: missing.map(({ readerId }) => readerId),
    at: missing.map(({ at }) => at),
    editions: missing.map(({ kind, key }) => (isNotice(kind) ? null : (editions.get(key)?.id ?? null))),
    issuedOn: missing.map(({ shown }) => shown?.issuedOn ?? null),
    papers: missing.map(({ shown }) => `{${shown?.paperIds.join(',') ?? ''}}`),
    priorities: missing.map(({ kind }) => MAIL_KINDS[kind].priority),
    keyId: newest?.id ?? 0,
  };
  await makeNewsletters(db, given);
  const made = await makeDeliveries(db, given);
  return new Map(made.map(({ place, deliveryId }) => [place, deliveryId]));
}

const showPapers = command(
  'journal: what newsletters showed',
  (given: { ids: string[]; papers: string[] }) => sql`
    UPDATE newsletters n SET entry_ids = '{}', match_ids = '{}', upvotes = '{}', comments = '{}', trending_ids = '{}', mover_ids = '{}',
      mover_rises = '{}', liked_ids = NULL, perhaps_ids = NULL, perhaps_match_ids = NULL, picked_ids = NULL, day_line = NULL, paper_ids = v.papers::int[]
    FROM unnest(${given.ids}::bigint[], ${given.papers}::text[]) AS v(id, papers) WHERE n.id = v.id AND v.papers <> '{}'`,
);

/** Writes what was shown in place of what was planned anew, and did not go. */
export async function showJournaled(db: Tx, shown: ReadonlyMap<bigint, readonly number[]>): Promise<void> {
  if (shown.size === 0) return;
  const papers = [...shown.values()].map((ids) => `{${ids.join(',')}}`);
  await showPapers(db, { ids: [...shown.keys()].map(String), papers });
}

const noteLast = command(
  'journal: last newsletters',
  (given: { readers: number[]; at: Date[] }) => sql`
    UPDATE subscribers s SET last_newsletter_at = v.at FROM (
      SELECT reader, max(at) AS at FROM unnest(${given.readers}::int[], ${given.at}::timestamptz[]) AS u(reader, at) GROUP BY reader) AS v
    WHERE s.id = v.reader AND coalesce(s.last_newsletter_at, '-infinity') < v.at`,
);

/** Notes when readers had their last newsletter, where that is later than is known. */
export async function noteLastNewsletters(db: Tx, sent: readonly { readerId: number; at: Date }[]): Promise<void> {
  if (sent.length === 0) return;
  await noteLast(db, { readers: sent.map(({ readerId }) => readerId), at: sent.map(({ at }) => at) });
}
