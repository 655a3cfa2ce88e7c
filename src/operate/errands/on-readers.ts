import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { recordAct } from '../../db/operator/audit.ts';
import { createErrand, noteErrand, type Errand } from '../../db/operator/errands.ts';
import { actingWithin } from '../../db/operator/origin.ts';
import { countFiltered, newestReaderId, nextFiltered, type NextReader } from '../../db/subscribers/filtered.ts';
import type { Actor } from '../../model/actor.ts';
import { wishKey, type Wish } from '../../model/interest.ts';
import type { ReaderFilter } from '../../model/reader-filter.ts';
import { changeWishes } from '../../subscribers/change-wishes.ts';
import { pause } from '../../subscribers/pause.ts';
import { unsubscribe } from '../../subscribers/unsubscribe.ts';
import { suppress } from '../suppress.ts';

/** What may be done to many readers at once. */
export const MANY_ACTS = ['pause', 'unsubscribe', 'suppress', 'add-interest', 'remove-interest'] as const;

export type ManyAct = (typeof MANY_ACTS)[number];

/** What is to be done, and to whom. */
export interface ManyWish {
  act: ManyAct;
  filter: ReaderFilter;
  /** Of a pause: until when, ISO 8601. */
  until?: string;
  /** Of an interest: which. */
  wish?: Wish;
}

/** Readers of one step. */
const BATCH = 100;

/** Begins an act on all readers that fit a filter now; who comes later is not meant. Returns the errand's number. */
export async function beginOnReaders(ctx: Context, wish: ManyWish, by: Actor): Promise<number> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const total = await countFiltered(tx, wish.filter, { now, exactly: true });
    const kind = `readers.${wish.act}` as const;
    const { filter, until, wish: interest } = wish;
    const detail = {
      ...{ matched: total, filter: withoutAddress(filter) },
      ...(until === undefined ? {} : { until }),
      ...(interest === undefined ? {} : { interest: interest.text }),
    };
    const actId = await recordAct(tx, { at: now, actor: by, action: kind, detail });
    const given = { ...wish, upTo: await newestReaderId(tx), asOf: now.toISOString() };
    const id = await createErrand(tx, { kind, wish: given, actor: by, now, actId, total });
    await ctx.queue.wake('errands', tx);
    return id;
  });
}

/** Does an act to the next readers that are meant, each in a transaction of its own, as a part of the one act. */
export async function stepOnReaders(ctx: Context, errand: Errand): Promise<'more' | 'done'> {
  const wish = errand.wish as unknown as ManyWish & { upTo: number; asOf: string };
  const range = { now: new Date(wish.asOf), after: errand.position, upTo: wish.upTo, most: BATCH };
  const readers = await nextFiltered(ctx.db, wish.filter, range);
  let changed = errand.counts['changed'] ?? 0;
  for (const reader of readers) {
    const did = await actingWithin(errand.actId ?? 0n, () => actOn(ctx, reader, wish, errand.actor));
    if (did) changed++;
  }
  const position = readers.at(-1)?.id ?? wish.upTo;
  await noteErrand(ctx.db, errand.id, { position, done: errand.done + readers.length, counts: { changed } });
  return readers.length < BATCH ? 'done' : 'more';
}

/** A filter as it may be kept for good: erasing somebody could not find their address in it. */
function withoutAddress(filter: ReaderFilter): object {
  const { address, email } = filter;
  const hidden = { ...(address !== undefined && { address: '…' }), ...(email !== undefined && { email: '…' }) };
  return JSON.parse(JSON.stringify({ ...filter, ...hidden })) as object;
}

async function actOn(ctx: Context, reader: NextReader, wish: ManyWish, actor: Actor): Promise<boolean> {
  const { publicId, email } = reader;
  switch (wish.act) {
    case 'pause':
      return (await pause(ctx, { publicId }, new Date(wish.until ?? ''), { actor })).outcome === 'paused';
    case 'unsubscribe':
      return (await unsubscribe(ctx, { publicId }, { actor })).outcome === 'unsubscribed';
    case 'suppress':
      return (await suppress(ctx, { email }, actor)).outcome === 'suppressed';
    case 'add-interest':
    case 'remove-interest':
      return changeWishes(ctx, publicId, (held) => changed(held, wish), actor);
  }
}

/** The wishes of a reader with one more, or without it. */
function changed(held: readonly Wish[], { act, wish }: ManyWish): Wish[] {
  if (!wish) return [...held];
  const keyOf = (one: Wish) => `${one.muted} ${one.kind} ${wishKey(one)}`;
  const others = held.filter((one) => keyOf(one) !== keyOf(wish));
  if (act === 'remove-interest') return others;
  return others.length < held.length ? [...held] : [...held, wish];
}
