import type { Context } from '../context.ts';
import { findCapture, hasRejected, keepCapture, type Reading } from '../db/digests/captures.ts';
import { findDigestId } from '../db/digests/digests.ts';
import { withLock } from '../db/locks.ts';
import { AppError, oneLine, saidOf, type Said } from '../lib/errors.ts';
import { isOutage } from '../lib/outage.ts';
import type { DigestState, Health, ParsedDigest } from '../model/digest.ts';
import { isUrl, type ReceivedBytes } from './fetch.ts';
import { parseCaptureApart } from './parse-apart.ts';
import { PARSER_VERSION } from './capture.ts';
import { joinPages } from './join-pages.ts';
import type { Incoming } from './receive.ts';
import { fullDateIn } from './sources/list-day.ts';
import { squeeze } from './sources/plain-text.ts';
import { storeDigest, type StoredCounts } from './store.ts';
import { present } from '../lib/present.ts';

/**
 * How one file or answer fared. known: its bytes were stored before · kept: it looks wrong and its day had arrived well
 * before, so nothing changed · rejected: no digest; kept where there are bytes. The problem says why it is no digest.
 */
export interface IngestedFile {
  file: string;
  source: string;
  outcome: StoredCounts['outcome'] | 'known' | 'rejected';
  digestOn: string | null;
  state: DigestState | null;
  health: Health | null;
  entries: number;
  newEntries: number;
  newPapers: number;
  warnings: number;
  problem: string | null;
  /** The problem for pages; null where there is none, or only its words are known. */
  said: Said | null;
}

const ONE_DAY_MS = 24 * 60 * 60_000;

/** How captures are taken in. */
export interface TakeInOptions {
  /** List day of all of them, YYYY-MM-DD. */
  on?: string | undefined;
  /** Lists of days that are over: their papers are known, and never news; what looks wrong is not used. */
  past?: boolean;
  /** Also read again what was rejected before; an operator asks for it, a tick does not. */
  again?: boolean;
  progress?: ((done: number, total: number) => void) | undefined;
  /** Hears how each fared, also where one finds no thread and all ends with that. */
  heard?: ((file: IngestedFile) => void) | undefined;
}

/**
 * Parses and stores captures, oldest list day first, one process at a time; returns how each fared, in the order given.
 * What is no digest is kept with its problem. Bytes stored before add nothing, unless they are another day's: given so,
 * or an answer to the question for that day, such as «[]». Throws AppError unavailable where there was no thread to
 * read a long one on, which is no fault of it: the others are stored, and all can be given again.
 */
export async function takeIn(ctx: Context, incoming: Incoming[], options: TakeInOptions = {}): Promise<IngestedFile[]> {
  if (incoming.length === 0) return [];
  return withLock(ctx.db, 'ingest-store', async () => {
    const results: IngestedFile[] = [];
    const parsed: { index: number; digest: ParsedDigest }[] = [];
    let unread: AppError | null = null;
    for (const [index, one] of incoming.entries()) {
      const result = await readOne(ctx, one, options);
      if (result instanceof AppError) unread ??= result;
      else if ('digest' in result) parsed.push({ index, ...result });
      else results[index] = result;
    }
    parsed.sort((a, b) =>
      a.digest.digestOn < b.digest.digestOn ? -1 : a.digest.digestOn > b.digest.digestOn ? 1 : a.index - b.index,
    );
    for (const [done, { index, digest }] of parsed.entries()) {
      results[index] = await storeOne(ctx, present(incoming[index], 'a capture'), digest, options);
      options.progress?.(done + 1, parsed.length);
    }
    for (const result of Object.values(results)) options.heard?.(result); // of what found no thread there is none
    if (unread) throw unread;
    return results;
  });
}

/** Says of an input that nothing of it could be used. */
export function rejectedFile(
  file: string,
  source: string,
  { message, said }: Pick<AppError, 'message' | 'said'>,
): IngestedFile {
  return { ...emptyResult(file, source), outcome: 'rejected', problem: message, said: said ?? null };
}

async function readOne(
  ctx: Context,
  { source, received, before = [], ...given }: Incoming,
  options: TakeInOptions,
): Promise<{ digest: ParsedDigest } | IngestedFile | AppError> {
  const { name, sha256 } = received;
  const on = given.on ?? options.on;
  const known = await findCapture(ctx.db, source, sha256);
  const askedOn = isUrl(name) ? fullDateIn(name) : null;
  const isOther = on
    ? on !== known?.digestOn
    : askedOn !== null && !(await findDigestId(ctx.db, `${source}:${askedOn}`));
  if (known?.state === 'parsed' && !isOther && before.length === 0)
    return { ...emptyResult(name, source), digestOn: known.digestOn };
  if (known?.state === 'rejected' && !options.again)
    return { ...emptyResult(name, source), problem: known.problem, said: known.said };
  let page = received;
  try {
    const pages: ParsedDigest[] = [];
    for (page of [...before, received])
      pages.push(await parseCaptureApart(page.bytes, { name: page.name, on, fetchedAt: ctx.now() }));
    const digest = joinPages(pages);
    const notYet =
      digest.entries.length === 0 && isUrl(name) && digest.digestOn >= ctx.now().toISOString().slice(0, 10);
    if (notYet) return emptyResult(name, source); // an API's list of today may still be empty
    return !on && known?.digestOn === digest.digestOn
      ? { ...emptyResult(name, source), digestOn: known.digestOn }
      : { digest };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code !== 'bad-input') return error; // no fault of the capture
    await keepRejected(ctx, { source, page, reading: readingOf({ on, past: options.past }) }, error);
    return rejectedFile(page.name, source, error);
  }
}

/** Keeps what is no digest; of a server's error page with another time on it one a day. */
async function keepRejected(
  ctx: Context,
  { source, page, reading }: { source: string; page: ReceivedBytes; reading: Reading },
  error: AppError,
): Promise<void> {
  const known = await findCapture(ctx.db, source, page.sha256);
  const oneDayAgo = new Date(ctx.now().getTime() - ONE_DAY_MS);
  if (!known && isUrl(page.name) && (await hasRejected(ctx.db, source, page.name, oneDayAgo))) return;
  const result = { problem: error.message, said: saidOf(error) };
  if (known?.state !== 'parsed') await keepCapture(ctx.db, { ...page, source, result, reading }, ctx.now());
}

async function storeOne(
  ctx: Context,
  { source, received, before = [], on }: Incoming,
  digest: ParsedDigest,
  options: TakeInOptions,
): Promise<IngestedFile> {
  const { name } = received;
  const reading = readingOf({ on: on ?? options.on, past: options.past });
  let stored: StoredCounts;
  try {
    stored = await storeDigest(ctx, { source, received, before, reading }, digest);
  } catch (error) {
    if (isOutage(error) && !tookTooLong(error)) throw error;
    const words = squeeze(oneLine(error));
    const said = { name: 'capture.unstored', values: { file: name, problem: words } };
    const problem = `${name}: it cannot be stored (${words})`;
    for (const page of [...before, received])
      await keepCapture(ctx.db, { ...page, source, result: { problem, said }, reading }, ctx.now());
    return rejectedFile(name, source, { message: problem, said });
  }
  return {
    ...emptyResult(received.name, source),
    ...stored,
    digestOn: digest.digestOn,
    entries: digest.entries.length,
    warnings: digest.warnings.length,
  };
}

function readingOf(told: Omit<Reading, 'parserVersion'>): Reading {
  return { parserVersion: PARSER_VERSION, ...told };
}

/** A transaction that ran out of its time is this list's fault, not the database's (Prisma's P2028). */
function tookTooLong(error: unknown): boolean {
  return (error as { code?: string }).code === 'P2028';
}

function emptyResult(file: string, source: string): IngestedFile {
  const nothing = {
    digestOn: null,
    state: null,
    health: null,
    entries: 0,
    newEntries: 0,
    newPapers: 0,
    warnings: 0,
    problem: null,
    said: null,
  };
  return { file, source, outcome: 'known', ...nothing };
}
