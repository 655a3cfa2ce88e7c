import { cursorOf, readPage, type Page, type PageWish } from '../../lib/cursor.ts';
import type { ReaderFilter } from '../../model/reader-filter.ts';
import type { Tx } from '../client.ts';
import { filled, int4, text } from '../columns.ts';
import { query, raw, sql, type Sql } from '../statement.ts';
import { findListedAmong, type ListedSubscriber } from './list.ts';

/** Counts go no further than this: «about», and as cheap for a million. */
export const MOST_COUNTED = 10_000;

/** A filter as the statements take it; what it leaves open is null, which the planner drops. */
interface Given {
  status: string | null;
  paused: boolean;
  suppressed: boolean;
  interestIds: readonly number[] | null;
  domain: string | null;
  cadence: string | null;
  language: string | null;
  source: string | null;
  unmailedSince: Date | null;
  address: string | null;
  email: string | null;
  now: Date;
}

const fits = (given: Given): Sql => sql`
  (${given.status}::subscriber_status IS NULL OR s.status = ${given.status}::subscriber_status)
  AND (NOT ${given.paused}::boolean OR s.paused_until > ${given.now}::timestamptz)
  AND (NOT ${given.suppressed}::boolean OR EXISTS (SELECT FROM suppressions x WHERE x.address_hash = s.address_hash))
  AND (${given.interestIds}::int[] IS NULL OR s.id IN (
    SELECT subscriber_id FROM subscriber_interests WHERE interest_id = ANY(${given.interestIds}::int[]) AND NOT muted))
  AND (${given.domain}::text IS NULL OR split_part(s.email, '@', 2) = ${given.domain}::text)
  AND (${given.cadence}::cadence IS NULL OR s.cadence = ${given.cadence}::cadence)
  AND (${given.language}::text IS NULL OR s.language = ${given.language}::text)
  AND (${given.source}::text IS NULL OR s.source = ${given.source}::text OR (${given.source}::text = 'api' AND starts_with(s.source, 'token:')))
  AND (${given.unmailedSince}::timestamptz IS NULL OR s.last_newsletter_at IS NULL OR s.last_newsletter_at < ${given.unmailedSince}::timestamptz)
  AND (${given.address}::text IS NULL OR (s.email >= ${given.address}::text AND s.email < ${given.address}::text || ${raw('chr(127)')}))
  AND (${given.email}::text IS NULL OR s.email = ${given.email}::text)`;

const newest = query(
  'newest readers that fit',
  { id: int4 },
  (given: Given & { before: number; most: number }) => sql`
    SELECT s.id FROM subscribers s WHERE s.id < ${given.before} AND ${fits(given)} ORDER BY s.id DESC LIMIT ${given.most}`,
);

const onwards = query(
  'readers that fit, in order',
  { id: int4, publicId: text, email: text },
  (given: Given & { after: number; upTo: number; most: number }) => sql`
    SELECT s.id, s.public_id AS "publicId", s.email FROM subscribers s
    WHERE s.id > ${given.after} AND s.id <= ${given.upTo} AND ${fits(given)} ORDER BY s.id LIMIT ${given.most}`,
);

const counted = query(
  'count readers that fit',
  { count: filled(int4) },
  (given: Given & { most: number }) => sql`
    SELECT count(*)::int AS count FROM (SELECT FROM subscribers s WHERE ${fits(given)} LIMIT ${given.most}) AS found`,
);

const last = query(
  'newest reader',
  { id: filled(int4) },
  () => sql`SELECT coalesce(max(id), 0)::int AS id FROM subscribers`,
);

const CURSOR = cursorOf('readers', 'number');
const BEHIND_ALL = 2 ** 31 - 1;

/** Lists readers that fit a filter, newest first, with what they asked for. */
export async function listFiltered(
  db: Tx,
  filter: ReaderFilter,
  { now, ...wish }: PageWish & { now: Date },
): Promise<Page<ListedSubscriber>> {
  return readPage<[number], ListedSubscriber>(
    CURSOR,
    wish,
    async (key, most) => {
      const rows = await newest(db, { ...givenOf(filter, now), before: key?.[0] ?? BEHIND_ALL, most });
      return findListedAmong(
        db,
        rows.map(({ id }) => id),
      );
    },
    ({ id }) => [id],
  );
}

/** A reader as a step of long work takes them. */
export interface NextReader {
  id: number;
  publicId: string;
  email: string;
}

/** Returns the next readers that fit, by id, behind one and up to another. */
export async function nextFiltered(
  db: Tx,
  filter: ReaderFilter,
  { now, ...range }: { now: Date; after: number; upTo: number; most: number },
): Promise<NextReader[]> {
  return onwards(db, { ...givenOf(filter, now), ...range });
}

/** Counts readers that fit; more than MOST_COUNTED are one more than that, unless `exactly`. */
export async function countFiltered(
  db: Tx,
  filter: ReaderFilter,
  { now, exactly = false }: { now: Date; exactly?: boolean },
): Promise<number> {
  const most = exactly ? BEHIND_ALL : MOST_COUNTED + 1;
  const [row] = await counted(db, { ...givenOf(filter, now), most });
  return row?.count ?? 0;
}

/** Returns the newest reader's id: long work looks no further. */
export async function newestReaderId(db: Tx): Promise<number> {
  const [row] = await last(db, {});
  return row?.id ?? 0;
}

function givenOf(filter: ReaderFilter, now: Date): Given {
  const { state, interestIds, domain, cadence, language, source, unmailedSince, address, email } = filter;
  const status = state === 'paused' || state === 'suppressed' ? null : (state ?? null);
  return {
    ...{
      status: state === 'paused' ? 'confirmed' : status,
      paused: state === 'paused',
      suppressed: state === 'suppressed',
    },
    ...{
      interestIds: interestIds ?? null,
      domain: domain ?? null,
      cadence: cadence ?? null,
      language: language ?? null,
    },
    ...{ source: source ?? null, address: address ?? null, email: email ?? null, now },
    unmailedSince: unmailedSince === undefined ? null : new Date(unmailedSince),
  };
}
