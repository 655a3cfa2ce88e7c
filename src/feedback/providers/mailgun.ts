import { z } from 'zod';
import type { ReportedRecipient } from '../event.ts';
import type { ToldEvent } from '../received.ts';
import { address, eventOf, label, refused, token, TOKEN_NAME, told, words } from './told.ts';

/** https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure */
const schema = z.object({
  id: label,
  event: z.string(),
  severity: z.string().nullish(),
  reason: words,
  recipient: address.nullish(),
  'delivery-status': z
    .object({ code: z.coerce.string().nullish(), message: words, description: words, 'enhanced-code': words })
    .nullish(),
  message: z.object({ headers: z.object({ 'message-id': label }).nullish() }).nullish(),
  'user-variables': z
    .object({ [TOKEN_NAME]: token })
    .nullish()
    .catch(null),
});

type Event = z.output<typeof schema>;

/** Reads the event-data of Mailgun; null where it is none. What readers open or click is no event. */
export function toldByMailgun(value: unknown): ToldEvent[] | null {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return null;
  const event = parsed.data;
  if (UNHEARD.has(event.event)) return [];
  if (!event.recipient) return null;
  return [
    eventOf(recipientOf(event, event.recipient), {
      because: `an event of Mailgun: ${[event.event, event.severity, event.reason].filter(Boolean).join(', ')}`,
      id: event.id && `mailgun/${event.id}`,
      token: event['user-variables']?.[TOKEN_NAME],
      messageId: event.message?.headers?.['message-id'],
    }),
  ];
}

const UNHEARD = new Set(['accepted', 'opened', 'clicked', 'stored', 'list_member_uploaded']);
/** Why Mailgun itself sent nothing. */
const SUPPRESSED: Readonly<Record<string, 'complaint' | 'unsubscribe'>> = {
  'suppress-complaint': 'complaint',
  'suppress-unsubscribe': 'unsubscribe',
};

function recipientOf(event: Event, whom: string): ReportedRecipient {
  const { event: name, severity, reason, 'delivery-status': status } = event;
  const heard = status?.message || status?.description;
  if (name === 'complained') return told(whom, 'complaint');
  if (name === 'unsubscribed') return told(whom, 'unsubscribe');
  if (name === 'delivered') return told(whom, 'delivered', heard);
  if (name !== 'failed' && name !== 'rejected') return told(whom, 'other');
  const kept = SUPPRESSED[reason ?? ''];
  if (kept) return told(whom, kept, heard);
  const code = status?.code && !heard?.startsWith(status.code) ? `${status.code} ` : '';
  const judged = refused(whom, {
    words: `${code}${heard ?? ''}`,
    status: status?.['enhanced-code'],
    verdict: severity === 'temporary' ? 'soft' : reason === 'suppress-bounce' ? 'nobody' : 'open',
  });
  return severity === 'temporary' ? { ...judged, kind: 'delayed' } : judged;
}
