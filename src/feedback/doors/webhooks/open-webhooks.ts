import type { Config } from '../../../config.ts';
import type { SourceFetch } from '../../../context.ts';
import { openGeneric } from './generic.ts';
import { openMailgun } from './mailgun.ts';
import { openPostmark } from './postmark.ts';
import { openSendgrid } from './sendgrid.ts';
import { openSes } from './ses.ts';
import type { Webhook } from './webhook.ts';

type WebhookSettings = Pick<
  Config,
  | 'WEBHOOK_SES_TOPIC_ARN'
  | 'WEBHOOK_SENDGRID_PUBLIC_KEY'
  | 'WEBHOOK_MAILGUN_KEY'
  | 'WEBHOOK_POSTMARK_LOGIN'
  | 'WEBHOOK_SECRET'
>;

/** Opens the webhooks whose settings are there, by the name in their address. */
export function openWebhooks(settings: WebhookSettings, fetch: SourceFetch): ReadonlyMap<string, Webhook> {
  const {
    WEBHOOK_SES_TOPIC_ARN: topic,
    WEBHOOK_SENDGRID_PUBLIC_KEY: publicKey,
    WEBHOOK_MAILGUN_KEY: key,
    WEBHOOK_POSTMARK_LOGIN: login,
    WEBHOOK_SECRET: secret,
  } = settings;
  const opened: [string, Webhook | undefined][] = [
    ['ses', topic ? openSes(topic, fetch) : undefined],
    ['sendgrid', publicKey ? openSendgrid(publicKey) : undefined],
    ['mailgun', key ? openMailgun(key) : undefined],
    ['postmark', login ? openPostmark(login) : undefined],
    ['generic', secret ? openGeneric(secret) : undefined],
  ];
  return new Map(opened.flatMap(([name, webhook]) => (webhook ? [[name, webhook] as const] : [])));
}
