import { createVerify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { refuse, type Refusal } from './webhook.ts';

const text = z.string().max(256 * 1024 * 4);

/** A message of Amazon's SNS: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export const snsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: text,
  TopicArn: text,
  Subject: text.nullish(),
  Message: text,
  Timestamp: text,
  SignatureVersion: z.string(),
  Signature: text,
  SigningCertURL: text,
  SubscribeURL: text.nullish(),
  Token: text.nullish(),
});

export type SnsMessage = z.output<typeof snsMessage>;

/** Fields that are signed, in their order, where they stand: …/dg/sns-verify-signature-of-message.html */
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const satisfies Record<SnsMessage['Type'], readonly (keyof SnsMessage)[]>;

const HASHES: Readonly<Record<string, string>> = { 1: 'sha1', 2: 'sha256' };

/** Checks the signature of a message (version 1: SHA-1, 2: SHA-256); says what is wrong. */
export function wrongSignature(message: SnsMessage, key: KeyObject): Refusal | null {
  const hash = HASHES[message.SignatureVersion];
  if (hash === undefined) return refuse(401, 'its signature is of a version that is not known: expected 1 or 2');
  const verifier = createVerify(hash);
  for (const name of SIGNED[message.Type]) {
    const value = message[name];
    if (typeof value === 'string') verifier.update(`${name}\n${value}\n`);
  }
  const holds = verifier.verify(key, message.Signature, 'base64');
  return holds ? null : refuse(401, 'its signature is not of its certificate');
}

/** Where SNS lies: nothing else is ever asked. */
const HOST = /^sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?$/;

/** Returns a URL of SNS itself; null where it leads anywhere else. */
export function snsUrl(given: string | null | undefined): URL | null {
  if (!given || !URL.canParse(given)) return null;
  const url = new URL(given);
  const isTheirs = url.protocol === 'https:' && url.port === '' && url.username + url.password === '';
  return isTheirs && HOST.test(url.hostname) ? url : null;
}

/** Returns the URL of a certificate of SNS; null where it is none. */
export function certificateUrl(given: string): URL | null {
  const url = snsUrl(given);
  return url && /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/.test(url.pathname) && !url.search ? url : null;
}
