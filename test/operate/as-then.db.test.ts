import { beforeEach, describe, expect, it } from 'vitest';
import { findSubscriberByEmail } from '../../src/db/subscribers/subscribers.ts';
import { asThen } from '../../src/operate/why/as-then.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { KEY, makeReader } from '../world/readers.ts';

const database = testDatabase();
const SLOT = new Date('2026-01-05T08:00:00Z');
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database);
  ctx.keys.suppression = KEY;
  await database.db.$executeRaw`CALL empty_anew('subscribers, audit_log, deliveries, suppressions')`;
});

/** Makes a reader who confirmed (by an import, say, of which no act tells) and left later. */
async function left(confirmed: string, leftAt: string) {
  const { email, publicId } = await makeReader(ctx.db, new Date(confirmed));
  ctx.setNow(leftAt);
  await unsubscribe(ctx, { publicId }, { actor: 'reader' });
  return email;
}
const then = async (email: string) => {
  const reader = (await findSubscriberByEmail(ctx.db, email)) ?? expect.fail(email);
  return asThen(ctx, { reader, suppression: null }, SLOT);
};

describe('how a reader stood then', () => {
  it('when they came after it and have left since, then they had not confirmed by then', async () => {
    const email = await left('2026-01-06T12:00:00Z', '2026-01-07T07:00:00Z');
    expect((await then(email)).returned).toBe(false);
  });

  it('when they left after it and have confirmed again since, then they had confirmed by then', async () => {
    const email = await left('2026-01-04T12:00:00Z', '2026-01-06T07:00:00Z');
    const again = { status: 'confirmed' as const, confirmedAt: new Date('2026-01-06T12:00:00Z'), unsubscribedAt: null };
    await ctx.db.subscriber.update({ where: { email }, data: again });
    expect(await then(email)).toMatchObject({ returned: true, who: { reader: { status: 'confirmed' } } });
  });
});
