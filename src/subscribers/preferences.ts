import type { Context } from '../context.ts';
import { recordAct } from '../db/operator/audit.ts';
import { transaction, type Tx } from '../db/client.ts';
import { newestWeekOf } from '../db/newsletters/newest-week.ts';
import { watchReader } from '../db/subscribers/reader-state.ts';
import { changeSubscriber, loadWishes, replaceWishes } from '../db/subscribers/subscribers.ts';
import { announce } from '../hooks/announce.ts';
import { todaysZone } from '../lib/time-zones.ts';
import type { Wish } from '../model/interest.ts';
import type { Preferences, Subscriber } from '../model/subscriber.ts';
import { lastSlotAfterChange, nextDue, owedFrom } from '../plan/due.ts';
import { lockReader, readerOf, type ReaderRef } from './reader-of.ts';
import { settledPreferences } from './asked-preferences.ts';
import type { Wishes } from './sign-up.ts';
import type { Actor } from '../model/actor.ts';

/** Everything the preferences page shows of a reader. */
export interface ReaderPreferences {
  subscriber: Subscriber;
  preferences: Preferences;
  wishes: Wish[];
}

export type ChangeOutcome =
  | { outcome: 'changed'; nextDueAt: Date | null }
  | { outcome: 'unchanged'; nextDueAt: Date | null }
  | { outcome: 'unknown' };

/** Reads what a reader asked for; null where the link is not theirs. */
export async function readPreferences(ctx: Context, token: string): Promise<ReaderPreferences | null> {
  const subscriber = await readerOf(ctx, ctx.db, 'preferences', token);
  if (!subscriber) return null;
  return { subscriber, preferences: preferencesOf(subscriber), wishes: await loadWishes(ctx.db, subscriber.id) };
}

/**
 * Changes interests and schedule at once, and says when the next newsletter is due. Only a confirmed reader has a next
 * one.
 */
export async function changePreferences(
  ctx: Context,
  link: string | ReaderRef,
  change: Wishes,
  by: { actor: Actor } = { actor: 'reader' },
): Promise<ChangeOutcome> {
  return transaction(ctx.db, async (tx): Promise<ChangeOutcome> => {
    const reader = await lockReader(ctx, tx, 'preferences', link);
    if (!reader) return { outcome: 'unknown' };
    return applyWishes(ctx, tx, reader, change, by.actor);
  });
}

/** Puts interests and schedule in place of those of a reader whose row is locked. */
export async function applyWishes(
  ctx: Context,
  tx: Tx,
  reader: Subscriber,
  change: Wishes,
  actor: Actor,
): Promise<Exclude<ChangeOutcome, { outcome: 'unknown' }>> {
  const now = ctx.now();
  const changed = await watchReader(tx, reader.id, { wishes: true });
  const wishesChanged = await replaceWishes(tx, reader.id, change.wishes, now);
  const before = preferencesOf(reader);
  const wanted = preferencesOf(settledPreferences(change.preferences, reader));
  // Another name of the same zone is no change.
  if (todaysZone(before.timeZone) === wanted.timeZone) wanted.timeZone = before.timeZone;
  const preferencesChanged = JSON.stringify(before) !== JSON.stringify(wanted);
  if (!wishesChanged && !preferencesChanged) return { outcome: 'unchanged', nextDueAt: reader.nextDueAt };
  const nextDueAt = preferencesChanged ? await dueAfter(tx, reader, wanted, now) : reader.nextDueAt;
  await changeSubscriber(tx, reader.id, { ...wanted, nextDueAt });
  const entry = { at: now, actor, action: 'change-preferences', subject: reader.publicId } as const;
  await recordAct(tx, { ...entry, ...(await changed()) });
  await announce(ctx, tx, 'subscriber.changed', { subscriber: reader.publicId });
  if (wishesChanged) await ctx.queue.wake('match', tx);
  return { outcome: 'changed', nextDueAt };
}

/** Returns the preferences within a larger record, in a fixed order. */
export function preferencesOf({
  cadence,
  weekday,
  hour,
  timeZone,
  maxPapers,
  selectivity,
  perhaps,
  language,
}: Preferences): Preferences {
  return { cadence, weekday, hour, timeZone, maxPapers, selectivity, perhaps, language };
}

/** When a reader with a changed schedule is due next; null for those who get nothing. */
async function dueAfter(tx: Tx, reader: Subscriber, wanted: Preferences, now: Date): Promise<Date | null> {
  if (reader.status !== 'confirmed') return null;
  const { pausedUntil, nextDueAt, lastSlotOn } = reader;
  const from = pausedUntil && pausedUntil > now ? pausedUntil : owedFrom(wanted, nextDueAt, now);
  const weekHad = wanted.cadence === 'weekly' ? await newestWeekOf(tx, reader.id) : null;
  return nextDue(wanted, from, lastSlotAfterChange(wanted.cadence, lastSlotOn, weekHad));
}
