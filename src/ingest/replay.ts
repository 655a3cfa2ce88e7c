import type { Context } from '../context.ts';
import { knownPapers, papersListedBefore } from '../db/digests/papers.ts';
import {
  listReadCaptures,
  loadCaptureBytes,
  loadStoredEntries,
  type ReadCapture,
  type StoredEntry,
} from '../db/digests/replay.ts';
import { AppError } from '../lib/errors.ts';
import { initialDigestState, type ParsedDigest, type ParsedEntry } from '../model/digest.ts';
import { identifyPapers, keysOf } from '../model/identity.ts';
import { parseCaptureApart } from './parse-apart.ts';
import { PARSER_VERSION } from './capture.ts';
import { sourceHealth } from './source-health.ts';

/** What of an entry its digest would tell otherwise. */
export interface EntryChange {
  source: string;
  digestOn: string;
  title: string;
  /** added: not stored · gone: no capture tells it any more · changed: in the fields named. */
  change: 'added' | 'gone' | 'changed';
  fields: string[];
  /** The stored entry; null where there is none. */
  stored: StoredEntry | null;
  parsed: ParsedEntry | null;
}

/** What reading captures again would change. */
export interface Replay {
  captures: number;
  /** Of other parsers than these, or from before they were counted. */
  older: number;
  /** Captures of days of which some were let go of; those days are left out. */
  forgotten: number;
  entries: EntryChange[];
  /** Papers that would be new, and pairs that would be one. */
  newPapers: string[];
  merges: { from: number; into: number }[];
  /** Captures that would be read otherwise as a whole: refused, taken, or of another day. */
  captureChanges: { capture: number; source: string; name: string; was: string; would: string }[];
}

/** Where replaying is; kept small, since a year has thousands of captures. */
interface Work {
  ctx: Pick<Context, 'db'>;
  replay: Replay;
}

/**
 * Reads the captures of list days again, as they were read before, and compares what the parsers make of them now with
 * what is stored, of one source or of all. Changes nothing.
 */
export async function replayCaptures(
  ctx: Pick<Context, 'db'>,
  { from, to, source }: { from: string; to: string; source?: string },
  progress: (done: number, total: number) => void = () => {},
): Promise<Replay> {
  const captures = await listReadCaptures(ctx.db, from, to, source);
  const replay: Replay = {
    captures: 0,
    older: 0,
    forgotten: 0,
    entries: [],
    newPapers: [],
    merges: [],
    captureChanges: [],
  };
  const days = new Map<string, ReadCapture[]>();
  for (const capture of captures) {
    const day = `${capture.source} ${capture.digestOn ?? ''}`;
    days.set(day, [...(days.get(day) ?? []), capture]);
  }
  for (const day of days.values()) {
    await replayDay({ ctx, replay }, day);
    progress(replay.captures + replay.forgotten, captures.length);
  }
  return replay;
}

async function replayDay({ ctx, replay }: Work, captures: readonly ReadCapture[]): Promise<void> {
  const digests: { capture: ReadCapture; digest: ParsedDigest }[] = [];
  if (captures.some(({ forgotten }) => forgotten)) {
    replay.forgotten += captures.length;
    return;
  }
  for (const capture of captures) {
    replay.captures++;
    if (capture.parserVersion !== PARSER_VERSION) replay.older++;
    const digest = await readAgain(ctx, capture);
    const [was, would] = [capture.digestOn ?? 'no digest', typeof digest === 'string' ? 'no digest' : digest.digestOn];
    if (was !== would) {
      const { id, source, name } = capture;
      replay.captureChanges.push({ capture: id, source, name, was, would });
    } else if (typeof digest !== 'string') digests.push({ capture, digest });
  }
  const [first] = digests;
  const stored = first && (await loadStoredEntries(ctx.db, first.capture.source, first.digest.digestOn));
  if (!stored) return;
  // What came after the digest's own capture looked wrong, and was not used; nor was what looks so by itself.
  const isUsed = ({ capture, digest }: (typeof digests)[number]) =>
    capture.id === stored.captureId || (capture.id < stored.captureId && looksWell(digest));
  const used = digests.filter(isUsed).map(({ digest }) => digest);
  await compare(
    { ctx, replay },
    { source: first.capture.source, digestOn: first.digest.digestOn },
    used,
    stored.entries,
  );
}

function looksWell(digest: ParsedDigest): boolean {
  return initialDigestState(sourceHealth(digest, []).verdict) === 'accepted';
}

/** Reads a capture as it was read; one from before that was noted may have been given its day. */
async function readAgain(ctx: Pick<Context, 'db'>, capture: ReadCapture): Promise<ParsedDigest | string> {
  const bytes = await loadCaptureBytes(ctx.db, capture.id);
  const hints = { name: capture.name, fetchedAt: capture.receivedAt };
  const read = (on: string | undefined) =>
    parseCaptureApart(bytes, { ...hints, on }).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'bad-input') return error.message;
      throw error;
    });
  const digest = await read(capture.toldOn ?? undefined);
  const isSame = typeof digest !== 'string' && digest.digestOn === capture.digestOn;
  const mayBeTold = !isSame && capture.parserVersion === null && capture.digestOn !== null;
  return mayBeTold ? read(capture.digestOn ?? undefined) : digest;
}

async function compare(
  { ctx, replay }: Work,
  day: { source: string; digestOn: string },
  digests: readonly ParsedDigest[],
  stored: readonly StoredEntry[],
): Promise<void> {
  const entries = digests.flatMap((digest) => digest.entries);
  const { assignments, merges } = identifyPapers(entries, await knownPapers(ctx.db, keysOf(entries)));
  replay.merges.push(...merges);
  const ids = assignments.flatMap((place) => (place && 'paperId' in place ? [place.paperId] : []));
  const isStream = digests.some(({ listing }) => listing === 'stream');
  const elsewhere = isStream ? await papersListedBefore(ctx.db, day, ids) : new Set<number>();
  const told = new Set<string>();
  const byPaper = new Map(stored.map((entry) => [entry.paperId, entry]));
  for (const [at, parsed] of entries.entries()) {
    const place = assignments[at];
    const key = place && JSON.stringify(place);
    if (!place || !key || told.has(key)) continue; // the first that tells of a paper counts
    told.add(key);
    const paperId = 'paperId' in place ? place.paperId : null;
    if (paperId !== null && elsewhere.has(paperId)) continue;
    if (paperId === null) replay.newPapers.push(parsed.title);
    const entry = byPaper.get(paperId ?? -1) ?? null;
    byPaper.delete(paperId ?? -1);
    const fields = entry ? fieldsThatDiffer(entry, parsed) : [];
    if (entry && fields.length === 0) continue;
    const { title } = entry ?? parsed;
    replay.entries.push({ ...day, title, change: entry ? 'changed' : 'added', fields, stored: entry, parsed });
  }
  for (const entry of byPaper.values())
    replay.entries.push({ ...day, title: entry.title, change: 'gone', fields: [], stored: entry, parsed: null });
}

/** What the first capture of a day decides of an entry. */
const FIELDS = [
  ...(['title', 'abstract', 'authors', 'authorCount', 'organization', 'publishedOn', 'url', 'codeUrl'] as const),
  'discussionUrl',
] as const;

function fieldsThatDiffer(stored: StoredEntry, parsed: ParsedEntry): string[] {
  return FIELDS.filter((field) => JSON.stringify(stored[field]) !== JSON.stringify(parsed[field]));
}
