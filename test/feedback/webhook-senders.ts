import { createHmac, createSign, generateKeyPairSync, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { SourceFetch } from '../../src/context.ts';
import { EXPIRED, KEY, SELF_SIGNED } from '../deliver/relays/certificates.ts';
import { TOPIC } from './webhook-bodies.ts';

const sendgridKeys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** The settings under which these senders are known. */
export const WEBHOOK_SETTINGS = {
  WEBHOOK_SES_TOPIC_ARN: TOPIC,
  WEBHOOK_SENDGRID_PUBLIC_KEY: sendgridKeys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  WEBHOOK_MAILGUN_KEY: 'key-of-mailgun',
  WEBHOOK_POSTMARK_LOGIN: 'postmark:long-enough-word',
  WEBHOOK_SECRET,
};

/** A request as a provider makes it. */
export interface Sent {
  body: string;
  headers: Record<string, string>;
}

/** What may be otherwise than it should. */
export interface Odd {
  at?: Date;
  /** Signed by somebody else, or over something else. */
  forged?: boolean;
}

const NOW = new Date('2026-01-05T12:00:00Z');
const seconds = (at: Date) => String(Math.floor(at.getTime() / 1_000));

export function bySendgrid(events: unknown, { at = NOW, forged = false }: Odd = {}): Sent {
  const body = JSON.stringify(events);
  const timestamp = seconds(at);
  const signature = sign('sha256', Buffer.from(timestamp + (forged ? '[]' : body)), sendgridKeys.privateKey);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature.toString('base64'),
      'x-twilio-email-event-webhook-timestamp': timestamp,
    },
  };
}

export function byMailgun(
  event: unknown,
  { at = NOW, forged = false, token = 'a'.repeat(50) }: Odd & { token?: string } = {},
): Sent {
  const timestamp = seconds(at);
  const key = forged ? 'another key' : WEBHOOK_SETTINGS.WEBHOOK_MAILGUN_KEY;
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  const body = JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event });
  return { body, headers: { 'content-type': 'application/json' } };
}

export function byPostmark(record: unknown, { forged = false }: Odd = {}): Sent {
  const login = forged ? 'postmark:another-long-word' : WEBHOOK_SETTINGS.WEBHOOK_POSTMARK_LOGIN;
  const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  return { body: JSON.stringify(record), headers: { 'content-type': 'application/json', authorization } };
}

export function byAnyone(told: unknown, { at = NOW, forged = false, id = 'msg_1' }: Odd & { id?: string } = {}): Sent {
  const body = JSON.stringify(told);
  const signature = new Webhook(WEBHOOK_SECRET).sign(id, at, forged ? '{}' : body);
  return {
    body,
    headers: { 'webhook-id': id, 'webhook-timestamp': seconds(at), 'webhook-signature': `v1,AAAA ${signature}` },
  };
}

const CERTIFICATE = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem';
const EXPIRED_CERTIFICATE = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ffff.pem';
export const SUBSCRIBE = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=abc';

const SIGNED = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** A message of SNS; `more` is what differs, `version` which signature it bears. */
export function bySns(
  notice: unknown,
  {
    at = NOW,
    forged = false,
    version = '2',
    more = {},
    expired = false,
  }: Odd & { version?: string; more?: Record<string, string>; expired?: boolean } = {},
): Sent {
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: TOPIC,
    Message: typeof notice === 'string' ? notice : JSON.stringify(notice),
    Timestamp: at.toISOString(),
    SignatureVersion: version,
    SigningCertURL: expired ? EXPIRED_CERTIFICATE : CERTIFICATE,
    UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
    ...more,
  };
  const signer = createSign(version === '1' ? 'sha1' : 'sha256');
  for (const name of SIGNED) if (message[name] !== undefined) signer.update(`${name}\n${message[name]}\n`);
  if (forged) signer.update('more');
  message['Signature'] ??= signer.sign(KEY, 'base64');
  return {
    body: JSON.stringify(message),
    headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': message['Type'] ?? '' },
  };
}

/** Amazon's side: the certificate, and the confirmation of a subscription; everything asked is in `asked`. */
export function amazon(): { asked: string[]; fetch: SourceFetch } {
  const asked: string[] = [];
  const answers: Record<string, string> = {
    [CERTIFICATE]: SELF_SIGNED,
    [EXPIRED_CERTIFICATE]: EXPIRED,
    [SUBSCRIBE]: '<Confirmed/>',
  };
  const fetch: SourceFetch = (url, { inside, redirect }) => {
    if (inside || redirect !== 'manual') throw new Error('it must be guarded');
    asked.push(url);
    const answer = answers[url];
    return Promise.resolve(new Response(answer ?? 'none', { status: answer === undefined ? 404 : 200 }));
  };
  return { asked, fetch };
}
