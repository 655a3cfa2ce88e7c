import { createPublicKey, verify } from 'node:crypto';
import { toldBySendgrid } from '../../providers/sendgrid.ts';
import { jsonOf } from '../../providers/told.ts';
import { ofSeconds, read, refuse, staleness, type Webhook } from './webhook.ts';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';

/**
 * Opens SendGrid's Event Webhook: ECDSA over time stamp and body, with the public key as base64.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
export function openSendgrid(publicKey: string): Webhook {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return ({ header, body }, now) => {
    const [signature, timestamp] = [header(SIGNATURE), header(TIMESTAMP)];
    if (!signature || !timestamp) return refuse(401, `it is not signed: expected ${SIGNATURE} and ${TIMESTAMP}`);
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    if (!verify('sha256', signed, key, Buffer.from(signature, 'base64')))
      return refuse(401, 'its signature is not of WEBHOOK_SENDGRID_PUBLIC_KEY');
    const stale = staleness(ofSeconds(timestamp), now);
    return stale ?? read(toldBySendgrid(jsonOf(body.toString('utf8'))), 'events of SendGrid');
  };
}
