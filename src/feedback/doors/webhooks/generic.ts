import { Webhook as Signer } from 'standardwebhooks';
import { jsonOf } from '../../providers/told.ts';
import { toldInGeneral } from '../../providers/generic.ts';
import { isSame } from './same.ts';
import { ofSeconds, read, refuse, staleness, type Webhook } from './webhook.ts';

/** Signs a body as Standard Webhooks says; returns the headers that say so. */
export function signGeneric(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const signature = new Signer(secret).sign(id, at, body);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signature,
  };
}

/** Opens a webhook for any program that signs as Standard Webhooks says. https://www.standardwebhooks.com */
export function openGeneric(secret: string): Webhook {
  const signer = new Signer(secret);
  return ({ header, body }, now) => {
    const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header);
    if (!id || !timestamp || !signatures)
      return refuse(401, 'it is not signed: expected webhook-id, webhook-timestamp and webhook-signature');
    const at = ofSeconds(timestamp);
    const stale = staleness(at, now);
    if (stale) return stale;
    const text = body.toString('utf8');
    const expected = signer.sign(id, at, text);
    if (!signatures.split(' ', 20).some((each) => isSame(each, expected)))
      return refuse(401, 'its signature is not of WEBHOOK_SECRET');
    return read(toldInGeneral(jsonOf(text), id), 'a body as docs/feedback.md has it');
  };
}
