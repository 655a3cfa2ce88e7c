import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, messageOf, type AppErrorCode } from '../lib/errors.ts';
import { shownAddress } from '../lib/redact.ts';
import { ask, unanswered, type Problem } from './asking/ask.ts';
import { later } from './asking/pace.ts';
import type { AskContext } from './asking/request.ts';
import { MAX_CAPTURE_BYTES } from './capture.ts';

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

/** How patient an operator at the terminal is. */
export interface Patience {
  timeoutMs: number;
  /** Pauses before the second, third … try. */
  pausesMs: readonly number[];
  /** The longest wait, for a turn or as told (Retry-After). */
  longestPauseMs: number;
  /** Hears of waits that a person would notice. */
  onWait?: ((host: string, ms: number) => void) | undefined;
  /** Ends the waiting, with an AbortError. */
  signal?: AbortSignal | undefined;
}

const PATIENCE: Patience = { timeoutMs: 60_000, pausesMs: [2_000, 8_000, 30_000], longestPauseMs: 60_000 };
/** A file this young may still be growing. */
export const SETTLE_MS = 2_000;
const DIGEST_FILE = /\.(?:txt|md|json|xml|rss|rdf|atom|html?)(?:\.gz)?$/i;
/** What a file of a folder may be called, as messages say it. */
export const DIGEST_NAMES = '.txt, .md, .json, .xml, .rss, .rdf, .atom, .html, or one of these with .gz';
/** Folders within folders that are looked into. */
const DEEPEST = 5;

/** Tells a URL from a path. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/**
 * Gets a URL that an operator waits for, politely (`asking/ask.ts`), again on 429, 5xx and broken connections, as told
 * (Retry-After) or after longer each time. Throws AppError unavailable with the URL, as it may be shown, and what was
 * answered, bad-input where it is none.
 */
export async function fetchUrl(ctx: AskContext, url: string, patience: Partial<Patience> = {}): Promise<ReceivedBytes> {
  const { timeoutMs, pausesMs, longestPauseMs, onWait, signal } = { ...PATIENCE, ...patience };
  const name = shownAddress(url);
  if (!URL.canParse(url))
    throw new AppError('bad-input', `${name}: no address; expected a URL such as https://host/list`, {
      said: { name: 'source.noAddress', values: { address: name } },
    });
  for (let attempt = 0; ; attempt++) {
    const answer = await ask(ctx, url, { timeoutMs, until: performance.now() + longestPauseMs, onWait, signal });
    if ('bytes' in answer) return receivedOf(name, answer.bytes);
    if ('unchanged' in answer) throw unanswered(url, UNCHANGED);
    if ('waitMs' in answer) throw unanswered(url, notYet(inWords(answer.waitMs)));
    const waitMs = answer.retryAfterMs ?? pausesMs[attempt];
    if (!answer.again || pausesMs[attempt] === undefined || waitMs === undefined) throw unanswered(url, answer);
    if (waitMs > longestPauseMs) throw unanswered(url, answer, inWords(waitMs));
    onWait?.(new URL(url).host, waitMs);
    await pause(later(waitMs), undefined, signal ? { signal } : {});
  }
}

const UNCHANGED = { problem: 'answered 304 to who has nothing of it', said: { name: 'source.unchanged' } };

function notYet(time: string): Pick<Problem, 'problem' | 'said'> {
  const problem = `its host is not to be asked for another ${time}`;
  return { problem, said: { name: 'source.notYet', values: { time } } };
}

function inWords(ms: number): string {
  return ms < 120_000 ? `${Math.ceil(ms / 1_000)} s` : `${Math.ceil(ms / 60_000)} min`;
}

function unreadable(code: AppErrorCode, place: string, error: unknown, expected: string): AppError {
  const problem = messageOf(error);
  const said = { name: 'source.unreadable', values: { place, problem } };
  return new AppError(code, `${place}: ${problem}; ${expected}`, { cause: error, said });
}

/**
 * Reads a file that nobody writes to meanwhile. Throws AppError: bad-input where it is too long, unavailable where it
 * cannot be read, conflict where it is still growing.
 */
export async function readSettledFile(path: string): Promise<ReceivedBytes> {
  const before = await markOf(path).catch((error: unknown) => {
    throw unreadable('unavailable', path, error, 'expected a digest, a folder of digests, or a URL');
  });
  if (before.size > MAX_CAPTURE_BYTES)
    throw new AppError('bad-input', `${path}: ${before.size} bytes; expected at most ${MAX_CAPTURE_BYTES}`, {
      said: { name: 'capture.tooLong', values: { file: path, most: MAX_CAPTURE_BYTES } },
    });
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable('unavailable', path, error, 'expected a file that can be read');
  });
  const after = await markOf(path).catch(() => null);
  if (after?.size !== before.size || after.mtimeMs !== before.mtimeMs || bytes.length !== after.size) {
    throw new AppError('conflict', `${path}: changed while it was read; expected a finished file`);
  }
  return receivedOf(basename(path), bytes);
}

/**
 * Lists the files of a folder and of those in it that may be digests (`DIGEST_NAMES`), by name, with what tells their
 * changes; tells `passed` of all others. Hidden ones are none. Throws AppError where the folder cannot be listed.
 */
export async function listDigestFiles(
  folder: string,
  passed: (path: string) => void = () => {},
  depth = 0,
): Promise<FileMark[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable('bad-input', folder, error, 'expected a folder that can be read');
  });
  const marks: (FileMark | null)[] = [];
  for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < DEEPEST) {
      const inner = await listDigestFiles(path, passed, depth + 1).catch(() => null);
      if (inner) marks.push(...inner);
      else passed(path);
    } else if (!entry.isDirectory() && DIGEST_FILE.test(entry.name)) {
      marks.push(await markOf(path).catch(() => null)); // one that vanished meanwhile is no file
    } else passed(path);
  }
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

async function markOf(path: string): Promise<FileMark> {
  const { size, mtimeMs } = await stat(path);
  return { path, size, mtimeMs };
}

/** Names bytes from outside by where they came from and by what they are. */
export function receivedOf(name: string, bytes: Uint8Array): ReceivedBytes {
  return { name, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
