import { createSubscriber, changeSubscriber, replaceWishes } from '../../src/db/subscribers/subscribers.ts';
import { links } from '../../src/links/links.ts';
import { addressHash } from '../../src/model/address.ts';
import type { Wish } from '../../src/model/interest.ts';
import { DEFAULT_SCHEDULE } from '../../src/model/subscriber.ts';
import { nextSlot } from '../../src/plan/due.ts';
import type { TestContext } from '../support/context.ts';

let made = 0;

/** Makes a confirmed reader whose welcome newsletter is due now; returns their id and the path of their feed. */
export async function welcomedReader(
  ctx: TestContext,
  wishes: readonly Wish[],
): Promise<{ id: number; feedPath: string }> {
  const now = ctx.now();
  const name = `wishing${++made}`;
  const email = `${name}@example.org`;
  const pending = await createSubscriber(ctx.db, {
    ...{ publicId: name, email, addressHash: addressHash(Buffer.from('test'), email), source: 'test', createdAt: now },
    ...{ ...DEFAULT_SCHEDULE, maxPapers: ctx.config.MAX_PAPERS, language: 'en' },
  });
  await replaceWishes(ctx.db, pending.id, [...wishes], now);
  const { id, publicId, generation } = await changeSubscriber(ctx.db, pending.id, {
    ...{ status: 'confirmed', confirmations: 1, confirmedAt: now, welcomeDueAt: now },
    nextDueAt: nextSlot(DEFAULT_SCHEDULE, now, null).at,
  });
  return { id, feedPath: links.feed('', ctx.keys.link[0]!, publicId, generation) };
}
