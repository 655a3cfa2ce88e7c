import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import { insertImported, type ImportedSubscriber } from '../db/subscribers/import.ts';
import { findKnownStatuses } from '../db/subscribers/list.ts';
import { findSuppressed } from '../db/subscribers/suppressions.ts';
import { announce } from '../hooks/announce.ts';
import { newPublicId } from '../lib/public-id.ts';
import { addressHash } from '../model/address.ts';
import type { SubscriberStatus } from '../model/subscriber.ts';
import { nextDue } from '../plan/due.ts';
import { askAddress } from './ask-address.ts';
import type { ImportRow } from './csv/rows.ts';
import { settledPreferences } from './sign-up.ts';
import type { Actor } from '../model/actor.ts';
import { present } from '../lib/present.ts';

/** A row that was not taken in, and why. */
export interface RejectedRow {
  line: number;
  email: string;
  reason: string;
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
  const result: ImportCounts = { counts: { pending: 0, confirmed: 0, unsubscribed: 0 }, rejected: [] };
  const hashes = rows.map((row) => addressHash(ctx.keys.suppression, row.email));
  await transaction(ctx.db, async (tx) => {
    const suppressed = await findSuppressed(
      tx,
      hashes.map((hash) => hash.toString('hex')),
    );
    const known = await findKnownStatuses(
      tx,
      rows.map(({ email }) => email),
    );
    const fresh = rows.flatMap((row, index) => {
      const hash = present(hashes[index], 'the hash of an address');
      const reason = refusal(suppressed.get(hash.toString('hex')), known.get(row.email));
      if (reason === null) return [toImported(ctx, row, hash, by)];
      result.rejected.push({ line: row.line, email: row.email, reason });
      return [];
    });
    await store(ctx, tx, fresh, result);
    if (by.note) return by.note(tx, { ...result, line: rows.at(-1)?.line ?? 0 });
    const detail = { ...result.counts, rejected: result.rejected.length };
    await recordAct(tx, { at: ctx.now(), actor: by.actor, action: 'import', detail });
  });
  return result;
}

function refusal(suppressed: string | undefined, known: SubscriberStatus | undefined): string | null {
  if (suppressed === 'erased') return 'this address was erased; only its owner can sign up again';
  if (suppressed) return `this address is suppressed (${suppressed})`;
  return known ? `already here (${known}); an import changes nobody` : null;
}

function toImported(
  ctx: Context,
  row: ImportRow,
  hash: Buffer,
  { source, importId }: ImportedBy,
): ImportedSubscriber & { row: ImportRow } {
  const now = ctx.now();
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
    nextDueAt: confirmed ? nextDue(row.preferences, now, null) : null,
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
    const subscriber = inserted.get(email);
    if (!subscriber) {
      result.rejected.push({ line: row.line, email, reason: 'signed up at this very moment; left as it is' });
      continue;
    }
    result.counts[row.status]++;
    if (row.status === 'pending') await askAddress(ctx, tx, { subscriber, email, signUp: row });
  }
  const taken = (status: SubscriberStatus) =>
    fresh.flatMap(({ row, email, publicId }) =>
      row.status === status && inserted.has(email) ? [{ subscriber: publicId }] : [],
    );
  await announce(ctx, tx, 'subscriber.requested', ...taken('pending'));
  await announce(ctx, tx, 'subscriber.confirmed', ...taken('confirmed'));
  if (result.counts.confirmed > 0) await ctx.queue.wake('match', tx);
}
