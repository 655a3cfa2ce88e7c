import { WAITING_STATES } from '../../model/delivery.ts';
import type { Tx } from '../client.ts';
import { command, raw, sql } from '../statement.ts';
import { isStoppable, isWaiting, stopped } from './moves.ts';

/** What became of a wish to steer an edition: done, already so, or why not. */
export type SteerOutcome =
  | { outcome: 'done'; deliveries: number }
  | { outcome: 'already' }
  | { outcome: 'cancelled' }
  | { outcome: 'unknown' };

/** Rows cancelled in one statement, so that workers never wait long for them. */
const CHUNK = 5_000;

/** Stops an edition at once: nothing more of it is handed over until it is resumed. */
export async function pauseEdition(db: Tx, key: string): Promise<SteerOutcome> {
  const { count } = await db.edition.updateMany({ where: { key, state: 'open' }, data: { state: 'paused' } });
  return count > 0 ? { outcome: 'done', deliveries: await waiting(db, key) } : standing(db, key, 'paused');
}

const unpark = command(
  'make parked deliveries due',
  (given: { key: string; now: Date }) => sql`
    UPDATE deliveries d SET parked = false, next_attempt_at = ${given.now}
    WHERE edition_id = (SELECT id FROM editions WHERE key = ${given.key} AND state = 'open') AND ${raw(isWaiting('d'))} AND parked`,
);

/**
 * Lets a paused edition go on, in one transaction: what was set aside is due again (what has become too late fails as
 * late). A claim that sets mails aside just now is waited for, since it has a lock on the edition.
 */
export async function resumeEdition(tx: Tx, key: string, now: Date): Promise<SteerOutcome> {
  const { count } = await tx.edition.updateMany({ where: { key, state: 'paused' }, data: { state: 'open' } });
  const due = await unpark(tx, { key, now });
  if (count + due === 0) return standing(tx, key, 'open');
  return { outcome: 'done', deliveries: await waiting(tx, key) };
}

/**
 * Ends an edition for good: from this moment nothing more of it is handed over, and the first of what waits is
 * cancelled, whose papers return; the rest is for cancelWaiting. Mails in flight cannot be called back.
 */
export async function cancelEdition(tx: Tx, key: string, now: Date): Promise<SteerOutcome> {
  const { count } = await tx.edition.updateMany({
    where: { key, state: { not: 'cancelled' } },
    data: { state: 'cancelled' },
  });
  // Whoever cancelled it may be at it still: this is told once, whatever is left.
  if (count === 0) return standing(tx, key, 'cancelled');
  return { outcome: 'done', deliveries: await cancelChunk(tx, key, now) };
}

/** Cancels all that still waits of a cancelled edition, each statement for itself. Returns how many that were. */
export async function cancelWaiting(db: Tx, key: string, now: Date): Promise<number> {
  let deliveries = 0;
  for (let chunk = CHUNK; chunk === CHUNK; deliveries += chunk) chunk = await cancelChunk(db, key, now);
  return deliveries;
}

const cancelSome = command(
  'cancel some of an edition',
  (given: { key: string; now: Date }) => sql`
    UPDATE deliveries d SET ${raw(stopped('d'))}, end_reason = 'edition_cancelled', finished_at = ${given.now}
    WHERE id IN (
      SELECT w.id FROM deliveries w WHERE w.edition_id = (SELECT id FROM editions WHERE key = ${given.key} AND state = 'cancelled')
        AND ${raw(isStoppable('w'))} LIMIT ${CHUNK} FOR UPDATE)`,
);

function cancelChunk(db: Tx, key: string, now: Date): Promise<number> {
  return cancelSome(db, { key, now });
}

async function waiting(db: Tx, key: string): Promise<number> {
  return db.delivery.count({ where: { edition: { key }, state: { in: [...WAITING_STATES, 'sending'] } } });
}

async function standing(db: Tx, key: string, wanted: 'open' | 'paused' | 'cancelled'): Promise<SteerOutcome> {
  const edition = await db.edition.findUnique({ where: { key }, select: { state: true } });
  if (!edition) return { outcome: 'unknown' };
  return edition.state === wanted ? { outcome: 'already' } : { outcome: 'cancelled' };
}
