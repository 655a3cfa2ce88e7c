import type { Tx } from '../db/client.ts';
import { findLeft, type Failures } from '../db/newsletters/left-as-failed.ts';
import { editionEndsAt, isEdition, type EditionState } from '../model/edition.ts';

/** An edition, and how many of its mails failed and bounced. */
export interface Shortfall extends Failures {
  key: string;
  state: EditionState;
  createdAt: Date;
  /** Its mails without what was cancelled. */
  total: number;
}

/** Tries go on for three days at most. */
const DAYS = 4;
/** No row of an edition is made so long before no slot of it is to come: a week, the whole earth, and half a day. */
const ROW_DAYS = 9;
const DAY_MS = 86_400_000;

/** An edition of which more than this share fails needs somebody; fewer mails than that are nobody's pattern. */
export const SHARE = 0.05;
export const LEAST = 3;

/** Returns since when the editions were made of which some may need somebody. */
export function madeSince(now: Date): Date {
  return new Date(now.getTime() - (DAYS + ROW_DAYS) * DAY_MS);
}

/**
 * Finds the editions that need somebody, since many of their mails did not arrive: until four days after no slot of one
 * is to come, and not where somebody left those mails as they are, until as many more are there.
 */
export async function needingSomebody<One extends Shortfall>(
  db: Tx,
  editions: readonly One[],
  now: Date,
): Promise<One[]> {
  const found: One[] = [];
  for (const edition of editions) {
    if (edition.state === 'cancelled' || !isRecent(edition, now) || !areMany(edition, edition.total)) continue;
    const left = await findLeft(db, edition.key);
    const since = { failed: beyond(edition.failed, left.failed), bounced: beyond(edition.bounced, left.bounced) };
    if (areMany(since, edition.total)) found.push(edition);
  }
  return found;
}

/** A weekly edition's row is made when its first reader on earth is planned: the others have days to fail. */
function isRecent({ key, createdAt }: Shortfall, now: Date): boolean {
  const endsAt = isEdition(key) ? editionEndsAt(key) : null;
  const last = Math.max(createdAt.getTime(), endsAt?.getTime() ?? 0);
  return now.getTime() - last <= DAYS * DAY_MS;
}

function areMany({ failed, bounced }: Failures, total: number): boolean {
  return failed + bounced >= LEAST && failed + bounced > SHARE * total;
}

function beyond(now: number, before: number): number {
  return Math.max(0, now - before);
}
