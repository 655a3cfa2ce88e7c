import type { Db } from '../../src/db/client.ts';
import {
  changeSubscriber,
  createSubscriber,
  replaceWishes,
  type SubscriberChange,
} from '../../src/db/subscribers/subscribers.ts';
import { addressHash } from '../../src/model/address.ts';
import type { Wish } from '../../src/model/interest.ts';
import { DEFAULT_SCHEDULE, DEFAULT_SELECTIVITY, type Subscriber } from '../../src/model/subscriber.ts';
import { nextSlot } from '../../src/plan/due.ts';

/** The key that the hashes of these readers' addresses are made with. */
export const KEY = Buffer.alloc(32, 7);

/** When readers joined whose test does not care. */
export const JOINED = new Date('2026-01-01T00:00:00Z');
let made = 0;

/** What a test may want of a reader; `wishes` that are texts are free words, those after a minus muted. */
export interface ReaderChange extends SubscriberChange {
  wishes?: readonly (string | Wish)[];
  /** Whether the welcome newsletter is due at once. */
  welcome?: boolean;
}

/** Makes a reader past all sign-up: confirmed, daily at eight (UTC), with no wish, unless told otherwise. */
export async function makeReader(db: Db, joinedAt: Date, change: ReaderChange = {}): Promise<Subscriber> {
  const number = ++made;
  const { email = `made-reader${number}@example.org`, wishes = [], welcome = false, ...rest } = change;
  const given = {
    ...DEFAULT_SCHEDULE,
    maxPapers: 10,
    selectivity: DEFAULT_SELECTIVITY,
    perhaps: false,
    language: 'en',
    ...rest,
  };
  const row = { publicId: `reader-${number}`, email, addressHash: addressHash(KEY, email) };
  const { id } = await createSubscriber(db, { ...given, ...row, source: 'test', createdAt: joinedAt });
  if (wishes.length > 0) await replaceWishes(db, id, wishes.map(toWish), joinedAt);
  return changeSubscriber(db, id, {
    ...{ status: 'confirmed', confirmations: 1, confirmedAt: joinedAt, welcomeDueAt: welcome ? joinedAt : null },
    nextDueAt: (rest.status ?? 'confirmed') === 'confirmed' ? nextSlot(given, joinedAt, null).at : null,
    ...rest,
  });
}

function toWish(wish: string | Wish): Wish {
  if (typeof wish !== 'string') return wish;
  return { kind: 'words', text: wish.replace(/^-/, ''), muted: wish.startsWith('-') };
}
