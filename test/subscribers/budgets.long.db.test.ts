import { beforeEach, describe, expect, it } from 'vitest';
import { forgetBudgets, networkOf } from '../../src/db/operator/budgets.ts';
import { BUDGETS, takeLinkRequest, takeSignUp } from '../../src/subscribers/budgets.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { form } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database);
  await ctx.db.$executeRaw`CALL empty_tables('rate_limits, subscribers, deliveries')`;
});

/** What the web does with a form: budgets first, then the sign-up. */
async function signUp(
  ip: string,
  email: string,
  over: { stamped?: boolean; solved?: boolean; waited?: boolean } = {},
): Promise<string> {
  const answer = await takeSignUp(ctx, { ip, email, stamped: true, ...over });
  if (answer.outcome === 'room') await subscribe(ctx, form(email), { ip, userAgent: null });
  return answer.outcome;
}

/** Does something many times, a few at once. */
async function each(times: number, act: (i: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < times; start += 20) {
    await Promise.all(Array.from({ length: Math.min(20, times - start) }, (_, i) => act(start + i)));
  }
}

describe('takeSignUp', () => {
  it('when 1,000 forms with 50 addresses come from one IP, then the mails are bounded and everybody else gets through', async () => {
    await each(1000, (i) => signUp('192.0.2.7', `person${i % 50}@one.example`));
    expect(await ctx.db.delivery.count()).toBeLessThanOrEqual(BUDGETS.network.points);
    expect(await ctx.db.delivery.count()).toBeGreaterThan(0);
    expect(await signUp('198.51.100.1', 'reader@other.example')).toBe('room');
    expect(await ctx.db.delivery.count({ where: { email: 'reader@other.example' } })).toBe(1);
  });

  it('when 1,000 addresses come from 1,000 IPs, then the mails are bounded, and who solves the challenge gets through', async () => {
    await each(1000, (i) => signUp(`10.${i >> 8}.${i & 255}.1`, `person${i}@d${i % 30}.example`));
    expect(await ctx.db.delivery.count()).toBe(BUDGETS.global.points);
    expect(await signUp('203.0.113.9', 'reader@other.example')).toBe('over');
    expect(await signUp('203.0.113.9', 'reader@other.example', { solved: true })).toBe('room');
    expect(await ctx.db.delivery.count({ where: { email: 'reader@other.example' } })).toBe(1);
  });

  it('when one domain is flooded, then its real readers get in by solving the challenge, up to a bound of its own', async () => {
    for (let i = 0; i < BUDGETS.domain.points; i++) await signUp(`10.1.${i}.1`, `person${i}@flooded.example`);
    expect(await signUp('203.0.113.9', 'reader@flooded.example')).toBe('over');
    expect(await signUp('203.0.113.9', 'reader@flooded.example', { solved: true })).toBe('room');
    expect(await ctx.db.delivery.count({ where: { email: 'reader@flooded.example' } })).toBe(1);
    await ctx.db.$executeRaw`UPDATE rate_limits SET points = ${BUDGETS.solved.points} WHERE key LIKE 'solved:%'`;
    expect(await signUp('198.51.100.1', 'next@flooded.example', { solved: true })).toBe('over');
  });

  it('when a flood only waits, then a few of a network and a few in all come in by it, and who solves is not kept out', async () => {
    await each(BUDGETS.global.points, (i) => signUp(`10.2.${i & 255}.1`, `person${i}@d${i % 30}.example`));
    const waiting = { waited: true };
    const one = await Promise.all(
      Array.from({ length: 20 }, (_, i) => signUp('192.0.2.7', `w${i}@w.example`, waiting)),
    );
    expect(one.filter((outcome) => outcome === 'room')).toHaveLength(BUDGETS.waiter.points);
    const many = [];
    for (let i = 0; i < 100; i++) many.push(await signUp(`10.3.${i}.1`, `v${i}@v${i % 30}.example`, waiting));
    const room = many.filter((outcome) => outcome === 'room');
    expect(room.length).toBeLessThanOrEqual(BUDGETS.waited.points - BUDGETS.waiter.points);
    expect(room.length).toBeGreaterThan(0);
    expect(await signUp('203.0.113.9', 'reader@other.example', { solved: true })).toBe('room');
  });

  it('when the forms bear no stamp of ours, then their budget is tighter', async () => {
    const outcomes = [];
    for (let i = 0; i < 40; i++) outcomes.push(await signUp('192.0.2.7', `person${i}@one.example`, { stamped: false }));
    expect(outcomes.filter((outcome) => outcome === 'room')).toHaveLength(20);
  });

  it('when two processes take at once, then together they get no more than the budget', async () => {
    const other = await testContext(database);
    const takers = Array.from({ length: 60 }, (_, i) =>
      takeSignUp(i % 2 ? ctx : other, { ip: '192.0.2.7', email: 'a@b.example', stamped: true }),
    );
    const outcomes = (await Promise.all(takers)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'room')).toHaveLength(BUDGETS.network.points);
  });

  it('when a budget is used up, then the answer says when there is room again, and the table names nobody', async () => {
    for (let i = 0; i < BUDGETS.link.points; i++) await takeLinkRequest(ctx, '192.0.2.7');
    const answer = await takeLinkRequest(ctx, '192.0.2.99');
    expect(answer).toMatchObject({ outcome: 'over', budget: 'link' });
    expect(answer.outcome === 'over' && answer.retryAfterSeconds).toBeGreaterThan(500);
    const rows = await ctx.db.rateLimit.findMany();
    expect(JSON.stringify(rows.map(({ key }) => key))).not.toContain('192.0.2');
    expect(await forgetBudgets(ctx.db, new Date(Date.now() + 3_600_000))).toBe(rows.length);
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2'],
    ['::ffff:192.0.2.7', '192.0.2'],
    ['2001:db8:0:12:a:b:c:d', '2001:db8:0:12::'],
    ['2001:0DB8::1', '2001:db8:0:0::'],
    ['::1', '0:0:0:0::'],
    ['fe80::1%eth0', 'fe80:0:0:0::'],
  ])('when the IP is %s, then its network is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
