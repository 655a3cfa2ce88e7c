import { shownAddress } from '../lib/redact.ts';
import type { Health, ParsedDigest, ParseWarning } from '../model/digest.ts';
import { titleKey } from '../model/paper.ts';
import type { AskContext } from './asking/request.ts';
import { fetchUrl, isUrl, readSettledFile } from './fetch.ts';
import { latestListDay } from './sources/list-day.ts';
import { listInputs, sourceOf, type IngestOptions } from './run-ingest.ts';
import { parseCaptureApart } from './parse-apart.ts';
import { unread } from './receive.ts';
import { sourceHealth, type KnownDigest } from './source-health.ts';

/** A digest as `ingest --dry-run --json` prints it. */
export interface DigestReport {
  file: string;
  source: string;
  /** Null where the file is no digest. */
  digestOn: string | null;
  entries: ReportedEntry[];
  warnings: ParseWarning[];
  health: Health;
}

type ReportedEntry = Pick<
  ParsedDigest['entries'][number],
  | 'position'
  | 'title'
  | 'abstract'
  | 'authorCount'
  | 'organization'
  | 'publishedOn'
  | 'upvotes'
  | 'comments'
  | 'arxivId'
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
  const read: { file: string; source: string; digest: ParsedDigest | null; problem: string }[] = [];
  for (const { input, path } of paths) {
    const source = options.source ?? sourceOf(ctx, input);
    const file = isUrl(path) ? shownAddress(path) : path;
    try {
      const { name, bytes } = isUrl(path) ? await fetchUrl(ctx, path, options) : await readSettledFile(path);
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
  return read.map(({ file, source, digest, problem }) => {
    if (!digest) return { file, report: { file, source, ...noDigest(problem) }, problem };
    const earlier = read.flatMap((other) =>
      other.source === source && other.digest && other.digest.digestOn < digest.digestOn ? [other.digest] : [],
    );
    const health = sourceHealth(digest, earlier.map(toKnown), latestListDay(ctx.now()));
    return { file, report: toReport(file, source, digest, health), problem: null };
  });
}

function toKnown({ digestOn, entries }: ParsedDigest): KnownDigest {
  return { digestOn, titleKeys: entries.map((entry) => titleKey(entry.title)), trusted: true };
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
  const shown = entries.map(
    ({ position, title, abstract, authorCount, organization, publishedOn, upvotes, comments, arxivId, url }) => {
      return { position, title, abstract, authorCount, organization, publishedOn, upvotes, comments, arxivId, url };
    },
  );
  return { file, source, digestOn, entries: shown, warnings, health };
}
