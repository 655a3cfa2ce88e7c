import { z } from 'zod';
import type { FeedbackKind, ReportedRecipient } from '../event.ts';
import type { ToldEvent } from '../received.ts';
import { address, eventOf, label, refused, token, TOKEN_NAME, told, words, type Verdict } from './told.ts';

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const schema = z
  .array(
    z.object({
      email: address,
      event: z.string().optional(),
      type: z.string().optional().catch(undefined),
      reason: words,
      response: words,
      status: words,
      sg_event_id: label,
      'smtp-id': label,
      [TOKEN_NAME]: token,
    }),
  )
  .min(1)
  .max(10_000);

type Event = z.output<typeof schema>[number];

/** Reads events of SendGrid; null where they are none. What readers open or click is no event. */
export function toldBySendgrid(value: unknown): ToldEvent[] | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data.filter(({ event }) => !UNHEARD.has(event ?? '')).map(ofEvent) : null;
}

const UNHEARD = new Set(['processed', 'open', 'click', 'group_resubscribe']);
const KINDS: Readonly<Record<string, FeedbackKind>> = {
  spamreport: 'complaint',
  unsubscribe: 'unsubscribe',
  group_unsubscribe: 'unsubscribe',
  delivered: 'delivered',
  deferred: 'delayed',
};
/** Why SendGrid itself sent nothing: https://www.twilio.com/docs/sendgrid/ui/sending-email/drops */
const DROPPED: readonly [RegExp, FeedbackKind][] = [
  [/^unsubscribed address/i, 'unsubscribe'],
  [/^spam reporting address/i, 'complaint'],
];

function ofEvent(event: Event): ToldEvent {
  return eventOf(recipientOf(event), {
    because: 'an event of SendGrid',
    id: event.sg_event_id && `sendgrid/${event.sg_event_id}`,
    token: event[TOKEN_NAME],
    messageId: event['smtp-id'],
  });
}

function recipientOf({ email, event, type, reason, response, status }: Event): ReportedRecipient {
  const kind = KINDS[event ?? ''] ?? (event === 'dropped' ? droppedAs(reason ?? '') : undefined);
  if (kind !== undefined) return told(email, kind, response ?? reason);
  if (event !== undefined && event !== 'bounce' && event !== 'dropped') return told(email, 'other');
  return refused(email, { words: reason, status, verdict: verdictOf(event, type, reason ?? '') });
}

function droppedAs(reason: string): FeedbackKind | undefined {
  return DROPPED.find(([words_]) => words_.test(reason.trim()))?.[1];
}

function verdictOf(event: string | undefined, type: string | undefined, reason: string): Verdict {
  if (type === 'blocked') return 'soft';
  return event === 'dropped' && /^(?:bounced address|invalid)/i.test(reason.trim()) ? 'nobody' : 'open';
}
