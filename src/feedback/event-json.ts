import type { FeedbackEvent, FeedbackKind } from './event.ts';

/**
 * Words an event as `offprint feedback --json` prints it: what delays is a soft bounce, what is for people is other.
 */
export function eventJson({ kind, recipients }: FeedbackEvent): Record<string, unknown> {
  return {
    kind: KINDS[kind] ?? 'other',
    recipients: recipients.map(({ address, kind: each, status, reply }) => ({
      address,
      class: each === 'delayed' ? 'soft' : each,
      status,
      reply,
    })),
  };
}

const KINDS: Readonly<Partial<Record<FeedbackKind, string>>> = {
  hard: 'bounce',
  soft: 'bounce',
  delayed: 'bounce',
  complaint: 'complaint',
  'auto-reply': 'auto-reply',
  delivered: 'delivered',
};
