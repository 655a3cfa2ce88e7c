import type { InterestTrend, NewsletterInput } from '../../model/newsletter.ts';
import type { Db, Tx } from '../client.ts';
import { loadEntries } from '../digests/entries.ts';
import { loadHealthNotes } from '../digests/verdict-notes.ts';
import { loadMatches, type MatchWithInterest } from '../interests/matches.ts';
import { loadTopicNames } from '../interests/topic-names.ts';
import { loadInterestTrends } from '../interests/trends.ts';
import { runPrepared } from '../measured.ts';
import { newslettersOfDeliveries, newsletterByPublicId, type NewsletterRow } from './newsletter-rows.ts';
import { buildInput, trendIds } from './build-input.ts';

/**
 * Loads what composing needs for many deliveries at once, in a handful of queries; those that are no newsletters, or
 * whose newsletter is gone, are left out.
 */
export async function loadNewsletterInputs(
  db: Db,
  deliveryIds: readonly bigint[],
): Promise<Map<bigint, NewsletterInput>> {
  const rows = await runPrepared(db, newslettersOfDeliveries, [deliveryIds.map(String)]);
  const inputs = await inputsOfRows(db, rows);
  return new Map(inputs.map((input, at) => [rows[at]?.deliveryId ?? 0n, input] as const));
}

/** Loads what composing one newsletter again needs, for view in browser; null where there is none of that name. */
export async function loadNewsletterInput(db: Tx, newsletterPublicId: string): Promise<NewsletterInput | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(newsletterPublicId)) return null;
  const rows = await newsletterByPublicId(db, { publicId: newsletterPublicId });
  return (await inputsOfRows(db, rows))[0] ?? null;
}

/** Loads what composing needs for newsletters whose rows are at hand. */
export async function inputsOfRows(db: Tx, rows: readonly NewsletterRow[]): Promise<NewsletterInput[]> {
  const entryIds = [
    ...new Set(
      rows.flatMap((row) => [
        ...row.entryIds,
        ...row.trendingIds,
        ...row.moverIds,
        ...(row.likedIds ?? []),
        ...(row.perhapsIds ?? []),
      ]),
    ),
  ];
  const matchIds = [...new Set(rows.flatMap((row) => [...row.matchIds, ...(row.perhapsMatchIds ?? [])]))].filter(
    (id) => id > 0,
  );
  const [entries, matches, topics] = await Promise.all([
    loadEntries(db, entryIds),
    matchIds.length > 0 ? loadMatches(db, matchIds) : new Map<number, MatchWithInterest>(),
    loadTopicNames(db),
  ]);
  const notes = await loadHealthNotes(db, [...new Set([...entries.values()].map(({ digestOn }) => digestOn))]);
  const trends = await trendsOf(db, rows, matches);
  return rows.map((row) => buildInput(row, { entries, matches, topics, notes, trends: trends.get(row.issuedOn) }));
}

/** Loads the trends of the topics in the newsletters of each date. */
async function trendsOf(
  db: Tx,
  rows: readonly NewsletterRow[],
  matches: ReadonlyMap<number, MatchWithInterest>,
): Promise<Map<string, Map<number, InterestTrend>>> {
  const trends = new Map<string, Map<number, InterestTrend>>();
  for (const day of new Set(rows.map(({ issuedOn }) => issuedOn))) {
    const ids = rows.filter(({ issuedOn }) => issuedOn === day).flatMap((row) => trendIds(row, matches));
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
