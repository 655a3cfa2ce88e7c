import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { packageVersion } from '../package.ts';
import { deadline } from '../lib/deadline.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { shownAddress, withoutSecrets } from '../lib/redact.ts';
import { readCapped } from '../lib/read-capped.ts';
import { MAX_CAPTURE_BYTES } from './parse-capture.ts';
import { selfDescribing } from './sources/decode-text.ts';
import { requestSource, type Lookup } from './request.ts';

/** Bytes from outside, not yet read. */
export interface ReceivedBytes {
  /** File name, or URL without what opens it. */
  name: string;
  bytes: Uint8Array;
  /** Hex. */
  sha256: string;
}

/** What tells whether a file changed since it was last looked at. */
export interface FileMark {
  path: string;
  size: number;
  mtimeMs: number;
}

/** How patient the fetcher is. */
export interface Patience {
  timeoutMs: number;
  /** Pauses before the second, third … try. */
  pausesMs: readonly number[];
  /** The longest Retry-After that is waited out. */
  longestPauseMs: number;
  /** Ends the waiting: the process is about to stop. */
  signal?: AbortSignal | undefined;
}

/** For an operator who waits at the terminal. */
const PATIENCE: Patience = { timeoutMs: 60_000, pausesMs: [2_000, 8_000, 30_000], longestPauseMs: 60_000 };
/** A file this young may still be growing. */
export const SETTLE_MS = 2_000;
const DIGEST_FILE = /^[^.].*\.(txt|md|json|xml|html)$/i;

/** Tells a URL from a path. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/**
 * Gets a URL politely: names itself, is not sent to what is not public, waits on 429 and 5xx as told (Retry-After) or
 * longer each time, reads at most 20 MB. Throws AppError unavailable with the URL, as it may be shown, and what was
 * answered, bad-input where it is none.
 */
export async function fetchUrl(
  ctx: Pick<Context, 'fetch' | 'config'>,
  url: string,
  patience: Patience = PATIENCE,
  lookup?: Lookup,
): Promise<ReceivedBytes> {
  if (!URL.canParse(url))
    throw new AppError('bad-input', `${shownAddress(url)}: no address; expected a URL such as https://host/list`);
  const name = shownAddress(url);
  for (let attempt = 0; ; attempt++) {
    const answer = await tryOnce(ctx, url, patience, lookup);
    if ('bytes' in answer) return { name, bytes: answer.bytes, sha256: hashOf(answer.bytes) };
    const wait = patience.pausesMs[attempt];
    if (!answer.again || wait === undefined)
      throw new AppError('unavailable', `${name}: ${answer.problem}; expected an answer 200 with a digest`);
    await pause(Math.min(answer.retryAfterMs ?? wait, patience.longestPauseMs), undefined, { signal: patience.signal });
  }
}

/**
 * Reads a file that nobody writes to meanwhile. Throws AppError: bad-input where it cannot be read, conflict where it
 * is still growing.
 */
export async function readSettledFile(path: string): Promise<ReceivedBytes> {
  const before = await markOf(path).catch((error: unknown) => {
    throw new AppError('bad-input', `${path}: ${messageOf(error)}; expected a digest, a folder of digests, or a URL`, {
      cause: error,
    });
  });
  if (before.size > MAX_CAPTURE_BYTES)
    throw new AppError('bad-input', `${path}: ${before.size} bytes; expected at most ${MAX_CAPTURE_BYTES}`);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new AppError('bad-input', `${path}: ${messageOf(error)}; expected a file that can be read`, { cause: error });
  });
  const after = await markOf(path).catch(() => null);
  if (after?.size !== before.size || after.mtimeMs !== before.mtimeMs || bytes.length !== after.size) {
    throw new AppError('conflict', `${path}: changed while it was read; expected a finished file`);
  }
  return { name: basename(path), bytes, sha256: hashOf(bytes) };
}

/**
 * Lists the files of a folder that may be digests (txt, md, json, xml, html; no dot files), by name, with what tells
 * their changes. Throws AppError where it cannot.
 */
export async function listDigestFiles(folder: string): Promise<FileMark[]> {
  const names = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new AppError('bad-input', `${folder}: ${messageOf(error)}; expected a folder that can be read`, {
      cause: error,
    });
  });
  const files = names
    .filter((entry) => !entry.isDirectory() && DIGEST_FILE.test(entry.name))
    .map((entry) => join(folder, entry.name));
  // One that vanished meanwhile is no file.
  const marks = await Promise.all(files.sort().map((path) => markOf(path).catch(() => null)));
  return marks.filter((mark) => mark !== null);
}

/** Drops files that are still growing: young ones are looked at again after a moment. */
export async function settledFiles(files: FileMark[], now: Date, settleMs = SETTLE_MS): Promise<FileMark[]> {
  const age = (mark: FileMark) => now.getTime() - mark.mtimeMs;
  const young = files.filter((mark) => age(mark) < settleMs); // also a time ahead of the clock
  if (young.length === 0) return files;
  await pause(settleMs);
  const growing = new Set<string>();
  for (const mark of young) {
    const later = await markOf(mark.path).catch(() => null);
    if (later?.size !== mark.size || later.mtimeMs !== mark.mtimeMs) growing.add(mark.path);
  }
  return files.filter((mark) => !growing.has(mark.path));
}

/** Tells whether a path is a folder that is there. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

type Answer = { bytes: Uint8Array } | { problem: string; again: boolean; retryAfterMs?: number };

async function tryOnce(
  ctx: Pick<Context, 'fetch' | 'config'>,
  url: string,
  { timeoutMs, signal }: Patience,
  lookup?: Lookup,
): Promise<Answer> {
  const limit = deadline(timeoutMs, signal);
  try {
    const options = {
      headers: {
        'user-agent': `Offprint/${packageVersion()} (+${ctx.config.PUBLIC_URL})`,
        accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
      },
      signal: limit.signal,
    };
    const response = await requestSource(ctx.fetch, url, options, lookup);
    if (response.ok) {
      const bytes = await readCapped(response, MAX_CAPTURE_BYTES);
      return bytes
        ? { bytes: selfDescribing(bytes, response.headers.get('content-type')) }
        : { problem: `more than ${MAX_CAPTURE_BYTES} bytes`, again: false };
    }
    await response.body?.cancel();
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
    return {
      problem: `answered ${response.status}`,
      again: response.status === 429 || response.status >= 500,
      ...retryAfter,
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${messageOf(error.cause)})` : '';
    const again = !signal?.aborted && !(error instanceof AppError);
    return { problem: withoutSecrets(`${messageOf(error)}${cause}`), again };
  } finally {
    limit.done();
  }
}

async function markOf(path: string): Promise<FileMark> {
  const { size, mtimeMs } = await stat(path);
  return { path, size, mtimeMs };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
