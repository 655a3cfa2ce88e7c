import type { SourceFetch } from '../../../context.ts';
import { toldBySes } from '../../providers/ses.ts';
import { jsonOf } from '../../providers/told.ts';
import { askSns, openCertificates } from './certificates.ts';
import { certificateUrl, snsMessage, snsUrl, wrongSignature, type SnsMessage } from './sns.ts';
import { read, refuse, staleness, type Verdict, type Webhook } from './webhook.ts';

/**
 * Opens the webhook of SES, which Amazon's SNS calls: only for one topic, with a certificate of SNS itself. A
 * subscription to that topic is confirmed.
 */
export function openSes(topicArn: string, fetch: SourceFetch): Webhook {
  const keyAt = openCertificates(fetch);
  return async ({ body }, now) => {
    const parsed = snsMessage.safeParse(jsonOf(body.toString('utf8')));
    if (!parsed.success) return refuse(400, 'it is no message of SNS (raw message delivery must be off)');
    const message = parsed.data;
    if (message.TopicArn !== topicArn) return refuse(403, 'its topic is not WEBHOOK_SES_TOPIC_ARN');
    const url = certificateUrl(message.SigningCertURL);
    if (!url) return refuse(403, 'its certificate does not lie at https://sns.REGION.amazonaws.com');
    const stale = staleness(new Date(message.Timestamp), now);
    if (stale) return stale;
    const key = await keyAt(url, now);
    if (!key) return refuse(502, 'its certificate could not be fetched, or does not hold now');
    return wrongSignature(message, key) ?? understood(message, fetch);
  };
}

function understood(message: SnsMessage, fetch: SourceFetch): Verdict | Promise<Verdict> {
  if (message.Type === 'SubscriptionConfirmation') return confirm(message, fetch);
  if (message.Type === 'UnsubscribeConfirmation') return { told: [] };
  const notice = jsonOf(message.Message);
  if (notice === null) return { told: [] }; // SES greets a new topic in plain words
  return read(toldBySes(notice), 'a notification of SES');
}

async function confirm({ SubscribeURL }: SnsMessage, fetch: SourceFetch): Promise<Verdict> {
  const url = snsUrl(SubscribeURL);
  if (!url) return refuse(403, 'its SubscribeURL does not lie at https://sns.REGION.amazonaws.com');
  return (await askSns(fetch, url)) ? { told: [] } : refuse(502, 'SNS did not take our confirmation');
}
