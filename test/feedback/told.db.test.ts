import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeIn } from '../../src/feedback/run-feedback.ts';
import { deliveryToken } from '../../src/links/verp.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { cameBack, mailSent } from '../world/came-back.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';
import { mailgunEvent, postmarkRecord, sendgridEvents, sesDelivery } from './webhook-bodies.ts';
import { amazon, byAnyone, byMailgun, byPostmark, bySendgrid, bySns, WEBHOOK_SETTINGS } from './webhook-senders.ts';
import type { Sent } from './webhook-senders.ts';

const database = testDatabase();
const SENT = new Date('2026-01-05T08:00:00Z');
const DOMAIN = 'bounces.example.org';
const ADA = 'ada@example.org';
let ctx: TestContext;
let web: TestWeb;

beforeEach(async () => {
  await clearLedger(database.db);
  const settings = { BOUNCE_DOMAIN: DOMAIN, ...WEBHOOK_SETTINGS };
  ctx = await testContext(database, settings, { fetchSource: amazon().fetch });
  ctx.setNow(new Date('2026-01-05T12:00:00Z'));
  web = await startWeb(ctx, 0, { takeIn: takeIn(ctx) });
});
afterEach(() => web.close());

/** Posts what a provider tells, as it signs it. */
async function told(provider: string, { body, headers }: Sent): Promise<unknown> {
  const answer = await web.post(`/webhooks/${provider}`, body, headers);
  expect(answer.status).toBe(200);
  return answer.json();
}

const events = async () => {
  const rows = await database.db.feedbackEvent.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ kind, effect, rule }) => [kind, effect, rule]);
};
const links = () => database.db.delivery.count({ where: { kind: 'link', state: { not: 'sent' } } });
const status = async () => (await database.db.subscriber.findFirstOrThrow({ where: { email: ADA } })).status;

/** A reader with one mail of today; returns the token that providers hand back. */
async function mailed(): Promise<{ id: number; email: string; token: string; delivery: string }> {
  const { id, email } = await makeReader(database.db, SENT, { email: ADA });
  const delivery = await mailSent(ctx, { id, email }, SENT);
  return { id, email, delivery, token: deliveryToken(ctx.keys.link[0]!, delivery) };
}

describe('leaving by the button of a provider', () => {
  const sendgrid = (more: object) => (token: string) =>
    bySendgrid([{ ...sendgridEvents[8], offprint: token, sg_event_id: 'sg-left', ...more }]);
  const record = { RecordType: 'SubscriptionChange', ID: 0, Type: undefined, Recipient: ADA, SuppressSending: true };
  const ses = { eventType: 'Subscription', subscription: { newTopicPreferences: { unsubscribeAll: true } } };
  const ways: [name: string, provider: string, sent: (token: string) => Sent][] = [
    [
      'Mailgun’s unsubscribed',
      'mailgun',
      (token) => byMailgun(mailgunEvent({ event: 'unsubscribed', 'user-variables': { offprint: token } })),
    ],
    [
      'Mailgun’s own list',
      'mailgun',
      (token) => byMailgun(mailgunEvent({ reason: 'suppress-unsubscribe', 'user-variables': { offprint: token } })),
    ],
    ['SendGrid’s unsubscribe', 'sendgrid', sendgrid({})],
    ['SendGrid’s group_unsubscribe', 'sendgrid', sendgrid({ event: 'group_unsubscribe' })],
    ['SendGrid’s own list', 'sendgrid', sendgrid({ event: 'dropped', reason: 'Unsubscribed Address' })],
    [
      'Postmark’s ManualSuppression',
      'postmark',
      (token) =>
        byPostmark(
          postmarkRecord({ ...record, SuppressionReason: 'ManualSuppression', Metadata: { offprint: token } }),
        ),
    ],
    [
      'Postmark’s Unsubscribe',
      'postmark',
      (token) => byPostmark(postmarkRecord({ Type: 'Unsubscribe', Metadata: { offprint: token } })),
    ],
    [
      'unsubscribeAll of SES',
      'ses',
      (token) => bySns({ ...ses, mail: { ...sesDelivery.mail, tags: { offprint: [token] } } }),
    ],
    ['a program’s unsubscribe', 'generic', (token) => byAnyone({ type: 'unsubscribe', recipient: ADA, token })],
    ['a program’s unsubscribe by address', 'generic', () => byAnyone({ type: 'unsubscribe', recipient: ADA })],
  ];

  it.each(ways)('when a reader leaves by %s, then they are out at once', async (_, provider, sent) => {
    const { token } = await mailed();
    expect(await told(provider, sent(token))).toEqual({ new: true, events: 1 });
    expect(await events()).toEqual([['unsubscribe', 'left', 'told-by-provider']]);
    expect([await status(), await links()]).toEqual(['unsubscribed', 0]);
    expect(await database.db.suppression.count()).toBe(0);
    expect(await database.db.feedbackEvent.findFirst()).toMatchObject({ deliveryId: expect.any(BigInt) as bigint });
  });

  it('when an address alone is told that got several mails, then its reader is out; of nobody’s it is filed', async () => {
    const { id, email } = await mailed();
    await mailSent(ctx, { id, email }, new Date('2026-01-05T09:00:00Z'));
    const both = [ADA, 'stranger@example.org'].map((recipient) => ({ type: 'unsubscribe', recipient }));
    await told('generic', byAnyone({ events: both }));
    expect(await events()).toEqual([
      ['unsubscribe', 'left', 'told-by-provider'],
      ['unsubscribe', 'filed', null],
    ]);
    expect(await status()).toBe('unsubscribed');
  });

  it('when the token is false, then nobody leaves', async () => {
    const { token } = await mailed();
    const forged = token.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    await told('generic', byAnyone({ type: 'unsubscribe', recipient: ADA, token: forged }));
    expect(await events()).toEqual([['unsubscribe', 'filed', null]]);
    expect(await status()).toBe('confirmed');
  });
});

describe('a letter to a signed address that asks to leave', () => {
  const LETTER = 'From: other@elsewhere.example\nSubject: unsubscribe\n\n';

  it('when nobody knows its author, then the reader of that mail is sent the link, and stays', async () => {
    const { delivery } = await mailed();
    ctx.setNow(new Date('2026-01-06T12:00:00Z')); // that mail was a link itself
    const { events: taken } = await cameBack(ctx, LETTER, delivery);
    expect(taken).toMatchObject([{ kind: 'unsubscribe', delivery, effect: 'asked' }]);
    expect([await status(), await links()]).toEqual(['confirmed', 1]);
  });

  it('when nothing may go to that reader, then nobody is said to have been asked', async () => {
    const { delivery } = await mailed();
    const { addressHash } = await database.db.subscriber.findFirstOrThrow();
    await database.db.suppression.create({ data: { addressHash, reason: 'manual', at: SENT } });
    const { events: taken } = await cameBack(ctx, LETTER, delivery);
    expect(taken).toMatchObject([{ kind: 'unsubscribe', delivery, effect: 'filed' }]);
    expect([await status(), await links()]).toEqual(['confirmed', 0]);
  });
});

describe('a program that tells the same in the same words', () => {
  const FULL = { type: 'bounce', recipient: ADA, reply: '552 5.2.2 mailbox full', permanent: false };
  const effects = async () => (await events()).map(([, effect]) => effect);
  const halfPoints = async () => (await database.db.addressStanding.findFirst())?.halfPoints;

  it('when it is another message, a day later, then it counts again; the same message counts once', async () => {
    await mailed();
    const first = byAnyone(FULL, { id: 'msg_1' });
    expect(await told('generic', first)).toEqual({ new: true, events: 1 });
    expect(await told('generic', first)).toEqual({ new: false, events: 1 });
    const at = new Date('2026-01-06T12:00:00Z');
    ctx.setNow(at);
    expect(await told('generic', byAnyone(FULL, { id: 'msg_1', at }))).toEqual({ new: false, events: 1 });
    const second = byAnyone(FULL, { id: 'msg_2', at });
    expect(await told('generic', second)).toEqual({ new: true, events: 1 });
    expect(await told('generic', second)).toEqual({ new: false, events: 1 });
    expect([await effects(), await halfPoints()]).toEqual([['half-point', 'half-point'], 2]);
  });

  it('when the event has an id of its own, then that decides, whatever message it comes in', async () => {
    await mailed();
    const tell = async (event: string, id: string) => told('generic', byAnyone({ ...FULL, id: event }, { id }));
    expect(await tell('b-17', 'msg_1')).toEqual({ new: true, events: 1 });
    ctx.setNow(new Date('2026-01-05T12:01:00Z'));
    expect(await tell('b-17', 'msg_2')).toEqual({ new: false, events: 1 });
    expect(await effects()).toEqual(['half-point']);
  });
});
