import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { markUndone, readChanges, type EventChange } from '../db/feedback/changes.ts';
import { readStates, writeKeptSuppressions, writeStandings, type KeptSuppression } from '../db/feedback/standings.ts';
import { restoreDeliveries } from '../db/ledger/deliveries.ts';
import type { Snapshot } from '../model/act.ts';
import type { Standing } from '../model/feedback.ts';
import { returnAfterLeaving } from '../subscribers/leave-by-mail.ts';
import { unwind } from './unwind.ts';

/** What taking events back came to. */
export interface Unwound {
  undone: bigint[];
  /** Those on which something newer stands. */
  kept: bigint[];
}

/**
 * Takes events back within a transaction that holds the standings: each sets back exactly what it changed of its
 * address and its reader, newest first, and what it had cancelled waits again.
 */
export async function unwindEvents(
  ctx: Context,
  tx: Tx,
  ids: readonly bigint[],
  effect: 'undone' | 'excused',
): Promise<Unwound> {
  const changes = await readChanges(tx, ids);
  const moved = changes.filter(isChange);
  const states = await readStates(
    tx,
    moved.map(({ hash }) => hash),
  );
  const plain = new Map([...states].map(([hash, state]) => [hash, plainOf(state)]));
  const {
    states: left,
    undone,
    kept,
  } = unwind(
    moved.map(({ before, after, ...rest }) => ({ ...rest, before: ofAddress(before), after: ofAddress(after) })),
    plain,
  );
  await writeStandings(tx, new Map([...left].map(([hash, { standing }]) => [hash, standingIn(standing)])));
  await writeKeptSuppressions(
    tx,
    new Map([...left].map(([hash, { suppression }]) => [hash, suppressionIn(suppression)])),
  );
  const back = new Set(undone);
  for (const change of moved) if (back.has(change.id)) await restoreReader(ctx, tx, change);
  const all = changes.map(({ id }) => id).filter((id) => !kept.includes(id));
  await markUndone(tx, all, effect, ctx.now());
  return { undone: all, kept };
}

type Moved = EventChange & { before: Record<string, unknown>; after: Record<string, unknown> };

function isChange(change: EventChange): change is Moved {
  return change.before !== null && change.after !== null;
}

function ofAddress({ standing = null, suppression = null }: Record<string, unknown>): Record<string, unknown> {
  return { standing, suppression };
}

async function restoreReader(ctx: Context, tx: Tx, { subscriberId, before, after }: Moved): Promise<void> {
  if (subscriberId === null) return;
  const now = ctx.now();
  const reader = { before: before['reader'] as Snapshot | undefined, after: after['reader'] as Snapshot | undefined };
  if (reader.before && reader.after)
    await returnAfterLeaving(ctx, tx, subscriberId, { before: reader.before, after: reader.after });
  const suppression = suppressionIn(after['suppression']);
  if (suppression && before['suppression'] === null)
    await restoreDeliveries(tx, subscriberId, { reason: 'suppressed', at: suppression.at, until: now, now });
}

function standingIn(value: unknown): Standing | null {
  const kept = value as { [Name in keyof Standing]: unknown } | null;
  if (kept === null) return null;
  const { doubtedAt, restUntil, refusedAt } = kept;
  return {
    doubtedAt: instantIn(doubtedAt),
    restUntil: instantIn(restUntil),
    halfPoints: Number(kept.halfPoints),
    refusedAt: instantIn(refusedAt),
  };
}

function suppressionIn(value: unknown): KeptSuppression | null {
  const kept = value as { reason: KeptSuppression['reason']; note: string | null; at: string } | null;
  return kept && { ...kept, at: new Date(kept.at) };
}

function instantIn(value: unknown): Date | null {
  return typeof value === 'string' ? new Date(value) : null;
}

function plainOf(state: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(state)) as Record<string, unknown>;
}
