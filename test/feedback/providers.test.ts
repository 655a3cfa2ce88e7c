import { describe, expect, test } from 'vitest';
import { toldInGeneral } from '../../src/feedback/providers/generic.ts';
import { toldByMailgun } from '../../src/feedback/providers/mailgun.ts';
import { toldByPostmark } from '../../src/feedback/providers/postmark.ts';
import { toldBySendgrid } from '../../src/feedback/providers/sendgrid.ts';
import { toldBySes } from '../../src/feedback/providers/ses.ts';
import type { ToldEvent } from '../../src/feedback/received.ts';
import * as bodies from './webhook-bodies.ts';

const kinds = (events: ToldEvent[] | null) => events?.map(({ kind }) => kind) ?? null;
const OURS = { token: bodies.TOKEN, messageId: '0123456789abcdef0123456789abcdef@digest.example.org' };

describe('what SES tells', () => {
  test('when it refused an address by words that a rule knows, then that rule decides, and the mail is named', () => {
    const [event, ...others] = toldBySes(bodies.sesBounce()) ?? [];
    expect(others).toEqual([]);
    expect(event).toMatchObject({ kind: 'hard', id: 'ses/0102018f-feedback-1', ...OURS });
    expect(event?.recipients).toMatchObject([
      { address: 'ada@example.org', status: '5.1.1', reply: '550', about: 'address' },
    ]);
    expect(event?.recipients[0]?.rule).not.toBeNull();
  });

  test.each([
    ['on its own list, with no words', { bounceSubType: 'OnAccountSuppressionList' }, 'hard', 'address'],
    ['nobody there, with no words', { bounceSubType: 'NoEmail' }, 'hard', 'address'],
    ['permanent, and no more', { bounceSubType: 'General' }, 'soft', null],
    ['undetermined', { bounceType: 'Undetermined', bounceSubType: 'Undetermined' }, 'soft', null],
  ])('when it says %s, then it is taken for that', (_what, more, kind, about) => {
    const told = toldBySes(bodies.sesBounce(more, { diagnosticCode: undefined, status: undefined }));
    expect(told).toMatchObject([{ kind, recipients: [{ about }] }]);
  });

  test('when it calls a refusal transient, then no words make it hard', () => {
    expect(kinds(toldBySes(bodies.sesBounce({ bounceType: 'Transient' })))).toEqual(['soft']);
  });

  test('when it tells anything else of a mail, then it is understood; what readers open is no event', () => {
    expect(toldBySes(bodies.sesComplaint)).toMatchObject([
      { kind: 'complaint', id: 'ses/0102018f-feedback-2', ...OURS, recipients: [{ address: 'ada@example.org' }] },
    ]);
    expect(toldBySes(bodies.sesDelivery)).toMatchObject([{ kind: 'delivered', id: 'ses/0102018f-ses-0001/delivery' }]);
    expect(toldBySes(bodies.sesDelay)).toMatchObject([{ kind: 'delayed', recipients: [{ about: 'mailbox' }] }]);
    expect(toldBySes(bodies.sesOpen)).toEqual([]);
    expect(toldBySes({ eventType: 'Bounce', bounce: 'none' })).toBeNull();
  });
});

test('when SendGrid tells of many events, then each is understood, but what readers do', () => {
  const told = toldBySendgrid(bodies.sendgridEvents);
  expect(told?.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    'sendgrid/sg-1 delivered',
    'sendgrid/sg-2 delayed',
    'sendgrid/sg-3 hard',
    'sendgrid/sg-4 soft',
    'sendgrid/sg-5 hard',
    'sendgrid/sg-6 complaint',
    'sendgrid/sg-7 complaint',
    'sendgrid/sg-8 unsubscribe',
  ]);
  expect(told?.[2]).toMatchObject(OURS);
  expect(toldBySendgrid([])).toBeNull();
});

test.each([
  [{}, 'hard'],
  [{ severity: 'temporary' }, 'delayed'],
  [
    {
      reason: 'suppress-bounce',
      'delivery-status': { code: 605, message: 'Not delivering to previously bounced address' },
    },
    'hard',
  ],
  [{ reason: 'suppress-complaint', 'delivery-status': { code: 607 } }, 'complaint'],
  [{ reason: 'generic', 'delivery-status': { code: 550, message: '5.7.1 Message rejected as spam' } }, 'soft'],
  [{ event: 'complained' }, 'complaint'],
  [{ event: 'unsubscribed' }, 'unsubscribe'],
  [{ event: 'delivered' }, 'delivered'],
  [{ event: 'new-kind' }, 'other'],
])('when Mailgun tells %j, then it is %s', (more, kind) => {
  expect(toldByMailgun(bodies.mailgunEvent(more))).toMatchObject([{ kind, id: 'mailgun/mailgun-1', ...OURS }]);
});

test.each([
  [{ 'delivery-status': undefined }, null],
  [{ 'delivery-status': { message: 'No MX for example.org' } }, 'No MX for example.org'],
  [{ 'delivery-status': { code: 498 } }, '498'],
  [{ 'delivery-status': { code: 550, message: 'User unknown' } }, '550 User unknown'],
  [{ 'delivery-status': { code: 550, message: '550 User unknown' } }, '550 User unknown'],
])('when Mailgun tells of a failure with %j, then its line holds what was told: «%s»', (more, line) => {
  expect(toldByMailgun(bodies.mailgunEvent(more))?.[0]?.recipients[0]?.line?.trim() ?? null).toBe(line);
});

test.each([
  [{}, 'hard'],
  [{ Type: 'BadEmailAddress', Details: '', Description: '' }, 'hard'],
  [{ Type: 'SoftBounce' }, 'soft'],
  [{ Type: 'Blocked' }, 'soft'],
  [{ Type: 'AutoResponder' }, 'auto-reply'],
  [{ RecordType: 'SpamComplaint', Type: 'SpamComplaint' }, 'complaint'],
  [{ RecordType: 'Delivery', Email: undefined, Recipient: 'ada@example.org', ID: undefined }, 'delivered'],
  [{ RecordType: 'SubscriptionChange', SuppressSending: true, SuppressionReason: 'ManualSuppression' }, 'unsubscribe'],
  [{ RecordType: 'SubscriptionChange', SuppressSending: false }, 'other'],
])('when Postmark tells %j, then it is %s', (more, kind) => {
  const told = toldByPostmark(bodies.postmarkRecord(more));
  expect(told).toMatchObject([{ kind, token: bodies.TOKEN, recipients: [{ address: 'ada@example.org' }] }]);
  expect(told?.[0]?.id).toMatch(/^postmark\//);
});

test('when any other program tells of mails, then each is understood, and has an id', () => {
  const told = toldInGeneral(
    {
      events: [
        { type: 'bounce', recipient: 'Ada@Example.org', reply: bodies.UNKNOWN, token: bodies.TOKEN },
        { type: 'bounce', recipient: 'bo@example.org', permanent: false, reply: bodies.UNKNOWN, id: 'own' },
        { type: 'bounce', recipient: 'cy@example.org', permanent: true },
        { type: 'complaint', recipient: 'di@example.org', messageId: '<m@digest.example.org>' },
      ],
    },
    'msg_1',
  );
  expect(told?.map(({ id, kind, messageId }) => [id, kind, messageId])).toEqual([
    ['generic/msg_1/0', 'hard', null],
    ['generic/own', 'soft', null],
    ['generic/msg_1/2', 'hard', null],
    ['generic/msg_1/3', 'complaint', 'm@digest.example.org'],
  ]);
  expect(kinds(toldInGeneral({ type: 'delivered', recipient: 'ada@example.org' }, 'msg_2'))).toEqual(['delivered']);
  expect(toldInGeneral({ type: 'bounce', recipient: 'nobody' }, 'msg_3')).toBeNull();
});
