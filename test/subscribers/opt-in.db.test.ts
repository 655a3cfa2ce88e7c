import { beforeAll, describe, expect, it } from 'vitest';
import { loadWishes } from '../../src/db/subscribers/subscribers.ts';
import { addSuppression, findSuppression } from '../../src/db/subscribers/suppressions.ts';
import { addressHash } from '../../src/model/address.ts';
import { confirm, renewConfirmation } from '../../src/subscribers/confirm.ts';
import { declineConfirmation } from '../../src/subscribers/decline.ts';
import { lookUpConfirmation } from '../../src/subscribers/look-up-confirmation.ts';
import { erase } from '../../src/subscribers/erase.ts';
import { housekeepSubscribers } from '../../src/subscribers/housekeep.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader, confirmToken, form, mailsTo, reload, tokenFor, VISITOR } from '../world/sign-ups.ts';
import type { SuppressionReason } from '../../src/model/suppression.ts';

const database = testDatabase();
let ctx: TestContext;
let made = 0;
const newAddress = () => `person${++made}@example.org`;
const hashOf = (email: string) => addressHash(ctx.keys.suppression, email);

beforeAll(async () => {
  ctx = await testContext(database);
});

describe('subscribe', () => {
  it('when an address is new, then a confirmation is planned, evidence is kept, and nobody is confirmed', async () => {
    const email = newAddress();
    expect(await subscribe(ctx, form(email, { interests: ['graphs'] }), VISITOR)).toEqual({ outcome: 'accepted' });
    const reader = await reload(ctx, email);
    expect(reader).toMatchObject({ status: 'pending', nextDueAt: null });
    expect(await mailsTo(ctx, email)).toEqual(['confirmation planned']);
    const [evidence] = await ctx.db.consent.findMany({ where: { subscriberId: reader.id } });
    expect(evidence).toMatchObject({ step: 'request', ip: VISITOR.ip, userAgent: VISITOR.userAgent });
    expect(evidence?.wording).toContain('newsletter');
    expect(ctx.woken).toContain('deliver');
  });

  it('when ten forms with one address come at once, then one mail goes to it', async () => {
    const email = newAddress();
    await Promise.all(Array.from({ length: 10 }, () => subscribe(ctx, form(email), VISITOR)));
    expect(await mailsTo(ctx, email)).toEqual(['confirmation planned']);
    expect(await ctx.db.subscriber.count({ where: { email } })).toBe(1);
  });

  it('when somebody asks again and again, then a mail goes at most every ten minutes and three times a day', async () => {
    const email = newAddress();
    const start = Date.parse('2026-02-02T00:00:00Z');
    for (let minute = 0; minute < 24 * 60; minute += 5) {
      ctx.setNow(new Date(start + minute * 60_000));
      await subscribe(ctx, form(email), VISITOR);
    }
    const mails = await ctx.db.delivery.findMany({ where: { email }, orderBy: { id: 'asc' } });
    expect(mails.map(({ createdAt }) => (createdAt.getTime() - start) / 60_000)).toEqual([0, 10, 20]);
  });

  it('when the form comes again within the cool-down, then the link on its way keeps what its own form asked for, whoever sent the second', async () => {
    const email = newAddress();
    await subscribe(ctx, form(email, { interests: ['graphs'] }), VISITOR);
    await subscribe(ctx, form(email, { interests: ['robots'], hour: 6 }), VISITOR);
    await confirm(ctx, await confirmToken(ctx, email), VISITOR);
    const reader = await reload(ctx, email);
    expect(reader.hour).toBe(8);
    expect((await loadWishes(ctx.db, reader.id)).map(({ text }) => text)).toEqual(['graphs']);
  });

  it("when a stranger signs a confirmed reader up, then nothing of the reader's changes and one mail a day tells them", async () => {
    const email = newAddress();
    const reader = await confirmedReader(ctx, email, { interests: ['graphs'], hour: 6 });
    for (let i = 0; i < 3; i++) await subscribe(ctx, form(email, { interests: ['spam'], hour: 3 }), VISITOR);
    expect(await reload(ctx, email)).toMatchObject({ hour: 6, generation: reader.generation, status: 'confirmed' });
    expect((await loadWishes(ctx.db, reader.id)).map(({ text }) => text)).toEqual(['graphs']);
    expect((await mailsTo(ctx, email)).filter((mail) => mail.startsWith('link'))).toHaveLength(1);
  });

  it.each(['hard', 'complaint', 'manual'] as SuppressionReason[])(
    'when the address is suppressed as %s, then nothing goes to it',
    async (reason) => {
      const email = newAddress();
      await addSuppression(ctx.db, { addressHash: hashOf(email), reason, note: null, at: ctx.now() });
      expect(await subscribe(ctx, form(email), VISITOR)).toEqual({ outcome: 'accepted' });
      expect(await mailsTo(ctx, email)).toEqual([]);
    },
  );

  it('when somebody who left signs up again, then only their confirmation brings them back, as newly asked for', async () => {
    const email = newAddress();
    const before = await confirmedReader(ctx, email, { hour: 6, selectivity: 'sure', interests: ['graphs'] });
    await unsubscribe(ctx, { email }, { actor: 'reader' });
    ctx.setNow(new Date(ctx.now().getTime() + 3_600_000));
    await subscribe(ctx, form(email, { hour: 9, interests: ['robots'] }), VISITOR);
    expect(await reload(ctx, email)).toMatchObject({ status: 'unsubscribed', hour: 6 });
    await confirm(ctx, await confirmToken(ctx, email), VISITOR);
    const after = await reload(ctx, email);
    expect(after).toMatchObject({ status: 'confirmed', hour: 9, selectivity: 'sure', confirmations: 2 });
    expect(after.generation).toBeGreaterThan(before.generation);
    const old = await unsubscribe(ctx, tokenFor(ctx, 'unsubscribe', before), { actor: 'reader' });
    expect(old).toEqual({ outcome: 'unknown' });
    expect((await reload(ctx, email)).status).toBe('confirmed');
  });
});

describe('confirm', () => {
  it('when the button is pressed, then the reader is confirmed, due at their hour, and welcomed now', async () => {
    ctx.setNow('2026-03-02T12:00:00Z');
    const email = newAddress();
    await subscribe(ctx, form(email, { timeZone: 'Asia/Tokyo', hour: 7, topics: ['robotics'] }), VISITOR);
    const token = await confirmToken(ctx, email);
    expect(await lookUpConfirmation(ctx, token)).toMatchObject({ state: 'open', kind: 'sign-up' });
    expect((await reload(ctx, email)).status).toBe('pending');
    const result = await confirm(ctx, token, VISITOR);
    expect(result).toMatchObject({ outcome: 'confirmed', nextDueAt: new Date('2026-03-02T22:00:00Z') });
    const row = await ctx.db.subscriber.findUniqueOrThrow({ where: { email } });
    expect(row.welcomeDueAt).toEqual(ctx.now());
    expect(await ctx.db.consent.count({ where: { subscriberId: row.id, step: 'confirm', ip: VISITOR.ip } })).toBe(1);
    expect(ctx.woken).toEqual(expect.arrayContaining(['match', 'plan']));
    expect(await confirm(ctx, token, VISITOR)).toMatchObject({ outcome: 'already' });
    expect(await reload(ctx, email)).toMatchObject({ confirmations: 1 });
  });

  it('when the latest newsletter is declined, then there is no welcome', async () => {
    const email = newAddress();
    await confirmedReader(ctx, email, {}, { latest: false });
    expect((await ctx.db.subscriber.findUniqueOrThrow({ where: { email } })).welcomeDueAt).toBeNull();
  });

  it('when 48 hours are over, then the link has expired, and one press sends a new one', async () => {
    const email = newAddress();
    await subscribe(ctx, form(email, { hour: 5 }), VISITOR);
    const token = await confirmToken(ctx, email);
    ctx.setNow(new Date(ctx.now().getTime() + 48 * 3_600_000));
    expect(await confirm(ctx, token, VISITOR)).toEqual({ outcome: 'expired' });
    expect(await renewConfirmation(ctx, token)).toEqual({ outcome: 'renewed' });
    expect(await renewConfirmation(ctx, token)).toEqual({ outcome: 'renewed' });
    expect(await mailsTo(ctx, email)).toHaveLength(2);
    expect(await confirm(ctx, await confirmToken(ctx, email), VISITOR)).toMatchObject({ outcome: 'confirmed' });
    expect((await reload(ctx, email)).hour).toBe(5);
  });

  it.each(['nonsense', 'confirm.x.1.AAAAAAAAAAAAAAAAAAAAAA', ''])(
    'when the token is %j, then it is unknown',
    async (token) => {
      expect(await confirm(ctx, token, VISITOR)).toEqual({ outcome: 'unknown' });
      expect(await lookUpConfirmation(ctx, token)).toEqual({ state: 'unknown' });
    },
  );

  it('when the link of another purpose is used, then it confirms nothing', async () => {
    const email = newAddress();
    await subscribe(ctx, form(email), VISITOR);
    expect(await confirm(ctx, await confirmToken(ctx, email, 'decline'), VISITOR)).toEqual({ outcome: 'unknown' });
  });

  it('when the address was erased before, then its own confirmation lifts that, no other suppression', async () => {
    const email = newAddress();
    await confirmedReader(ctx, email);
    await erase(ctx, { email });
    ctx.setNow(new Date(ctx.now().getTime() + 3_600_000));
    await subscribe(ctx, form(email), VISITOR);
    expect(await confirm(ctx, await confirmToken(ctx, email), VISITOR)).toMatchObject({ outcome: 'confirmed' });
    expect(await findSuppression(ctx.db, hashOf(email))).toBeNull();
  });

  it('when «not me» is pressed, then the address gets nothing ever again', async () => {
    const email = newAddress();
    await subscribe(ctx, form(email), VISITOR);
    const token = await confirmToken(ctx, email);
    const said = await declineConfirmation(ctx, await confirmToken(ctx, email, 'decline'));
    expect(said).toEqual({ outcome: 'declined', moves: false });
    expect(await confirm(ctx, token, VISITOR)).toEqual({ outcome: 'expired' });
    ctx.setNow(new Date(ctx.now().getTime() + 3_600_000));
    await subscribe(ctx, form(email), VISITOR);
    expect(await mailsTo(ctx, email)).toEqual(['confirmation cancelled']);
  });
});

describe('housekeepSubscribers', () => {
  it('when one sign-up cannot be reminded and another not be deleted, then all others are, and each is named once', async () => {
    await ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries')`;
    const told = await testContext(database, { ADMIN_EMAIL: 'ops@digest.example.org' });
    const start = Date.parse('2026-05-04T00:00:00Z');
    const at = (hours: number) => {
      told.setNow(new Date(start + hours * 3_600_000));
      return housekeepSubscribers(told);
    };
    const addresses = [newAddress(), newAddress(), newAddress(), newAddress()];
    told.setNow(new Date(start));
    for (const address of addresses) await subscribe(told, form(address), VISITOR);
    const { id } = await ctx.db.subscriber.findUniqueOrThrow({ where: { email: addresses[1]! } });
    for (const statement of [
      "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken row'; END $$",
      `CREATE TRIGGER refuse BEFORE INSERT ON deliveries FOR EACH ROW WHEN (NEW.subscriber_id = ${id} AND NEW.kind = 'reminder') EXECUTE FUNCTION refuse()`,
      `CREATE TRIGGER refuse BEFORE DELETE ON subscribers FOR EACH ROW WHEN (OLD.id = ${id}) EXECUTE FUNCTION refuse()`,
    ])
      await ctx.db.$executeRawUnsafe(statement);
    try {
      expect(await at(24)).toEqual({ reminded: 3, forgotten: 0 });
      expect(await at(25)).toEqual({ reminded: 0, forgotten: 0 });
      expect(await at(ctx.config.PENDING_DAYS * 24 + 1)).toMatchObject({ forgotten: 3 });
      await at(ctx.config.PENDING_DAYS * 24 + 2);
    } finally {
      await ctx.db.$executeRawUnsafe('DROP TRIGGER refuse ON deliveries');
      await ctx.db.$executeRawUnsafe('DROP TRIGGER refuse ON subscribers');
    }
    const alarms = await ctx.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: { id: 'asc' } });
    expect(alarms.map(({ key }) => key.split(':')[0])).toEqual(['reminder', 'forget']);
    expect(await at(ctx.config.PENDING_DAYS * 24 + 3)).toMatchObject({ forgotten: 1 });
  });

  it('when a sign-up is not answered, then it is reminded of once after a day and forgotten after a week', async () => {
    await ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries')`;
    const start = Date.parse('2026-05-04T00:00:00Z');
    const at = async (hours: number) => {
      ctx.setNow(new Date(start + hours * 3_600_000));
      return housekeepSubscribers(ctx);
    };
    ctx.setNow(new Date(start));
    const [silent, answered] = [newAddress(), newAddress()];
    await subscribe(ctx, form(silent), VISITOR);
    await confirmedReader(ctx, answered);
    expect(await at(23)).toEqual({ reminded: 0, forgotten: 0 });
    expect(await at(24)).toEqual({ reminded: 1, forgotten: 0 });
    expect(await at(25)).toEqual({ reminded: 0, forgotten: 0 });
    expect(await mailsTo(ctx, silent)).toEqual(['confirmation planned', 'reminder planned']);
    expect(await at(ctx.config.PENDING_DAYS * 24)).toEqual({ reminded: 0, forgotten: 0 });
    expect(await at(ctx.config.PENDING_DAYS * 24 + 1)).toEqual({ reminded: 0, forgotten: 1 });
    expect(await ctx.db.subscriber.findMany({ select: { email: true } })).toEqual([{ email: answered }]);
    expect(await ctx.db.delivery.count({ where: { email: silent } })).toBe(0);
  });

  it('when people asked late in their evening, then they are reminded in their morning, of how long the link still works', async () => {
    await ctx.db.$executeRaw`CALL empty_tables('subscribers, deliveries')`;
    ctx.setNow('2026-05-04T21:30:00Z');
    const [berlin, honolulu] = [newAddress(), newAddress()];
    await subscribe(ctx, form(berlin, { timeZone: 'Europe/Berlin' }), VISITOR); // 23:30
    await subscribe(ctx, form(honolulu, { timeZone: 'Pacific/Honolulu' }), VISITOR); // 11:30
    ctx.setNow('2026-05-05T21:30:00Z');
    expect(await housekeepSubscribers(ctx)).toEqual({ reminded: 2, forgotten: 0 });
    const reminderOf = (email: string) => ctx.db.delivery.findFirstOrThrow({ where: { email, kind: 'reminder' } });
    expect((await reminderOf(berlin)).nextAttemptAt).toEqual(new Date('2026-05-06T07:00:00Z')); // 09:00
    expect((await reminderOf(honolulu)).nextAttemptAt).toEqual(new Date('2026-05-05T21:30:00Z'));
    expect((await reminderOf(berlin)).payload).toEqual({
      until: '2026-05-06T21:30:00.000Z',
      timeZone: 'Europe/Berlin',
    });
  });
});
