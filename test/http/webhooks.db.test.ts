import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { outage, recorder, type Recorder } from '../feedback/recorder.ts';
import * as bodies from '../feedback/webhook-bodies.ts';
import {
  amazon,
  byAnyone,
  byMailgun,
  byPostmark,
  bySendgrid,
  bySns,
  SUBSCRIBE,
  WEBHOOK_SETTINGS,
  type Sent,
} from '../feedback/webhook-senders.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from './web-server.ts';

const database = testDatabase();
const sns = amazon();
let ctx: TestContext;
let web: TestWeb;
let bare: TestWeb;
let taken: Recorder;

beforeAll(async () => {
  ctx = await testContext(database, WEBHOOK_SETTINGS, { fetchSource: sns.fetch });
  const takeIn: Recorder['takeIn'] = (received) => taken.takeIn(received);
  web = await startWeb(ctx, 0, { takeIn });
  bare = await startWeb(await testContext(database), 0, { takeIn });
});
beforeEach(async () => {
  taken = recorder();
  await database.db.$executeRaw`CALL empty_tables('rate_limits')`;
});
afterAll(() => Promise.all([web.close(), bare.close()]));

const post = (provider: string, { body, headers }: Sent, to = web) => to.post(`/webhooks/${provider}`, body, headers);
const old = new Date('2026-01-05T11:54:59Z');
const ahead = new Date('2026-01-05T12:05:01Z');

/** Asks, and expects to be refused by these words with nothing changed. */
async function refused(provider: string, sent: Sent, status: number, why: RegExp | string): Promise<void> {
  const answer = await post(provider, sent);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await answer.json()) as { status: number; detail: string };
  expect(problem).toMatchObject({ status, detail: expect.stringMatching(why) as string });
  expect(answer.status).toBe(status);
  expect(taken.received).toEqual([]);
}

const GOOD: Record<string, () => Sent> = {
  ses: () => bySns(bodies.sesBounce()),
  sendgrid: () => bySendgrid(bodies.sendgridEvents),
  mailgun: () => byMailgun(bodies.mailgunEvent()),
  postmark: () => byPostmark(bodies.postmarkRecord()),
  generic: () => byAnyone({ type: 'bounce', recipient: 'ada@example.org', reply: bodies.UNKNOWN }),
};

describe.each(Object.entries(GOOD))('the webhook of %s', (provider, good) => {
  test('when a body is signed as it should be, then it is taken in once, however often it comes', async () => {
    const sent = good();
    const first = await post(provider, sent);
    expect(first.status).toBe(200);
    const events = provider === 'sendgrid' ? 8 : 1;
    expect(await first.json()).toEqual({ new: true, events });
    expect(taken.received).toMatchObject([{ door: 'webhook', name: provider, recipients: [] }]);
    expect(Buffer.from(taken.received[0]!.bytes).toString()).toBe(sent.body);
    for (const again of [sent, good()]) {
      const answer = await post(provider, again);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ new: false });
    }
    expect(taken.events).toHaveLength(events);
  });

  test('when its setting is unset, then there is nothing there', async () => {
    const answer = await post(provider, good(), bare);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(taken.received).toEqual([]);
  });

  test('when a body has 10 MB, then it is refused before it is looked at', async () => {
    const { headers } = good();
    await refused(provider, { body: ' '.repeat(10_000_000), headers }, 413, /more than 1 MB/);
  });

  test('when the database is away, then the provider is asked to come again', async () => {
    taken.failure = outage();
    const answer = await post(provider, good());
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    taken.failure = null;
    expect(await (await post(provider, good())).json()).toMatchObject({ new: true });
  });
});

describe('who is not heard', () => {
  test.each<[string, string, () => Sent, number, RegExp]>([
    [
      'ses',
      'with a false signature',
      () => bySns(bodies.sesBounce(), { forged: true }),
      401,
      /signature is not of its certificate/,
    ],
    [
      'ses',
      'with a false signature of version 1',
      () => bySns(bodies.sesBounce(), { forged: true, version: '1' }),
      401,
      /not of its cert/,
    ],
    [
      'ses',
      'with a signature of version 3',
      () => bySns(bodies.sesBounce(), { version: '3' }),
      401,
      /version that is not known/,
    ],
    [
      'ses',
      'with none',
      () => bySns(bodies.sesBounce(), { more: { Signature: '' } }),
      401,
      /signature is not of its certificate/,
    ],
    ['ses', 'of another form', () => byAnyone(bodies.sesBounce()), 400, /no message of SNS/],
    [
      'ses',
      'of another topic',
      () => bySns(bodies.sesBounce(), { more: { TopicArn: `${bodies.TOPIC}2` } }),
      403,
      /its topic is not/,
    ],
    ['ses', 'of six minutes ago', () => bySns(bodies.sesBounce(), { at: old }), 401, /more than 5 minutes old/],
    ['ses', 'of tomorrow', () => bySns(bodies.sesBounce(), { at: ahead }), 401, /5 minutes ahead/],
    [
      'ses',
      'with an expired certificate',
      () => bySns(bodies.sesBounce(), { expired: true }),
      502,
      /does not hold now/,
    ],
    ['ses', 'that is no notification', () => bySns({ eventType: 'New' }), 422, /nothing that is known/],
    [
      'sendgrid',
      'with a false signature',
      () => bySendgrid(bodies.sendgridEvents, { forged: true }),
      401,
      /not of WEBHOOK_SENDGRID/,
    ],
    ['sendgrid', 'with none', () => ({ ...bySendgrid([]), headers: {} }), 401, /not signed/],
    [
      'sendgrid',
      'of six minutes ago',
      () => bySendgrid(bodies.sendgridEvents, { at: old }),
      401,
      /more than 5 minutes old/,
    ],
    ['sendgrid', 'that is no list of events', () => bySendgrid({}), 422, /expected events of SendGrid/],
    [
      'mailgun',
      'with a false signature',
      () => byMailgun(bodies.mailgunEvent(), { forged: true }),
      401,
      /not of WEBHOOK_MAILGUN_KEY/,
    ],
    ['mailgun', 'with none', () => byAnyone(bodies.mailgunEvent()), 401, /not signed/],
    [
      'mailgun',
      'of six minutes ago',
      () => byMailgun(bodies.mailgunEvent(), { at: old }),
      401,
      /more than 5 minutes old/,
    ],
    [
      'postmark',
      'with a false login',
      () => byPostmark(bodies.postmarkRecord(), { forged: true }),
      401,
      /not that of WEBHOOK_POSTMARK/,
    ],
    ['postmark', 'with none', () => ({ ...byPostmark(bodies.postmarkRecord()), headers: {} }), 401, /does not log in/],
    [
      'generic',
      'with a false signature',
      () => byAnyone({ type: 'bounce' }, { forged: true }),
      401,
      /not of WEBHOOK_SECRET/,
    ],
    ['generic', 'with none', () => ({ ...byAnyone({}), headers: {} }), 401, /not signed/],
    ['generic', 'of six minutes ago', () => byAnyone({ type: 'bounce' }, { at: old }), 401, /more than 5 minutes old/],
    ['generic', 'of another form', () => byAnyone({ type: 'bounce' }), 422, /docs\/feedback.md/],
  ])(
    'when a body for %s comes %s, then it is refused by name and nothing changes',
    async (provider, _what, sent, status, why) => {
      await refused(provider, sent(), status, why);
    },
  );

  test.each([
    'https://sns.eu-west-1.amazonaws.com.example.org/SimpleNotificationService-0123.pem',
    'https://example.org/SimpleNotificationService-0123.pem',
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com@127.0.0.1/SimpleNotificationService-0123.pem',
    'https://sns.eu-west-1.amazonaws.com/elsewhere/key.pem',
    'https://bucket.s3.amazonaws.com/SimpleNotificationService-0123.pem',
  ])('when the certificate lies at %s, then nobody is asked', async (url) => {
    const before = sns.asked.length;
    await refused(
      'ses',
      bySns(bodies.sesBounce(), { more: { SigningCertURL: url } }),
      403,
      /does not lie at https:\/\/sns/,
    );
    expect(sns.asked).toHaveLength(before);
  });

  test("when Mailgun's token is used again for another body, then that is refused", async () => {
    const token = 'b'.repeat(50);
    expect((await post('mailgun', byMailgun(bodies.mailgunEvent(), { token }))).status).toBe(200);
    taken = recorder();
    const other = bodies.mailgunEvent({ id: 'mailgun-2', recipient: 'bo@example.org' });
    await refused('mailgun', byMailgun(other, { token }), 401, /used for another body/);
  });

  test('when somebody is refused more often than anybody errs, then they wait', async () => {
    for (let n = 0; n < 60; n++) await post('postmark', byPostmark({}, { forged: true }));
    await refused('postmark', byPostmark({}, { forged: true }), 429, /too often; the last time because its login/);
    expect((await post('postmark', GOOD['postmark']!())).status).toBe(200);
  });

  test('when the address is asked in another way, then it says how', async () => {
    const answer = await web.get('/webhooks/ses');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await web.post('/webhooks/nobody', '{}')).status).toBe(404);
    const packed = await post('postmark', { body: 'x', headers: { 'content-encoding': 'gzip' } });
    expect(packed.status).toBe(415);
  });
});

describe('a topic of SNS', () => {
  const confirmation = (more: Record<string, string> = {}) =>
    bySns('You have chosen to subscribe', {
      more: { Type: 'SubscriptionConfirmation', Token: 'abc', SubscribeURL: SUBSCRIBE, ...more },
    });

  test('when it is subscribed to, then that is confirmed by its own address, and its certificate asked for once', async () => {
    sns.asked.length = 0;
    expect((await post('ses', confirmation())).status).toBe(200);
    expect(sns.asked.filter((url) => url === SUBSCRIBE)).toHaveLength(1);
    expect((await post('ses', bySns(bodies.sesBounce(), { version: '1' }))).status).toBe(200);
    expect(sns.asked.filter((url) => url.endsWith('.pem')).length).toBeLessThanOrEqual(1);
    expect(taken.received).toHaveLength(1);
  });

  test('when the confirmation leads elsewhere, or SNS does not take it, then it is refused', async () => {
    sns.asked.length = 0;
    await refused('ses', confirmation({ SubscribeURL: 'https://127.0.0.1/confirm' }), 403, /SubscribeURL does not lie/);
    expect(sns.asked).toEqual([]);
    await refused('ses', confirmation({ SubscribeURL: `${SUBSCRIBE}d` }), 502, /did not take our confirmation/);
  });

  test('when SES greets in plain words, or tells what readers open, then nothing is taken in', async () => {
    for (const notice of ['Successfully validated SNS topic for Amazon SES event publishing.', bodies.sesOpen])
      expect(await (await post('ses', bySns(notice))).json()).toEqual({ new: false, events: 0 });
    expect(taken.received).toEqual([]);
  });
});
