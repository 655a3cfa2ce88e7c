import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import { insertImported, subscribersWith, type ImportedSubscriber } from '../db/subscribers/import.ts';
import { findKnownStatuses } from '../db/subscribers/list.ts';
import { findSuppressed } from '../db/subscribers/suppressions.ts';
import { announce } from '../hooks/announce.ts';
import type { Said } from '../lib/errors.ts';
import { newPublicId } from '../lib/public-id.ts';
import { addressHash } from '../model/address.ts';
import type { SubscriberStatus } from '../model/subscriber.ts';
import { createFirstDue } from '../plan/due.ts';
import { askAddress } from './ask-address.ts';
import type { ImportRow } from './csv/rows.ts';
import { settledPreferences } from './asked-preferences.ts';
import type { Actor } from '../model/actor.ts';

/** A row that was not taken in, and why. */
export interface RejectedRow {
  line: number;
  email: string;
  reason: string;
  /** The reason by name and values, for pages. */
  why: readonly Said[];
  /** Set where the row is well and its address is not free. */
  because?: 'known' | 'suppressed';
}

/** Who takes rows in, and what else is to be done in the transaction that does. */
export interface ImportedBy {
  actor: Actor;
  source: string;
  /** The errand they are taken in for. */
  importId?: number;
  /** Notes in the same transaction that these rows are dealt with; in place of an entry of the log for each of many. */
  note?: (tx: Tx, done: ImportCounts & { line: number }) => Promise<void>;
}

export interface ImportCounts {
  counts: Record<SubscriberStatus, number>;
  rejected: RejectedRow[];
}

/**
 * Takes rows in, in one transaction. Nobody known is changed, no suppression is lifted; who is not confirmed with
 * evidence is asked by mail like everybody else.
 */
export async function importRows(ctx: Context, rows: readonly ImportRow[], by: ImportedBy): Promise<ImportCounts> {
  const result = noCounts();
  await transaction(ctx.db, async (tx) => {
    const free = await sift(ctx, tx, rows, result);
    const now = ctx.now();
    const when = { now, firstDue: createFirstDue(now) };
    await store(
      ctx,
      tx,
      free.map(({ row, hash }) => toImported(row, hash, by, when)),
      result,
    );
    if (by.note) return by.note(tx, { ...result, line: rows.at(-1)?.line ?? 0 });
    const detail = { ...result.counts, rejected: result.rejected.length };
    await recordAct(tx, { at: ctx.now(), actor: by.actor, action: 'import', detail });
  });
  return result;
}

/** Says what would become of rows as things stand; changes nothing. */
export async function foreseeRows(ctx: Context, rows: readonly ImportRow[]): Promise<ImportCounts> {
  const result = noCounts();
  for (const { row } of await sift(ctx, ctx.db, rows, result)) result.counts[row.status]++;
  return result;
}

/** Returns the counts of an import that has done nothing yet. */
export function noCounts(): ImportCounts {
  return { counts: { pending: 0, confirmed: 0, unsubscribed: 0 }, rejected: [] };
}

/** Returns the rows whose address is free; rejects the others. */
async function sift(
  ctx: Context,
  db: Tx,
  rows: readonly ImportRow[],
  { rejected }: ImportCounts,
): Promise<{ row: ImportRow; hash: Buffer }[]> {
  const hashed = rows.map((row) => ({ row, hash: addressHash(ctx.keys.suppression, row.email) }));
  const suppressed = await findSuppressed(
    db,
    hashed.map(({ hash }) => hash.toString('hex')),
  );
  const known = await findKnownStatuses(
    db,
    rows.map(({ email }) => email),
  );
  return hashed.filter(({ row: { line, email }, hash }) => {
    const refused = refusal(suppressed.get(hash.toString('hex')), known.get(email));
    if (refused) rejected.push({ line, email, ...refused });
    return !refused;
  });
}

function refusal(
  suppressed: string | undefined,
  known: SubscriberStatus | undefined,
): Pick<RejectedRow, 'reason' | 'why' | 'because'> | null {
  const because = 'suppressed';
  const why = [{ name: 'suppressed', values: { suppressed: suppressed ?? '' } }];
  if (suppressed === 'erased')
    return { because, why, reason: 'this address was erased; only its owner can sign up again' };
  if (suppressed) return { because, why, reason: `this address is suppressed (${suppressed})` };
  if (!known) return null;
  const reason = `already here (${known}); an import changes nobody`;
  return { because: 'known', why: [{ name: 'known', values: { status: known } }], reason };
}

function toImported(
  row: ImportRow,
  hash: Buffer,
  { source, importId }: ImportedBy,
  { now, firstDue }: { now: Date; firstDue: ReturnType<typeof createFirstDue> },
): ImportedSubscriber & { row: ImportRow } {
  const confirmed = row.status === 'confirmed';
  return {
    row,
    publicId: newPublicId(),
    email: row.email,
    addressHash: hash,
    status: row.status,
    preferences: settledPreferences(row.preferences),
    source,
    createdAt: now,
    confirmedAt: row.status === 'pending' ? null : (row.consent?.at ?? null),
    unsubscribedAt: row.status === 'unsubscribed' ? now : null,
    nextDueAt: confirmed ? firstDue(row.preferences) : null,
    confirmations: confirmed ? 1 : 0,
    wishes: row.status === 'pending' ? [] : row.wishes,
    consent: row.consent,
    importId: importId ?? null,
  };
}

async function store(
  ctx: Context,
  tx: Tx,
  fresh: (ImportedSubscriber & { row: ImportRow })[],
  result: ImportCounts,
): Promise<void> {
  if (fresh.length === 0) return;
  const inserted = await insertImported(tx, fresh, ctx.now());
  for (const { row, email } of fresh) {
    if (inserted.has(email)) result.counts[row.status]++;
    else result.rejected.push({ line: row.line, email, ...JUST_NOW });
  }
  await askThose(
    ctx,
    tx,
    fresh.filter(({ row, email }) => row.status === 'pending' && inserted.has(email)),
    inserted,
  );
  const taken = (status: SubscriberStatus) =>
    fresh.flatMap(({ row, email, publicId }) =>
      row.status === status && inserted.has(email) ? [{ subscriber: publicId }] : [],
    );
  await announce(ctx, tx, 'subscriber.requested', ...taken('pending'));
  await announce(ctx, tx, 'subscriber.confirmed', ...taken('confirmed'));
  if (result.counts.confirmed > 0) await ctx.queue.wake('match', tx);
}

const JUST_NOW = { reason: 'signed up at this very moment; left as it is', why: [{ name: 'justNow' }] };

/** Asks those who are not confirmed by mail whether they want to be here. */
async function askThose(
  ctx: Context,
  tx: Tx,
  pending: readonly { row: ImportRow; email: string }[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const subscribers = await subscribersWith(
    tx,
    pending.map(({ email }) => ids.get(email) ?? 0),
  );
  for (const { row, email } of pending) {
    const subscriber = subscribers.get(email);
    if (subscriber) await askAddress(ctx, tx, { subscriber, email, signUp: row });
  }
}
