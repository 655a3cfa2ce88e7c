import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { toldByMailgun } from '../../providers/mailgun.ts';
import { jsonOf } from '../../providers/told.ts';
import { isSame } from './same.ts';
import { ofSeconds, read, refuse, staleness, type Webhook } from './webhook.ts';

const schema = z.object({
  signature: z.object({
    timestamp: z.coerce.string().max(20),
    token: z.string().min(1).max(100),
    signature: z.string().max(200),
  }),
  'event-data': z.unknown(),
});

/** Tokens that are remembered: longer than any of them is good for, unless there are very many. */
const MOST_TOKENS = 50_000;
const KEPT_MS = 11 * 60_000;

/**
 * Opens Mailgun's webhooks: HMAC-SHA256 over time stamp and token, both in the body. Since it covers nothing else, a
 * token stands for one body only.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export function openMailgun(key: string): Webhook {
  const bodies = new Map<string, { hash: string; atMs: number }>();
  return ({ body }, now) => {
    const parsed = schema.safeParse(jsonOf(body.toString('utf8')));
    if (!parsed.success)
      return refuse(401, 'it is not signed: expected a signature with timestamp, token and signature');
    const { timestamp, token, signature } = parsed.data.signature;
    if (
      !isSame(
        signature.toLowerCase(),
        createHmac('sha256', key)
          .update(timestamp + token)
          .digest('hex'),
      )
    )
      return refuse(401, 'its signature is not of WEBHOOK_MAILGUN_KEY');
    const stale = staleness(ofSeconds(timestamp), now);
    if (stale) return stale;
    for (const [old, { atMs }] of bodies) {
      if (now.getTime() - atMs < KEPT_MS && bodies.size < MOST_TOKENS) break;
      bodies.delete(old);
    }
    const hash = createHash('sha256').update(body).digest('base64');
    const before = bodies.get(token);
    if (before && before.hash !== hash) return refuse(401, 'its token was used for another body');
    if (!before) bodies.set(token, { hash, atMs: now.getTime() });
    return read(toldByMailgun(parsed.data['event-data']), 'event-data of Mailgun');
  };
}
