import pg from 'pg';
import type { Entry } from '../../model/digest.ts';
import type { ChosenPaper, HealthNote, InterestTrend, NewsletterInput } from '../../model/newsletter.ts';
import { topicNameIn } from '../../model/topic-words.ts';
import { Prisma } from '../generated/client.ts';
import { poolOf, type Db, type Tx } from '../client.ts';
import { loadEntries } from '../digests/entries.ts';
import { loadHealthNotes } from '../digests/verdict-notes.ts';
import { loadInterestTrends } from '../interests/trends.ts';
import { loadMatches, type MatchWithInterest } from '../interests/matches.ts';
import { loadTopicNames } from '../interests/topic-names.ts';

interface NewsletterRow {
  deliveryId: bigint | string | null;
  deliveryPublicId: string | null;
  email: string;
  newsletterPublicId: string;
  subscriberPublicId: string;
  editionKey: string;
  entryIds: number[];
  matchIds: number[];
  upvotes: number[];
  comments: number[];
  trendingIds: number[];
  moverIds: number[];
  moverRises: number[];
  likedIds: number[] | null;
  consideredCount: number;
  moreCount: number;
  language: string;
  generation: number;
  keyId: number;
  templateVersion: number;
  at: Date;
  issuedOn: string;
}

/** `n` is the newsletter, `d` its delivery; the address is the delivery's own, so that a resend goes where the first try went. */
const COLUMNS = Prisma.sql`
  d.id AS "deliveryId", d.public_id::text AS "deliveryPublicId", COALESCE(d.email, s.email) AS email, n.public_id::text AS "newsletterPublicId",
  s.public_id AS "subscriberPublicId", e.key AS "editionKey", n.entry_ids AS "entryIds", n.match_ids AS "matchIds", n.upvotes, n.comments,
  n.trending_ids AS "trendingIds", n.mover_ids AS "moverIds", n.mover_rises AS "moverRises", n.liked_ids AS "likedIds",
  n.considered_count AS "consideredCount", n.more_count AS "moreCount", n.language, n.generation,
  n.key_id AS "keyId", n.template_version AS "templateVersion", COALESCE(d.dated_at, n.slot_at) AS at, n.issued_on::text AS "issuedOn"`;

const INT_ARRAY = 1007;

/** Reads arrays of numbers by the JSON parser, which takes a fifth of the time of the driver's own. */
const TYPES = { getTypeParser } as pg.CustomTypesConfig;

function getTypeParser(oid: number, format?: 'text'): (text: string) => unknown {
  if (oid === INT_ARRAY) return (text) => JSON.parse(`[${text.slice(1, -1)}]`) as number[];
  return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
}

/** Loads what composing needs for many deliveries at once, in a handful of queries; those that are no newsletters, or whose newsletter is gone, are left out. */
export async function loadNewsletterInputs(
  db: Db,
  deliveryIds: readonly bigint[],
): Promise<Map<bigint, NewsletterInput>> {
  // Not through Prisma, which takes longer to read a thousand rows of arrays than they take to compose and send.
  const { rows } = await poolOf(db).query<NewsletterRow>({
    name: 'newsletter-inputs',
    text: `SELECT ${COLUMNS.sql} FROM deliveries d
      JOIN newsletters n ON n.id = d.newsletter_id JOIN subscribers s ON s.id = n.subscriber_id JOIN editions e ON e.id = n.edition_id
      WHERE d.id = ANY($1::bigint[])`,
    values: [deliveryIds.map(String)],
    types: TYPES,
  });
  const inputs = await toInputs(db, rows);
  return new Map(inputs.map((input, at) => [BigInt(rows[at]?.deliveryId ?? 0), input] as const));
}

/** Loads what composing one newsletter again needs, for view in browser; null where there is none of that name. */
export async function loadNewsletterInput(db: Tx, newsletterPublicId: string): Promise<NewsletterInput | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(newsletterPublicId)) return null;
  const rows = await db.$queryRaw<NewsletterRow[]>`
    SELECT ${COLUMNS} FROM newsletters n
    JOIN subscribers s ON s.id = n.subscriber_id JOIN editions e ON e.id = n.edition_id LEFT JOIN deliveries d ON d.newsletter_id = n.id
    WHERE n.public_id = ${newsletterPublicId}::uuid ORDER BY d.id LIMIT 1`;
  return (await toInputs(db, rows))[0] ?? null;
}

async function toInputs(db: Tx, rows: readonly NewsletterRow[]): Promise<NewsletterInput[]> {
  const entryIds = [
    ...new Set(rows.flatMap((row) => [...row.entryIds, ...row.trendingIds, ...row.moverIds, ...(row.likedIds ?? [])])),
  ];
  const matchIds = [...new Set(rows.flatMap((row) => row.matchIds))].filter((id) => id > 0);
  const [entries, matches, topics] = await Promise.all([
    loadEntries(db, entryIds),
    matchIds.length > 0 ? loadMatches(db, matchIds) : new Map<number, MatchWithInterest>(),
    loadTopicNames(db),
  ]);
  const notes = await loadHealthNotes(db, [...new Set([...entries.values()].map(({ digestOn }) => digestOn))]);
  const trends = await trendsOf(db, rows, matches);
  return rows.map((row) => toInput(row, { entries, matches, topics, notes, trends: trends.get(row.issuedOn) }));
}

/** What the newsletters of a batch share. */
interface Loaded {
  entries: ReadonlyMap<number, Entry>;
  matches: ReadonlyMap<number, MatchWithInterest>;
  topics: ReadonlyMap<string, string>;
  notes: ReadonlyMap<string, HealthNote>;
  trends: ReadonlyMap<number, InterestTrend> | undefined;
}

/** Most topics whose trend is shown. */
const TRENDS = 3;

/** Loads the trends of the topics in the newsletters of each date. */
async function trendsOf(
  db: Tx,
  rows: readonly NewsletterRow[],
  matches: ReadonlyMap<number, MatchWithInterest>,
): Promise<Map<string, Map<number, InterestTrend>>> {
  const trends = new Map<string, Map<number, InterestTrend>>();
  for (const day of new Set(rows.map(({ issuedOn }) => issuedOn))) {
    const ids = rows.filter(({ issuedOn }) => issuedOn === day).flatMap((row) => topicIds(row, matches));
    if (ids.length > 0)
      trends.set(
        day,
        await loadInterestTrends(
          db,
          [...new Set(ids)].sort((a, b) => a - b),
          day,
        ),
      );
  }
  return trends;
}

/** Returns the topics that brought papers into a newsletter, in the order of those papers. */
function topicIds(row: NewsletterRow, matches: ReadonlyMap<number, MatchWithInterest>): number[] {
  const ids = row.matchIds.flatMap((id) => {
    const match = matches.get(id);
    return match?.interestKind === 'topic' ? [match.interestId] : [];
  });
  return [...new Set(ids)].slice(0, TRENDS);
}

function toInput(row: NewsletterRow, loaded: Loaded): NewsletterInput {
  const { entries, matches, topics } = loaded;
  const papers = row.entryIds.map((id, at): ChosenPaper => {
    const match = matches.get(row.matchIds[at] ?? 0);
    return {
      entry: entryNamed(entries, id, row),
      upvotes: saidOrNull(row.upvotes[at]),
      comments: saidOrNull(row.comments[at]),
      match: match ? { ...match, interestText: wordingOf(match, topics, row.language) } : null,
      ...(row.likedIds && reactionOf(entries.get(row.likedIds[at] ?? 0))),
    };
  });
  const trending = row.trendingIds.map((id) => entryNamed(entries, id, row));
  let newest = '';
  for (const { entry } of papers) if (entry.digestOn > newest) newest = entry.digestOn;
  for (const { digestOn } of trending) if (digestOn > newest) newest = digestOn;
  return {
    deliveryPublicId: row.deliveryPublicId ?? row.newsletterPublicId,
    newsletterPublicId: row.newsletterPublicId,
    subscriberPublicId: row.subscriberPublicId,
    email: row.email,
    language: row.language,
    generation: row.generation,
    keyId: row.keyId,
    editionKey: row.editionKey,
    issuedOn: row.issuedOn,
    at: row.at,
    consideredCount: row.consideredCount,
    moreCount: row.moreCount,
    templateVersion: row.templateVersion,
    papers,
    trending,
    movers: row.moverIds.map((id, at) => ({ entry: entryNamed(entries, id, row), rise: row.moverRises[at] ?? 0 })),
    digestOn: newest || row.issuedOn,
    notes: [...new Set(papers.map(({ entry }) => `${entry.source} ${entry.digestOn}`))].flatMap(
      (day) => loaded.notes.get(day) ?? [],
    ),
    trends: topicIds(row, matches).flatMap((id) => loaded.trends?.get(id) ?? []),
  };
}

/** The reason that the reader's own reaction is, where a liked paper lifted this one. */
function reactionOf(liked: Entry | undefined): Pick<ChosenPaper, 'reaction'> {
  return liked ? { reaction: { kind: 'reaction', text: liked.title, where: 'title' } } : {};
}

/** An entry is never deleted; one that is missing is a broken database, not a newsletter to send. */
function entryNamed(entries: ReadonlyMap<number, Entry>, id: number, row: NewsletterRow): Entry {
  const entry = entries.get(id);
  if (!entry) throw new Error(`Newsletter ${row.newsletterPublicId}: entry ${id} is not in the database`);
  return entry;
}

/** A planned number: -1 stands for «the source does not say». */
function saidOrNull(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : value;
}

/** A topic is keyed by its slug and read by its name in the newsletter's language. */
function wordingOf(match: MatchWithInterest, topics: ReadonlyMap<string, string>, language: string): string {
  const { interestKind, interestText: text } = match;
  return interestKind === 'topic' ? topicNameIn(language, text, topics.get(text) ?? text) : text;
}
