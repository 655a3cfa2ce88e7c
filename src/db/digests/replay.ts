import { AppError } from '../../lib/errors.ts';
import { asDate, dateOnly } from '../../lib/time.ts';
import { organizationOf } from '../../model/paper.ts';
import type { Organization } from '../../model/digest.ts';
import type { Tx } from '../client.ts';
import { int4, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

/** A capture to be read again, without its bytes. */
export interface ReadCapture {
  id: number;
  source: string;
  name: string;
  /** List day it was read as; null where it was no digest. */
  digestOn: string | null;
  /** By which parsers; null before they were counted. */
  parserVersion: number | null;
  /** List day it was given. */
  toldOn: string | null;
  receivedAt: Date;
  /** Whether its bytes were let go of. */
  forgotten: boolean;
}

/** What a digest holds of a paper, as it is stored. */
export interface StoredEntry {
  id: number;
  /** The paper, as the root of its merges. */
  paperId: number;
  position: number;
  title: string;
  abstract: string;
  authors: string[];
  authorCount: number | null;
  organization: Organization | null;
  publishedOn: string | null;
  url: string | null;
  codeUrl: string | null;
  discussionUrl: string | null;
}

/** A digest and the newest capture it was told by. */
export interface StoredDigestEntries {
  id: number;
  captureId: number;
  entries: StoredEntry[];
}

/**
 * Lists the captures of list days from one to another, both included, as they came; those that were no digests by the
 * day they were received (UTC), but for lists of past days, which can be asked for again. With a source its own alone.
 */
export async function listReadCaptures(db: Tx, from: string, to: string, source?: string): Promise<ReadCapture[]> {
  const [first, last] = [asDate(from), asDate(to)];
  const received = { gte: first, lt: new Date(last.getTime() + 86_400_000) };
  const rows = await db.capture.findMany({
    where: {
      OR: [{ digestOn: { gte: first, lte: last } }, { state: 'rejected', past: false, receivedAt: received }],
      ...(source !== undefined && { source }),
    },
    select: {
      id: true,
      source: true,
      name: true,
      digestOn: true,
      parserVersion: true,
      toldOn: true,
      receivedAt: true,
      forgottenAt: true,
    },
    orderBy: { id: 'asc' },
  });
  const day = (date: Date | null) => date && dateOnly(date);
  return rows.map(({ forgottenAt, ...row }) => ({
    ...{ ...row, digestOn: day(row.digestOn), toldOn: day(row.toldOn), forgotten: forgottenAt !== null },
  }));
}

/** Loads the bytes of a capture; throws AppError not-found where they were let go of. */
export async function loadCaptureBytes(db: Tx, id: number): Promise<Uint8Array> {
  const { bytes, forgottenAt } = await db.capture.findUniqueOrThrow({
    where: { id },
    select: { bytes: true, forgottenAt: true },
  });
  if (forgottenAt === null) return bytes;
  const on = dateOnly(forgottenAt);
  const words = `What was received as capture ${id} was let go of on ${on}; CAPTURE_DAYS says how long it is kept.`;
  throw new AppError('not-found', words, { said: { name: 'capture.forgotten', values: { on } } });
}

/** Loads what the digest of a source and list day holds; null where there is none. */
export async function loadStoredEntries(db: Tx, source: string, digestOn: string): Promise<StoredDigestEntries | null> {
  const digest = await db.digest.findUnique({
    where: { source_digestOn: { source, digestOn: asDate(digestOn) } },
    include: { entries: { include: { paper: { select: { mergedIntoId: true } } }, orderBy: { position: 'asc' } } },
  });
  return (
    digest && {
      id: digest.id,
      captureId: digest.captureId,
      entries: digest.entries.map(({ paper, organizationSlug, organizationName, publishedOn, ...entry }) => ({
        ...entry,
        paperId: paper.mergedIntoId ?? entry.paperId,
        organization: organizationOf(organizationSlug, organizationName),
        publishedOn: publishedOn && dateOnly(publishedOn),
      })),
    }
  );
}

const holding = query(
  'newsletters that hold entries',
  { edition: text, newsletters: int4 },
  (given: { ids: number[]; from: string }) => sql`
    SELECT e.key AS edition, count(*)::int AS newsletters
    FROM newsletters n JOIN editions e ON e.id = n.edition_id
    WHERE n.created_at >= ${given.from}::date AND n.entry_ids && ${given.ids}::int[]
    GROUP BY e.key ORDER BY e.key`,
);

/** Counts, by edition, the newsletters planned from a day on that hold any of these entries. */
export function newslettersHolding(
  db: Tx,
  ids: number[],
  from: string,
): Promise<{ edition: string; newsletters: number }[]> {
  return holding(db, { ids, from });
}
