import type { SourceSetting } from '../source-settings.ts';
import type { Context } from '../context.ts';
import type { Db } from '../db/client.ts';
import { findCapture } from '../db/digests/captures.ts';
import { AppError, oneLine } from '../lib/errors.ts';
import { askSource, type AnsweredVersion, type Tick } from './asking/ask-source.ts';
import {
  DIGEST_NAMES,
  isUrl,
  listDigestFiles,
  readSettledFile,
  settledFiles,
  type FileMark,
  type ReceivedBytes,
} from './fetch.ts';

/** Bytes that a source gave, to be taken in. */
export interface Incoming {
  source: string;
  received: ReceivedBytes;
  /** Pages of the same list that come before it: together they are one digest, taken in whole or not at all. */
  before?: readonly ReceivedBytes[] | undefined;
  /** List day it was given by itself, YYYY-MM-DD. */
  on?: string | undefined;
}

/** What a source gave, and the files and answers it came from, to be noted once it is stored. */
export interface Received {
  incoming: Incoming[];
  marks: FileMark[];
  versions: AnsweredVersion[];
  /** Whether its folder could be looked at, or anything of it answered; false also where nothing was due. */
  answered: boolean;
  /** Why not everything could be had, the first reason; all the rest counts. */
  failure: AppError | null;
}

/** Remembers, per database, what this process has dealt with. Losing it costs reading each file once, no more. */
interface Memory {
  /** By size and time. */
  files: Map<string, string>;
}
const memories = new WeakMap<Db, Memory>();

/**
 * Receives what is new at a source: files that appeared or changed since they were noted, or what its URLs answer, as
 * far as they are due and fit into the tick. Files that cannot be read are told to `problem` and left for the next run.
 * Throws AppError where a folder cannot be read.
 */
export async function receiveNew(
  ctx: Context,
  { name, location }: SourceSetting,
  problem: (error: AppError, mark: FileMark) => Promise<void>,
  tick: Tick,
): Promise<Received> {
  if (!isUrl(location)) return readNewFiles(ctx, name, location, problem);
  const { received, ...asked } = await askSource(ctx, name, location, tick);
  return { ...asked, incoming: received.map((one) => ({ source: name, received: one })), marks: [] };
}

/**
 * Notes files as dealt with, so that the next run passes them over without reading; to be called after their bytes are
 * stored.
 */
export function noteFiles(ctx: Context, source: string, files: FileMark[]): void {
  for (const mark of files) memoryOf(ctx.db).files.set(`${source} ${mark.path}`, stampOf(mark));
}

async function readNewFiles(
  ctx: Context,
  source: string,
  folder: string,
  problem: (error: AppError, mark: FileMark) => Promise<void>,
): Promise<Received> {
  const { files } = memoryOf(ctx.db);
  const passed: string[] = [];
  const changed = (await listDigestFiles(folder, (path) => passed.push(path))).filter(
    (mark) => files.get(`${source} ${mark.path}`) !== stampOf(mark),
  );
  const unheard = passed.filter((path) => files.get(`${source} ${path}`) !== PASSED);
  for (const path of unheard) files.set(`${source} ${path}`, PASSED);
  if (unheard.length > 0) ctx.log.warn({ source, files: unheard, expected: DIGEST_NAMES }, 'files passed over');
  const received: Received = { incoming: [], marks: [], versions: [], answered: true, failure: null };
  for (const mark of await settledFiles(changed, ctx.now())) {
    const file = await readSettledFile(mark.path).catch((error: unknown) => unread(mark.path, error));
    if (file instanceof AppError) {
      const isSaid = file.code === 'unavailable' && files.get(`${source} ${mark.path}`) === waitingOf(mark);
      if (!isSaid) await problem(file, mark);
      if (file.code === 'bad-input') noteFiles(ctx, source, [mark]); // a change of the file makes it new
      if (file.code === 'unavailable') files.set(`${source} ${mark.path}`, waitingOf(mark)); // no change may be needed
    } else if (await isDealtWith(ctx, source, file)) {
      noteFiles(ctx, source, [mark]);
    } else {
      received.incoming.push({ source, received: file });
      received.marks.push(mark);
    }
  }
  return received;
}

/**
 * Tells whether a file adds nothing, since its bytes were read before. After a start that is so of nearly all of a
 * folder: held together until they are taken in, a few years of lists take more memory than there is.
 */
async function isDealtWith(ctx: Context, source: string, { sha256 }: ReceivedBytes): Promise<boolean> {
  const known = await findCapture(ctx.db, source, sha256);
  return known !== null && known.state !== 'received';
}

/** Says of anything thrown over a file or an address what it is and that it could not be read. */
export function unread(place: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const problem = oneLine(error);
  const said = { name: 'source.unreadable', values: { place, problem } };
  return new AppError('unavailable', `${place}: ${problem}; expected a digest`, { cause: error, said });
}

/** Noted of a file that is no digest by its name: it is said once. */
const PASSED = 'passed over';

function stampOf(mark: FileMark): string {
  return `${mark.size} ${mark.mtimeMs}`;
}

/** Noted of a file that cannot be read for now: it is said once, and tried each time. */
function waitingOf(mark: FileMark): string {
  return `waits ${stampOf(mark)}`;
}

function memoryOf(db: Db): Memory {
  const memory = memories.get(db) ?? { files: new Map() };
  memories.set(db, memory);
  return memory;
}
