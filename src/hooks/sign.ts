import { Webhook } from 'standardwebhooks';

/** A message that is signed: the same bytes have the same signature. */
export interface SignedMessage {
  id: string;
  at: Date;
  body: string;
}

/**
 * Writes the headers of Standard Webhooks. While two secrets sign, the header holds both signatures, and a receiver
 * takes the one it knows.
 */
export function signatureHeaders(secrets: readonly string[], { id, at, body }: SignedMessage): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
