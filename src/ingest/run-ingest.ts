import { resolve } from 'node:path';
import { tellOperator } from '../operate/tell-operator.ts';
import { loadUploads } from '../db/digests/captures.ts';
import type { SourceSetting } from '../source-settings.ts';
import type { Context } from '../context.ts';
import { noteFared, type Fared } from '../db/sources/standings.ts';
import { AppError, messageOf, saidOf } from '../lib/errors.ts';
import { shownAddress } from '../lib/redact.ts';
import { noteVersions, TICK_MS, type Tick } from './asking/ask-source.ts';
import { fetchUrl, isFolder, isUrl, listDigestFiles, readSettledFile, type FileMark } from './fetch.ts';
import { noteFiles, receiveNew, unread, type Incoming } from './receive.ts';
import { settleFilled } from './run-settling.ts';
import { rejectedFile, takeIn, type IngestedFile, type TakeInOptions } from './take-in.ts';
import { present } from '../lib/present.ts';

/** What one run did. All 0 where nothing was new. */
export interface IngestCounts {
  digests: number;
  refreshed: number;
  held: number;
  papers: number;
  rejected: number;
  failedSources: number;
}

/** How inputs are taken in. */
export interface IngestOptions extends TakeInOptions {
  /** Name of the source, instead of the one the place belongs to. */
  source?: string | undefined;
  /** Hears of files in a folder that are no digests by their names. */
  passed?: ((path: string) => void) | undefined;
  /** Hears of waits for a host. */
  onWait?: ((host: string, ms: number) => void) | undefined;
}

/**
 * Takes in what is new at every source of the settings. Safe to run twice and by two at once; a source that fails does
 * not stop the others.
 */
export async function runIngest(ctx: Context, options: { signal?: AbortSignal } = {}): Promise<IngestCounts> {
  const counts: IngestCounts = { digests: 0, refreshed: 0, held: 0, papers: 0, rejected: 0, failedSources: 0 };
  const tick = { endsAt: performance.now() + TICK_MS, signal: options.signal };
  const heard = (file: IngestedFile) => tell(ctx, counts, file);
  const one = async (source: SourceSetting) => {
    const fared = await tryOne(ctx, source, tick, heard);
    if (fared?.problem) counts.failedSources++;
    if (fared && !options.signal?.aborted) await say(ctx, source.name, fared);
  };
  // A slow server keeps no folder waiting; where the database is away, all are over before that is said.
  const uploads = takeInUploads(ctx, heard);
  const ends = await Promise.allSettled([uploads, ...ctx.config.SOURCES.map(one)]);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed && !(failed.reason instanceof AppError)) throw failed.reason;
  await settleFilled(ctx);
  if (failed) throw failed.reason;
  return counts;
}

/** Takes in the files that admins handed in. */
async function takeInUploads(ctx: Context, heard: Heard): Promise<void> {
  const uploads = await loadUploads(ctx.db);
  const incoming = uploads.map(({ source, on, ...received }) => ({ source, on, received }));
  await takeIn(ctx, incoming, { again: true, heard });
}

/**
 * Takes in files, folders and URLs named by the operator, oldest list day first. What is no digest is kept and comes
 * back as rejected with its problem; so does, without being kept, what cannot be read at all.
 */
export async function ingestInputs(
  ctx: Context,
  inputs: string[],
  options: IngestOptions = {},
): Promise<IngestedFile[]> {
  const received: (Incoming | IngestedFile)[] = [];
  for (const { input, path } of await listInputs(inputs, options)) {
    received.push(await receive(ctx, path, options.source ?? sourceOf(ctx, input), options.onWait));
  }
  const taken = await takeIn(
    ctx,
    received.filter((one) => 'received' in one),
    { ...options, again: true },
  );
  return received.map((one) => ('received' in one ? present(taken.shift(), 'the result of a capture') : one));
}

/**
 * Lists what inputs stand for: a folder for the digest files in it, a file or URL for itself. What is not there stands
 * for itself, to be refused by name. Throws AppError bad-input where one list day is given for several.
 */
export async function listInputs(
  inputs: string[],
  { on, passed }: Pick<IngestOptions, 'on' | 'passed'> = {},
): Promise<{ input: string; path: string }[]> {
  const lists = inputs.map(async (input) => {
    const folder = !isUrl(input) && (await isFolder(input));
    // One that cannot be listed is refused by name.
    const marks = folder ? await listDigestFiles(input, passed).catch(() => null) : null;
    const paths = marks ? marks.map((mark) => mark.path) : [input];
    return paths.map((path) => ({ input, path }));
  });
  const all = (await Promise.all(lists)).flat();
  if (on && all.length > 1) {
    throw new AppError(
      'bad-input',
      `--on ${on} names the list day of one digest; ${all.length} were given, expected one`,
    );
  }
  return all;
}

/** Names the source of an input: the configured one whose place it is, else `files`, else the URL's host. */
export function sourceOf(ctx: Pick<Context, 'config'>, input: string): string {
  const here = ({ location }: SourceSetting) =>
    isUrl(input) ? input === location : resolve(input) === location || resolve(input).startsWith(`${location}/`);
  const configured = ctx.config.SOURCES.find(here);
  if (configured) return configured.name;
  if (!isUrl(input) || !URL.canParse(input)) return 'files';
  return new URL(input).hostname.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

const WELL = { problem: null, said: null };

type Heard = NonNullable<TakeInOptions['heard']>;

/** Takes in what is new at a source; null where it was not asked. */
async function tryOne(ctx: Context, source: SourceSetting, tick: Tick, heard: Heard): Promise<Fared | null> {
  try {
    return await takeInNew(ctx, source, tick, heard);
  } catch (error) {
    return { answered: false, problem: messageOf(error), said: saidOf(error) };
  }
}

async function say(ctx: Context, source: string, fared: Fared): Promise<void> {
  const isNews = await noteFared(ctx.db, source, fared, ctx.now());
  if (fared.problem) ctx.log[isNews ? 'warn' : 'debug']({ source, problem: fared.problem }, 'source failed');
  else if (isNews) ctx.log.info({ source }, 'source works again');
}

async function takeInNew(ctx: Context, source: SourceSetting, tick: Tick, heard: Heard): Promise<Fared | null> {
  const unreadable = async (error: AppError, { path, size, mtimeMs }: FileMark) => {
    ctx.log.warn({ source: source.name, problem: error.message }, 'file waits');
    if (error.code === 'conflict') return; // still growing: the next run looks again
    const again = error.code === 'bad-input' ? 'it is read again once it changes' : 'it is read as soon as it can be';
    const lines = [
      error.message,
      `Nothing of it was kept or reaches a reader; ${again}. All other files are read as ever.`,
    ];
    const subject = `A file from ${source.name} cannot be read`;
    await tellOperator(ctx, { key: `file:${path} ${size} ${mtimeMs}`, subject, lines }, 'job:ingest');
  };
  const { incoming, marks, versions, failure, answered } = await receiveNew(ctx, source, unreadable, tick);
  const files = await takeIn(ctx, incoming, { heard });
  noteFiles(ctx, source.name, marks);
  const fared = faredOf(source, { files, answered, failure });
  if (fared?.answered) await noteVersions(ctx, versions); // what is no digest is asked for again
  return fared;
}

/** A server whose every answer is no digest fails as one that gives none; of a folder each file is told by itself. */
function faredOf(
  { location }: SourceSetting,
  { files, answered, failure }: { files: IngestedFile[]; answered: boolean; failure: AppError | null },
): Fared | null {
  if (!answered && !failure) return null;
  const useless = isUrl(location) && files.every(({ problem }) => problem !== null) ? files[0] : undefined;
  const { problem, said } = failure ? { problem: failure.message, said: saidOf(failure) } : (useless ?? WELL);
  return { answered: answered && !useless, problem, said };
}

async function receive(
  ctx: Context,
  path: string,
  source: string,
  onWait: IngestOptions['onWait'],
): Promise<Incoming | IngestedFile> {
  try {
    return { source, received: isUrl(path) ? await fetchUrl(ctx, path, { onWait }) : await readSettledFile(path) };
  } catch (error) {
    return rejectedFile(isUrl(path) ? shownAddress(path) : path, source, unread(path, error));
  }
}

function tell(ctx: Context, counts: IngestCounts, file: IngestedFile): void {
  if (file.outcome === 'stored') counts.digests++;
  if (file.outcome === 'refreshed' || file.outcome === 'replaced') counts.refreshed++;
  if (file.outcome === 'rejected') counts.rejected++;
  if (file.state === 'held') counts.held++;
  counts.papers += file.newPapers;
  const { source, file: name, problem, digestOn, health } = file;
  if (file.outcome === 'kept')
    ctx.log.warn({ source, file: name, digestOn, reasons: health?.reasons }, 'later capture looks wrong: not used');
  if (file.outcome === 'rejected') ctx.log.warn({ source, file: name, problem }, 'no digest: kept, not used');
  if (file.state === 'held')
    ctx.log.warn({ source, file: name, digestOn, verdict: health?.verdict, reasons: health?.reasons }, 'digest held');
}
