import { beforeEach, expect, test } from 'vitest';
import { askForLink } from '../../src/subscribers/ask-for-link.ts';
import { BUDGETS, takeSignUp } from '../../src/subscribers/budgets.ts';
import { changeAddress } from '../../src/subscribers/change-address.ts';
import { renewConfirmation } from '../../src/subscribers/confirm.ts';
import { declineConfirmation } from '../../src/subscribers/decline.ts';
import { housekeepSubscribers } from '../../src/subscribers/housekeep.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';
import { liftSuppression } from '../../src/operate/lift-suppression.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { claimDeliveries } from '../../src/db/ledger/claim.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, confirmToken, form, mailsTo, reload, tokenFor, VISITOR } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;

beforeEach(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-05-04T00:00:00Z');
  await ctx.db.$executeRaw`CALL empty_tables('rate_limits, subscribers, deliveries, suppressions')`;
});

/** Ways in which strangers write one mailbox. */
const SPELLINGS: [string, (n: number) => string][] = [
  ['plus-tags', (n) => `name+${n}@example.org`],
  [
    'dots and tags at Gmail, under both names',
    (n) => `n${n % 2 ? '.' : ''}ame+${n}@${n % 3 ? 'gmail' : 'googlemail'}.com`,
  ],
  ['keywords at Yahoo', (n) => `name-${n}@yahoo.com`],
  ['names in the domain at Fastmail', (n) => `tag${n}@name.fastmail.com`],
];

const later = (hours: number) => ctx.setNow(new Date(ctx.now().getTime() + hours * 3_600_000));
const count = (kind: 'confirmation' | 'reminder' | 'link') => ctx.db.delivery.count({ where: { kind } });

test.each(SPELLINGS)(
  'when a stranger signs one mailbox up 20 times by %s, then it is asked once, and three times a day',
  async (_, spell) => {
    const all = Array.from({ length: 20 }, (_one, n) => spell(n));
    await Promise.all(all.map((email) => subscribe(ctx, form(email), VISITOR)));
    expect(await count('confirmation')).toBe(1);
    for (let hour = 1; hour <= 10; hour++) {
      later(1);
      await subscribe(ctx, form(spell(100 + hour)), VISITOR);
    }
    expect(await count('confirmation')).toBe(3);
  },
);

test('when it is asked, then the address stays as typed, tag and all, and other mailboxes of the domain are asked too', async () => {
  for (const email of ['name+a@example.org', 'n.ame@example.org', 'name@example.com'])
    await subscribe(ctx, form(email), VISITOR);
  for (const email of ['name+a@example.org', 'n.ame@example.org', 'name@example.com'])
    expect(await mailsTo(ctx, email)).toEqual(['confirmation planned']);
});

test('when somebody says «never again» at one alias, then no alias is asked, reminded or moved to, and what waits is not sent', async () => {
  await subscribe(ctx, form('name+1@example.org'), VISITOR);
  later(1);
  await subscribe(ctx, form('name+2@example.org'), VISITOR);
  expect(await count('confirmation')).toBe(2);
  const renewable = await confirmToken(ctx, 'name+2@example.org');
  await declineConfirmation(ctx, await confirmToken(ctx, 'name+1@example.org', 'decline'));
  const { claimed } = await claimDeliveries(ctx.db, { worker: 'w', limit: 10, now: ctx.now(), leaseSeconds: 60 });
  expect(claimed).toEqual([]);
  expect(await mailsTo(ctx, 'name+2@example.org')).toEqual(['confirmation cancelled']);
  later(25);
  expect(await housekeepSubscribers(ctx)).toMatchObject({ reminded: 0 });
  const mover = await confirmedReader(ctx, 'mover@example.com');
  expect(await changeAddress(ctx, tokenFor(ctx, 'preferences', mover), 'name+3@example.org')).toEqual({
    outcome: 'asked',
  });
  for (const email of ['name+4@example.org', 'name@example.org', 'name+1@example.org'])
    await subscribe(ctx, form(email), VISITOR);
  later(24);
  await renewConfirmation(ctx, renewable);
  expect(await ctx.db.delivery.count({ where: { email: { startsWith: 'name' }, kind: 'confirmation' } })).toBe(2);
  expect(await ctx.db.delivery.count({ where: { kind: 'reminder' } })).toBe(0);
});

test('when the owner of a mailbox reads at one alias and declines another, then their newsletters, links and return go on', async () => {
  const reader = await confirmedReader(ctx, 'name@example.org');
  later(1);
  await subscribe(ctx, form('name+spam@example.org'), VISITOR);
  await declineConfirmation(ctx, await confirmToken(ctx, 'name+spam@example.org', 'decline'));
  expect(await ctx.db.suppression.count({ where: { addressHash: Uint8Array.from(reader.addressHash) } })).toBe(0);
  await askForLink(ctx, 'name@example.org');
  expect(await count('link')).toBe(1);
  await unsubscribe(ctx, { email: 'name@example.org' }, { actor: 'reader' });
  later(24);
  await subscribe(ctx, form('name@example.org'), VISITOR);
  expect((await mailsTo(ctx, 'name@example.org')).at(-1)).toBe('confirmation planned');
  expect((await reload(ctx, 'name@example.org')).status).toBe('unsubscribed');
});

test('when an admin lifts a decline at any alias of the mailbox, then it is asked again', async () => {
  await subscribe(ctx, form('name+1@example.org'), VISITOR);
  await declineConfirmation(ctx, await confirmToken(ctx, 'name+1@example.org', 'decline'));
  later(24);
  expect(await liftSuppression(ctx, 'name@example.org', 'cli')).toMatchObject({ outcome: 'lifted' });
  expect(await liftSuppression(ctx, 'name@example.org', 'cli')).toEqual({ outcome: 'not-suppressed' });
  await subscribe(ctx, form('name@example.org'), VISITOR);
  expect(await mailsTo(ctx, 'name@example.org')).toEqual(['confirmation planned']);
});

test('when several aliases of a mailbox wait unanswered, then one reminder goes to it in a week', async () => {
  for (const [n, hours] of [0, 1, 2, 30].entries()) {
    ctx.setNow(new Date(Date.parse('2026-05-04T00:00:00Z') + hours * 3_600_000));
    await subscribe(ctx, form(`name+${n}@example.org`), VISITOR);
  }
  await subscribe(ctx, form('other@example.org'), VISITOR);
  let reminded = 0;
  for (let hour = 31; hour < 6 * 24; hour += 6) {
    ctx.setNow(new Date(Date.parse('2026-05-04T00:00:00Z') + hour * 3_600_000));
    reminded += (await housekeepSubscribers(ctx)).reminded;
  }
  expect(await ctx.db.delivery.count({ where: { kind: 'reminder', email: { startsWith: 'name' } } })).toBe(1);
  expect(reminded).toBe(2);
});

test('when links are asked for at the aliases of one mailbox, then one goes in ten minutes, and three a day', async () => {
  for (const n of [1, 2, 3, 4, 5]) {
    await confirmedReader(ctx, `name+${n}@example.org`);
    later(24);
  }
  for (const n of [1, 2, 3, 4, 5]) await askForLink(ctx, `name+${n}@example.org`);
  expect(await count('link')).toBe(1);
  for (const n of [2, 3, 4, 5]) {
    later(1);
    await askForLink(ctx, `name+${n}@example.org`);
  }
  expect(await count('link')).toBe(3);
});

test('when readers ask to move to aliases of one mailbox, then it is asked once in ten minutes', async () => {
  const movers = [await confirmedReader(ctx, 'a@example.com'), await confirmedReader(ctx, 'b@example.com')];
  for (const [n, mover] of movers.entries())
    await changeAddress(ctx, tokenFor(ctx, 'preferences', mover), `name+${n}@example.org`);
  expect(await ctx.db.delivery.count({ where: { email: { startsWith: 'name' } } })).toBe(1);
});

test('when one provider is flooded under its other name, then that counts for it too', async () => {
  let taken = 0;
  for (let n = 0; n < BUDGETS.domain.points + 10; n++) {
    const email = `person${n}@${n % 2 ? 'gmail' : 'googlemail'}.com`;
    const answer = await takeSignUp(ctx, { ip: `10.0.${n}.1`, email, stamped: true });
    if (answer.outcome === 'room') taken++;
  }
  expect(taken).toBe(BUDGETS.domain.points);
});
