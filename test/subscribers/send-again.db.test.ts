import { beforeAll, expect, test } from 'vitest';
import { loadWishes } from '../../src/db/subscribers/subscribers.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { resendConfirmation } from '../../src/subscribers/send-again.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmToken, reload, signUp, VISITOR } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-01-05T06:00:00Z');
});

test.each([1, 2])(
  'when the confirmation was sent again %i times, then its link brings what was asked for',
  async (times) => {
    const email = `again${times}@example.org`;
    await signUp(ctx, email, { interests: ['kelp forests'], muted: ['survey'], hour: 17 });
    const { publicId } = await reload(ctx, email);
    for (let day = 1; day <= times; day++) {
      ctx.setNow(new Date(ctx.now().getTime() + 86_400_000));
      expect(await resendConfirmation(ctx, publicId, 'admin:ada@example.org')).toBe('sent');
    }
    expect(await confirm(ctx, await confirmToken(ctx, email), VISITOR)).toMatchObject({ outcome: 'confirmed' });
    const reader = await reload(ctx, email);
    expect((await loadWishes(ctx.db, reader.id)).map(({ text }) => text).sort()).toEqual(['kelp forests', 'survey']);
    expect(reader.hour).toBe(17);
  },
);
