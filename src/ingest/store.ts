import type { Context } from '../context.ts';
import { findCapture, keepCapture, thinCaptures, type Reading } from '../db/digests/captures.ts';
import { transaction, type Tx } from '../db/client.ts';
import { digestHistory, isDayInUse, isFirstDigest, saveDigest, type SavedDigest } from '../db/digests/save-digest.ts';
import { markArrived } from '../db/digests/arrivals.ts';
import { noteNews } from '../db/sources/standings.ts';
import { dropEntries, storeEntries } from '../db/digests/entries.ts';
import { asListed } from '../db/digests/listed-as.ts';
import { knownPapers, papersListedBefore } from '../db/digests/papers.ts';
import { initialDigestState, isUsable, type DigestState, type Health, type ParsedDigest } from '../model/digest.ts';
import { identifyPapers, keysOf } from '../model/identity.ts';
import { announce } from '../hooks/announce.ts';
import { isUrl, type ReceivedBytes } from './fetch.ts';
import { isNews } from './news.ts';
import { placePapers } from './write-papers.ts';
import { sourceHealth, zoneOf } from './source-health.ts';
import { fullDateIn, latestListDay } from './sources/list-day.ts';

/** What storing a digest changed. */
export interface StoredCounts {
  state: DigestState;
  health: Health;
  /**
   * replaced: the day's digest was held and is told anew · kept: the day's digest was there, looked right and stays as
   * it was; this capture of it looks wrong · known: a stream that showed nothing new.
   */
  outcome: SavedDigest['outcome'] | 'known';
  newEntries: number;
  newPapers: number;
}

/** What a digest was read from, and how; `before` are the pages of its list that come before it. */
export interface Capture {
  source: string;
  received: ReceivedBytes;
  before?: readonly ReceivedBytes[] | undefined;
  reading: Reading;
}

/** The longest a transaction of one digest may take: thousands of entries on a slow disk. */
const STORE_TIMEOUT_MS = 120_000;

/**
 * Stores a capture and its digest in one transaction: entries join their papers, or become new ones, and arrive if the
 * digest looks right. Of a stream that is what the source never listed on another day; where that is nothing, there is
 * no digest. Later lists make a day in use, or one that was asked for, no old one: what is new in it arrives now. Of a
 * past day all is known and never news; nothing of it is used where it is empty or looks wrong.
 */
export async function storeDigest(
  ctx: Pick<Context, 'db' | 'now' | 'queue'>,
  { source, received, before = [], reading }: Capture,
  parsed: ParsedDigest,
): Promise<StoredCounts> {
  const now = ctx.now();
  return transaction(
    ctx.db,
    async (tx) => {
      const { digestOn, warnings, listing = 'curated' } = parsed;
      const [{ past = false }, pages] = [reading, [...before, received]];
      const digest = listing === 'stream' ? await newToSource(tx, source, parsed) : parsed;
      const isDated = past || isAskedFor(received.name, digestOn) || (await isDayInUse(tx, source, digestOn));
      const until = isDated ? digestOn : latestListDay(now);
      const health = await judge(tx, source, digest, { now, until });
      if (past && digest.entries.length > 0 && initialDigestState(health.verdict) === 'held') {
        await keepUnused(tx, { source, pages, reading, health }, now);
        return { ...NOTHING_NEW, outcome: 'kept', health };
      }
      const captureId = await keepPages(tx, { source, pages, reading, digestOn }, now);
      if ((past || listing === 'stream') && digest.entries.length === 0) {
        await thin(tx, { source, pages, digestOn });
        return { ...NOTHING_NEW, health };
      }
      const size = digest.entries.length;
      const saved = await saveDigest(tx, { source, digestOn, captureId, size, health, warnings }, now);
      const { state, outcome } = saved;
      if (outcome === 'stored' && state === 'held')
        await announce(ctx, tx, 'digest.held', { digest: saved.id, source, digestOn });
      if (outcome === 'kept') return { state, outcome, health, newEntries: 0, newPapers: 0 };
      await thin(tx, { source, pages, digestOn });
      if (outcome === 'replaced') await dropEntries(tx, saved.id);
      const filled = await fillDigest(tx, { ...saved, source, digest, past }, { now, until });
      return { state, outcome, health, ...filled };
    },
    STORE_TIMEOUT_MS,
  );
}

/** Says of a list of a past day that looks wrong what becomes of it. */
export function unusedText({ reasons }: Health): string {
  return `it looks wrong and is not used (${reasons.join('; ')})`;
}

/** Keeps the list of a past day that looks wrong as none, so that it is asked for again; what was a digest stays so. */
async function keepUnused(
  tx: Tx,
  given: { source: string; pages: readonly ReceivedBytes[]; reading: Reading; health: Health },
  now: Date,
): Promise<void> {
  const { source, pages, reading, health } = given;
  const result = { problem: unusedText(health), said: { name: 'list.unused' } };
  for (const page of pages)
    if ((await findCapture(tx, source, page.sha256))?.state !== 'parsed')
      await keepCapture(tx, { source, ...page, result, reading }, now);
}

/** Keeps the pages of a digest; returns the number of the newest, by which it is known. */
async function keepPages(
  tx: Tx,
  given: { source: string; pages: readonly ReceivedBytes[]; reading: Reading; digestOn: string },
  now: Date,
): Promise<number> {
  const { source, pages, reading, digestOn } = given;
  const ids: number[] = [];
  for (const page of pages) ids.push(await keepCapture(tx, { source, ...page, result: { digestOn }, reading }, now));
  return Math.max(...ids);
}

async function thin(
  tx: Tx,
  { source, pages, digestOn }: { source: string; pages: readonly ReceivedBytes[]; digestOn: string },
): Promise<void> {
  for (const { name } of pages) if (isUrl(name)) await thinCaptures(tx, source, name, digestOn);
}

/** Stores the entries of a digest; those of one that looks right arrive. */
async function fillDigest(
  tx: Tx,
  {
    id,
    state,
    source,
    digest,
    past,
  }: Pick<SavedDigest, 'id' | 'state'> & { source: string; digest: ParsedDigest; past: boolean },
  { now, until }: { now: Date; until: string },
): Promise<Pick<StoredCounts, 'newEntries' | 'newPapers'>> {
  const { digestOn, listing = 'curated', entries } = digest;
  const { placed, newPapers } = await placePapers(tx, entries, now);
  const firstSight = listing === 'stream' && (await isFirstDigest(tx, id, source));
  const rows = placed.map((one) => ({ ...one, known: past || !isNews(one.entry, { digestOn, listing, firstSight }) }));
  const newEntries = rows.length > 0 ? await storeEntries(tx, id, await asListed(tx, id, rows)) : 0;
  if (isUsable({ state })) {
    await markArrived(tx, id, now, until);
    if (newEntries > 0 && (await hasNews(tx, { source, digestOn }, rows))) await noteNews(tx, source, now);
  }
  return { newEntries, newPapers };
}

const NOTHING_NEW = { state: 'accepted', outcome: 'known', newEntries: 0, newPapers: 0 } as const;

/** Tells whether a list holds what its source never listed on another day, whoever else did. */
async function hasNews(
  tx: Tx,
  list: { source: string; digestOn: string },
  rows: readonly { paperId: number; known: boolean }[],
): Promise<boolean> {
  const ids = rows.flatMap(({ paperId, known }) => (known ? [] : [paperId]));
  const before = await papersListedBefore(tx, list, ids);
  return ids.some((id) => !before.has(id));
}

/** What was asked for by its day may come late: later lists make it no old one. */
function isAskedFor(name: string, digestOn: string): boolean {
  return isUrl(name) && fullDateIn(name) === digestOn;
}

/** Judges a digest by those of its source up to a list day. */
async function judge(
  tx: Tx,
  source: string,
  digest: ParsedDigest,
  { now, until }: { now: Date; until: string },
): Promise<Health> {
  const known = digest.listing === 'stream' ? [] : await digestHistory(tx, source, until);
  return sourceHealth(digest, known, { now, zone: zoneOf(digest.listing) });
}

/** Leaves of a stream what its source never listed on another day, numbered anew. */
async function newToSource(tx: Tx, source: string, digest: ParsedDigest): Promise<ParsedDigest> {
  const { digestOn, entries } = digest;
  const { assignments } = identifyPapers(entries, await knownPapers(tx, keysOf(entries)));
  const ids = assignments.map((place) => (place && 'paperId' in place ? place.paperId : null));
  const before = await papersListedBefore(
    tx,
    { source, digestOn },
    ids.filter((id) => id !== null),
  );
  const news = entries.filter((_, index) => !before.has(ids[index] ?? -1));
  return { ...digest, entries: news.map((entry, index) => ({ ...entry, position: index + 1 })) };
}
