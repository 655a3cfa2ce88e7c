import type { Context } from '../context.ts';
import { keepCapture, thinCaptures, type Reading } from '../db/digests/captures.ts';
import { transaction, type Tx } from '../db/client.ts';
import { digestHistory, isFirstDigest, saveDigest, type SavedDigest } from '../db/digests/save-digest.ts';
import { markArrived } from '../db/digests/arrivals.ts';
import { noteNews } from '../db/sources/standings.ts';
import { dropEntries, storeEntries } from '../db/digests/entries.ts';
import {
  addIdentities,
  fillPapers,
  insertPapers,
  knownPapers,
  mergePapers,
  papersListedBefore,
} from '../db/digests/papers.ts';
import {
  initialDigestState,
  isUsable,
  type DigestState,
  type Health,
  type ParsedDigest,
  type ParsedEntry,
} from '../model/digest.ts';
import { identifyPapers, keysOf, type Assignment } from '../model/identity.ts';
import { announce } from '../hooks/announce.ts';
import { isUrl, type ReceivedBytes } from './fetch.ts';
import { isNews } from './news.ts';
import { sourceHealth, zoneOf } from './source-health.ts';
import { fullDateIn, latestListDay } from './sources/list-day.ts';
import { present } from '../lib/present.ts';

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

/** The longest a transaction of one digest may take: thousands of entries on a slow disk. */
const STORE_TIMEOUT_MS = 120_000;

/**
 * Stores a capture and its digest in one transaction: entries join their papers, or become new ones, and arrive if the
 * digest looks right. Of a stream that is what the source never listed on another day; where that is nothing, there is
 * no digest. Of a past day all is known and never news; nothing of it is used where it is empty or looks wrong.
 */
export async function storeDigest(
  ctx: Pick<Context, 'db' | 'now' | 'queue'>,
  { source, received, reading }: { source: string; received: ReceivedBytes; reading: Reading },
  parsed: ParsedDigest,
): Promise<StoredCounts> {
  const now = ctx.now();
  return transaction(
    ctx.db,
    async (tx) => {
      const { digestOn, warnings, listing = 'curated' } = parsed;
      const { past = false } = reading;
      const captureId = await keepCapture(tx, { source, ...received, result: { digestOn }, reading }, now);
      const digest = listing === 'stream' ? await newToSource(tx, source, parsed) : parsed;
      const latestOn = latestListDay(now);
      const isDated = past || isAskedFor(received.name, digestOn);
      const health = await judge(tx, source, digest, { now, until: isDated ? digestOn : latestOn });
      if ((past || listing === 'stream') && digest.entries.length === 0) {
        if (isUrl(received.name)) await thinCaptures(tx, source, received.name, digestOn);
        return { ...NOTHING_NEW, health };
      }
      if (past && initialDigestState(health.verdict) === 'held') return { ...NOTHING_NEW, outcome: 'kept', health };
      const saved = await saveDigest(tx, { source, digestOn, captureId, health, warnings }, now);
      const { state, outcome } = saved;
      if (outcome === 'stored' && state === 'held')
        await announce(ctx, tx, 'digest.held', { digest: saved.id, source, digestOn });
      if (outcome === 'kept') return { state, outcome, health, newEntries: 0, newPapers: 0 };
      if (isUrl(received.name)) await thinCaptures(tx, source, received.name, digestOn);
      if (outcome === 'replaced') await dropEntries(tx, saved.id);
      const filled = await fillDigest(tx, { ...saved, source, digest, past }, { now, latestOn });
      return { state, outcome, health, ...filled };
    },
    STORE_TIMEOUT_MS,
  );
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
  { now, latestOn }: { now: Date; latestOn: string },
): Promise<Pick<StoredCounts, 'newEntries' | 'newPapers'>> {
  const { digestOn, listing = 'curated', entries } = digest;
  const { placed, newPapers } = await placePapers(tx, entries, now);
  const firstSight = listing === 'stream' && (await isFirstDigest(tx, id, source));
  const rows = placed.map((one) => ({ ...one, known: past || !isNews(one.entry, { digestOn, listing, firstSight }) }));
  const newEntries = rows.length > 0 ? await storeEntries(tx, id, rows) : 0;
  if (isUsable({ state })) {
    await markArrived(tx, id, now, latestOn);
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

/**
 * Finds or makes the paper of every entry; an entry without title is no paper, and of a paper listed twice the first
 * entry counts.
 */
async function placePapers(
  tx: Tx,
  entries: ParsedEntry[],
  now: Date,
): Promise<{ placed: { paperId: number; entry: ParsedEntry }[]; newPapers: number }> {
  const known = await knownPapers(tx, keysOf(entries));
  const { assignments, learned, merges } = identifyPapers(entries, known);
  const firsts = new Map<number, ParsedEntry>();
  for (const [index, place] of assignments.entries()) {
    const entry = entries[index];
    if (entry && place && 'newPaper' in place && !firsts.has(place.newPaper)) firsts.set(place.newPaper, entry);
  }
  const ids = await insertPapers(tx, [...firsts.values()], now);
  const newIds = new Map(
    [...firsts.keys()].map((place, index) => [place, present(ids[index], 'the id of a new paper')]),
  );
  const paperOf = (place: Assignment) =>
    'paperId' in place ? place.paperId : present(newIds.get(place.newPaper), 'a new paper');
  await mergePapers(tx, merges);
  const all = entries.flatMap((entry, index) => {
    const place = assignments[index];
    return place ? [{ paperId: paperOf(place), entry, keys: present(learned[index], 'what a paper is known by') }] : [];
  });
  await addIdentities(tx, all);
  const byPaper = new Map<number, (typeof all)[number]>();
  for (const one of all) if (!byPaper.has(one.paperId)) byPaper.set(one.paperId, one);
  const placed = [...byPaper.values()];
  await fillPapers(
    tx,
    placed.filter(({ paperId }) => !ids.includes(paperId)),
  );
  return { placed, newPapers: ids.length };
}
