import type { Context } from '../../context.ts';
import { listDigests, type DigestSummary } from '../../db/digests/digests.ts';
import { newestEditions, type EditionProgress } from '../../db/newsletters/running.ts';
import { lastAlarm } from '../../db/operator/alarms.ts';
import { newestBackup } from '../../db/operator/backups.ts';
import { nextSlotOf, type NextSlot } from '../../db/subscribers/next-slot.ts';
import {
  readerDaysSince,
  sumReaders,
  topTopics,
  type ReaderDay,
  type TopicReaders,
} from '../../db/subscribers/reader-sums.ts';
import { addDays } from '../../lib/time.ts';
import { isOpenToEditors, isWelcome } from '../../model/edition.ts';
import { reportSources, type SourceReport } from '../report-sources.ts';
import { needingSomebody, type Shortfall } from '../undelivered.ts';
import { listAlarmed, type Alarmed } from './alarmed.ts';
import type { Ahead } from './look-ahead.ts';
import { listNeeds, type Need } from './needs.ts';

/** An edition of which many failed. */
export interface Undelivered {
  kind: 'undelivered';
  edition: string;
  failed: number;
  bounced: number;
  /** Without what was cancelled. */
  total: number;
}

/** What an operator wants to know first. */
export interface Today {
  needs: (Need | Alarmed | Undelivered | Ahead)[];
  /** Editions that are not over, go out still, or were made within a day, and welcomes that wait; newest first. */
  editions: EditionProgress[];
  next: NextSlot | null;
  readers: { pending: number; confirmed: number; unsubscribed: number };
  /** Days on which anything happened to readers, of the last 90, in order. */
  days: ReaderDay[];
  topics: TopicReaders[];
  /** The newest digest of each source. */
  digests: DigestSummary[];
  /** When the operator was last told of something; null: never, or nobody is to be told. */
  lastAlarmAt: Date | null;
  /** Of which moment the newest backup is; null: none is known. */
  backupAt: Date | null;
}

const DAY_MS = 86_400_000;
/** How many days of readers are shown. */
export const DAYS = 90;
const TOPICS = 8;
/** So many digests hold the newest of every source, where each comes once a day. */
const DIGESTS = 60;

/**
 * Looks at everything that the first page of the admin tells, and at what is known of the coming day; every read is
 * bounded or of a counter.
 */
export async function lookAtToday(ctx: Context, ahead: Ahead | null): Promise<Today> {
  const { db } = ctx;
  const now = ctx.now();
  const [sources, editions, next, readers, days, topics, digests, lastAlarmAt, backup] = await Promise.all([
    reportSources(ctx),
    newestEditions(db),
    nextSlotOf(db, now),
    sumReaders(db),
    readerDaysSince(db, addDays(now.toISOString().slice(0, 10), 1 - DAYS)),
    topTopics(db, TOPICS),
    listDigests(db, { limit: DIGESTS }),
    lastAlarm(db),
    newestBackup(db, now),
  ]);
  const needs = await listNeeds(ctx, sources);
  const failing = await needingSomebody(db, editions.map(shortfallOf), now);
  return {
    needs: [...(await listAlarmed(ctx)), ...needs, ...failing.map(undeliveredOf), ...(ahead ? [ahead] : [])],
    editions: editions.filter((edition) => edition.planned > 0 && isShown(edition, now)),
    ...{ next, readers, days, topics, lastAlarmAt, backupAt: backup?.takenAt ?? null },
    digests: newestOfEach(digests.rows, sources),
  };
}

/** Its row is made when the first reader on earth is planned: the others of that day or week are still to come. */
function isShown({ key, createdAt, waiting }: EditionProgress, now: Date): boolean {
  if (waiting > 0 || isWelcome(key)) return waiting > 0;
  return now.getTime() - createdAt.getTime() < DAY_MS || isOpenToEditors(key, now);
}

function shortfallOf({ planned, cancelled, ...edition }: EditionProgress): Shortfall {
  return { ...edition, total: planned - cancelled };
}

function undeliveredOf({ key, failed, bounced, total }: Shortfall): Undelivered {
  return { kind: 'undelivered', edition: key, failed, bounced, total };
}

function newestOfEach(digests: readonly DigestSummary[], sources: readonly SourceReport[]): DigestSummary[] {
  const names = new Set(sources.map(({ source }) => source));
  const newest = new Map<string, DigestSummary>();
  for (const digest of digests)
    if (names.has(digest.source) && !newest.has(digest.source)) newest.set(digest.source, digest);
  return [...newest.values()];
}
