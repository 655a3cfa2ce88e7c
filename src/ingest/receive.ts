import type { SourceSetting } from '../source-settings.ts';
import type { Context } from '../context.ts';
import type { Db } from '../db/client.ts';
import { AppError, oneLine } from '../lib/errors.ts';
import {
  fetchUrl,
  isUrl,
  listDigestFiles,
  readSettledFile,
  settledFiles,
  type FileMark,
  type ReceivedBytes,
} from './fetch.ts';
import { MOST_PAGES, nextPage, requestsFor } from './sources/requests.ts';

/** Bytes that a source gave, to be taken in. */
export interface Incoming {
  source: string;
  received: ReceivedBytes;
}

/** What a source gave, and the files it came from, to be noted once it is stored. */
export interface Received {
  incoming: Incoming[];
  marks: FileMark[];
  /**
   * How many requests were answered, «unchanged» among them; null where none was due. A folder that can be listed is
   * one.
   */
  answers: number | null;
  /** Why not everything could be had, the first reason; all the rest counts. */
  failure: AppError | null;
}

/**
 * Remembers, per database, what this process has dealt with: files by size and time, URLs by when they were asked last.
 * Losing it costs a look, no more.
 */
interface Memory {
  files: Map<string, string>;
  askedAt: Map<string, number>;
}
const memories = new WeakMap<Db, Memory>();

/**
 * A remote list changes a few times an hour; asking at each tick would be rude, and keep a new capture for every
 * upvote.
 */
const ASK_EVERY_MS = 30 * 60_000;
/** A tick does not wait long for a remote server: files wait behind it, and the next time comes. */
const TICK_PATIENCE = { timeoutMs: 20_000, pausesMs: [2_000, 5_000], longestPauseMs: 10_000 };

/**
 * Receives what is new at a source: files that appeared or changed since they were noted, or the answers to its URLs.
 * Files that cannot be read are told to `problem` and left for the next run. Throws AppError where a folder cannot be
 * read.
 */
export async function receiveNew(
  ctx: Context,
  { name, location }: SourceSetting,
  problem: (error: AppError, mark: FileMark) => Promise<void>,
  signal?: AbortSignal,
): Promise<Received> {
  return isUrl(location) ? askUrls(ctx, name, location, signal) : readNewFiles(ctx, name, location, problem);
}

/**
 * Notes files as dealt with, so that the next run passes them over without reading; to be called after their bytes are
 * stored.
 */
export function noteFiles(ctx: Context, source: string, files: FileMark[]): void {
  for (const mark of files) memoryOf(ctx.db).files.set(`${source} ${mark.path}`, stampOf(mark));
}

async function askUrls(ctx: Context, source: string, location: string, signal?: AbortSignal): Promise<Received> {
  const memory = memoryOf(ctx.db);
  const now = ctx.now().getTime();
  const received: Received = { incoming: [], marks: [], answers: null, failure: null };
  const waited = now - (memory.askedAt.get(`${source} ${location}`) ?? -Infinity);
  if (Math.abs(waited) < ASK_EVERY_MS && !isLoopback(location)) return received;
  memory.askedAt.set(`${source} ${location}`, now);
  received.answers = 0;
  for (const url of requestsFor(location, ctx.now())) {
    try {
      for await (const one of pagesOf(ctx, url, signal)) received.incoming.push({ source, received: one });
      received.answers++;
    } catch (error) {
      if (signal?.aborted) throw error;
      received.failure ??= unread(url, error); // one day that is refused keeps no other from being asked for
    }
  }
  return received;
}

async function* pagesOf(ctx: Context, first: string, signal?: AbortSignal): AsyncGenerator<ReceivedBytes> {
  let url: string | null = first;
  for (let page = 0; url !== null && page < MOST_PAGES; page++) {
    const received = await fetchUrl(ctx, url, { ...TICK_PATIENCE, signal });
    yield received;
    url = nextPage(url, received.bytes);
  }
}

async function readNewFiles(
  ctx: Context,
  source: string,
  folder: string,
  problem: (error: AppError, mark: FileMark) => Promise<void>,
): Promise<Received> {
  const { files } = memoryOf(ctx.db);
  const changed = (await listDigestFiles(folder)).filter(
    (mark) => files.get(`${source} ${mark.path}`) !== stampOf(mark),
  );
  const received: Received = { incoming: [], marks: [], answers: 1, failure: null };
  for (const mark of await settledFiles(changed, ctx.now())) {
    try {
      received.incoming.push({ source, received: await readSettledFile(mark.path) });
      received.marks.push(mark);
    } catch (caught) {
      const error = unread(mark.path, caught);
      if (error.code === 'bad-input') noteFiles(ctx, source, [mark]); // said once; a change of the file makes it new
      await problem(error, mark);
    }
  }
  return received;
}

/** Says of anything thrown over a file or an address what it is and that it could not be read. */
export function unread(place: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('unavailable', `${place}: ${oneLine(error)}; expected a digest`, { cause: error });
}

function stampOf(mark: FileMark): string {
  return `${mark.size} ${mark.mtimeMs}`;
}

function memoryOf(db: Db): Memory {
  const memory = memories.get(db) ?? { files: new Map(), askedAt: new Map() };
  memories.set(db, memory);
  return memory;
}

/** A server on this machine needs no sparing. */
function isLoopback(location: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(location).hostname);
}
