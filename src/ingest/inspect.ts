import { shownAddress } from '../lib/redact.ts';
import { agesOn, initialDigestState, REMEMBERED_DIGESTS } from '../model/digest.ts';
import type { Health, ParsedDigest, ParseWarning } from '../model/digest.ts';
import { titleKey } from '../model/paper.ts';
import type { AskContext } from './asking/request.ts';
import { fetchUrl, isUrl, readSettledFile } from './fetch.ts';
import { listInputs, sourceOf, type IngestOptions } from './run-ingest.ts';
import { parseCaptureApart } from './parse-apart.ts';
import { unread } from './receive.ts';
import { sourceHealth, zoneOf } from './source-health.ts';
import type { KnownDigest } from './source-habits.ts';

/** A digest as `ingest --dry-run --json` prints it. */
export interface DigestReport {
  file: string;
  source: string;
  /** Null where the file is no digest. */
  digestOn: string | null;
  entries: ReportedEntry[];
  warnings: ParseWarning[];
  health: Omit<Health, 'why'>;
}

type ReportedEntry = Pick<
  ParsedDigest['entries'][number],
  | 'position'
  | 'title'
  | 'abstract'
  | 'authors'
  | 'authorCount'
  | 'organization'
  | 'publishedOn'
  | 'upvotes'
  | 'comments'
  | 'arxivId'
  | 'doi'
  | 'url'
>;

/** How one input was read; the problem tells why it is no digest. */
export interface InspectedFile {
  file: string;
  report: DigestReport;
  problem: string | null;
}

/**
 * Reads and judges inputs without storing anything; each is judged against the others of its source in the same call.
 * Needs no database.
 */
export async function inspectInputs(
  ctx: AskContext,
  inputs: string[],
  options: IngestOptions = {},
): Promise<InspectedFile[]> {
  const paths = await listInputs(inputs, options);
  const read: Read[] = [];
  for (const { input, path } of paths) {
    const source = options.source ?? sourceOf(ctx, input);
    const file = isUrl(path) ? shownAddress(path) : path;
    try {
      const { name, bytes } = isUrl(path)
        ? await fetchUrl(ctx, path, { onWait: options.onWait })
        : await readSettledFile(path);
      read.push({
        file,
        source,
        digest: await parseCaptureApart(bytes, { name, on: options.on, fetchedAt: ctx.now() }),
        problem: '',
      });
    } catch (error) {
      read.push({ file, source, digest: null, problem: unread(path, error).message });
    }
    options.progress?.(read.length, paths.length);
  }
  const healths = judgeInOrder(read, ctx.now());
  return read.map((one) => {
    const { file, source, digest, problem } = one;
    const health = healths.get(one);
    if (!digest || !health) return { file, report: { file, source, ...noDigest(problem) }, problem };
    return { file, report: toReport(file, source, digest, health), problem: null };
  });
}

interface Read {
  file: string;
  source: string;
  digest: ParsedDigest | null;
  problem: string;
}

/** Judges each digest against those of its source before it; of one that looks wrong nothing is learned. */
function judgeInOrder(read: readonly Read[], now: Date): Map<Read, Health> {
  const healths = new Map<Read, Health>();
  const known = new Map<string, KnownDigest[]>();
  const inOrder = read.flatMap((one) => (one.digest ? [{ one, digest: one.digest }] : []));
  inOrder.sort((a, b) => (a.digest.digestOn < b.digest.digestOn ? -1 : a.digest.digestOn > b.digest.digestOn ? 1 : 0));
  for (const { one, digest } of inOrder) {
    const before = (known.get(one.source) ?? []).filter(({ digestOn }) => digestOn < digest.digestOn);
    const health = sourceHealth(digest, before.slice(-REMEMBERED_DIGESTS), { now, zone: zoneOf(digest.listing) });
    healths.set(one, health);
    known.set(one.source, [...before, toKnown(digest, initialDigestState(health.verdict) === 'accepted')]);
  }
  return healths;
}

function toKnown({ digestOn, entries }: ParsedDigest, trusted: boolean): KnownDigest {
  return {
    digestOn,
    titleKeys: entries.map((entry) => titleKey(entry.title)),
    trusted,
    ages: agesOn(digestOn, entries),
  };
}

function noDigest(problem: string): Omit<DigestReport, 'file' | 'source'> {
  return { digestOn: null, entries: [], warnings: [], health: { verdict: 'broken', reasons: [problem] } };
}

function toReport(
  file: string,
  source: string,
  { digestOn, entries, warnings }: ParsedDigest,
  health: Health,
): DigestReport {
  const shown = entries.map((entry) => {
    const { position, title, abstract, authors, authorCount, organization } = entry;
    const { publishedOn, upvotes, comments, arxivId, doi, url } = entry;
    const what = { position, title, abstract, authors, authorCount, organization };
    return { ...what, publishedOn, upvotes, comments, arxivId, doi, url };
  });
  const { verdict, kind, reasons } = health;
  const judged = { verdict, ...(kind && { kind }), reasons };
  return { file, source, digestOn, entries: shown, warnings, health: judged };
}
