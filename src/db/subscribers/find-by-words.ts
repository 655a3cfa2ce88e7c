import { canonicalDomain } from '../../model/address.ts';
import type { SubscriberStatus } from '../../model/subscriber.ts';
import type { Tx } from '../client.ts';
import { enumOf, int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** A reader as a search names them. */
export interface FoundReader {
  id: number;
  publicId: string;
  email: string;
  status: SubscriberStatus;
}

const READER = { id: int4, publicId: text, email: text, status: enumOf<SubscriberStatus>('subscriber_status') };

/** Behind every word that begins the same: words are ASCII, and compared by their bytes. */
const LAST = '\u007f';

const byWord = query(
  'readers by a word of their address',
  READER,
  (given: { from: string; to: string; most: number }) => sql`
    WITH found AS (
      SELECT DISTINCT subscriber_id FROM (
        SELECT subscriber_id FROM address_words WHERE word >= ${given.from} AND word < ${given.to} ORDER BY word, subscriber_id LIMIT ${given.most}::int * 4) AS near
      ORDER BY subscriber_id LIMIT ${given.most})
    SELECT s.id, s.public_id AS "publicId", s.email, s.status FROM found JOIN subscribers s ON s.id = found.subscriber_id ORDER BY s.id`,
);

const byStart = query(
  'readers by how their address begins',
  READER,
  (given: { from: string; to: string; most: number }) => sql`
    SELECT id, public_id AS "publicId", email, status FROM subscribers WHERE email >= ${given.from} AND email < ${given.to} ORDER BY email LIMIT ${given.most}`,
);

/** Asked where there are trigrams to ask by: else each word would be read. */
const byInside = query(
  'readers by what stands inside a word of their address',
  READER,
  (given: { inside: string; most: number }) => sql`
    WITH found AS (
      SELECT DISTINCT subscriber_id FROM (
        SELECT subscriber_id FROM address_words WHERE to_regclass('address_words_inside') IS NOT NULL AND lower(word) LIKE ${given.inside}
        LIMIT ${given.most}::int * 4) AS near
      ORDER BY subscriber_id LIMIT ${given.most})
    SELECT s.id, s.public_id AS "publicId", s.email, s.status FROM found JOIN subscribers s ON s.id = found.subscriber_id ORDER BY s.id`,
);

/** Fewer characters have no trigram of their own. */
const LEAST_INSIDE = 3;

/**
 * Finds readers by how their address begins, a word before the @ begins, or by the domain it lies in: «@example.org»,
 * «example.org», or a name under it; then, where these are few, by what stands inside a word.
 */
export async function findReadersByPart(db: Tx, part: string, most: number): Promise<FoundReader[]> {
  const lower = part.trim().toLowerCase();
  if (!/^[\x21-\x7e]{2,320}$/.test(lower) && !lower.includes('@')) return [];
  const domain = lower.startsWith('@') || (lower.includes('.') && !lower.includes('@')) ? domainIn(lower) : null;
  const ranges = [
    ...(domain === null ? [] : [['word', `@${domain}`, `@${domain}\u0001`] as const]),
    ...(lower.startsWith('@') ? [] : [['start', lower, lower + LAST] as const]),
    ...(/^[a-z0-9]+$/.test(lower)
      ? [['word', lower, lower + LAST] as const, ['word', `@${lower}`, `@${lower}${LAST}`] as const]
      : []),
  ];
  const found = new Map<number, FoundReader>();
  for (const [how, from, to] of ranges) {
    if (found.size >= most) break;
    const rows = await (how === 'word' ? byWord : byStart)(db, { from, to, most: most - found.size });
    for (const row of rows) found.set(row.id, row);
  }
  if (found.size < most && lower.length >= LEAST_INSIDE && /^[a-z0-9.-]+$/.test(lower))
    for (const row of await byInside(db, { inside: `%${lower}%`, most })) found.set(row.id, row);
  return [...found.values()].slice(0, most);
}

function domainIn(text: string): string | null {
  return canonicalDomain(text.replace(/^@/, '')) ?? null;
}

/** Finds readers by the ids that links carry, or by canonical addresses. */
export async function findReadersNamed(
  db: Tx,
  named: { publicIds?: string[]; emails?: string[] },
): Promise<FoundReader[]> {
  const { publicIds = [], emails = [] } = named;
  return db.subscriber.findMany({
    where: { OR: [{ publicId: { in: publicIds } }, { email: { in: emails } }] },
    select: { id: true, publicId: true, email: true, status: true },
    take: 20,
  });
}
