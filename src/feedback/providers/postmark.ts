import { z } from 'zod';
import type { ReportedRecipient } from '../event.ts';
import type { ToldEvent } from '../received.ts';
import { address, eventOf, label, refused, token, TOKEN_NAME, told, words, type Verdict } from './told.ts';

/**
 * https://postmarkapp.com/developer/webhooks/bounce-webhook, …/delivery-webhook, …/spam-complaint-webhook,
 * …/subscription-change-webhook
 */
const schema = z.object({
  RecordType: z.string(),
  ID: label,
  MessageID: label,
  Type: z.string().nullish(),
  Email: address.nullish(),
  Recipient: address.nullish(),
  Details: words,
  Description: words,
  ChangedAt: label,
  SuppressSending: z.boolean().nullish(),
  SuppressionReason: z.string().nullish(),
  Metadata: z
    .object({ [TOKEN_NAME]: token })
    .nullish()
    .catch(null),
});

type Record_ = z.output<typeof schema>;

/** Reads what Postmark tells; null where it is nothing of the kind. What readers open or click is no event. */
export function toldByPostmark(value: unknown): ToldEvent[] | null {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return null;
  const record = parsed.data;
  if (record.RecordType === 'Open' || record.RecordType === 'Click') return [];
  const whom = record.Email || record.Recipient;
  if (!whom) return null;
  return [
    eventOf(recipientOf(record, whom), {
      because: `Postmark tells: ${[record.RecordType, record.Type ?? record.SuppressionReason].filter(Boolean).join(', ')}`,
      id: idOf(record, whom),
      token: record.Metadata?.[TOKEN_NAME],
    }),
  ];
}

/** Only bounces and complaints have a number of their own. */
function idOf({ RecordType, ID, MessageID, ChangedAt }: Record_, whom: string): string | null {
  if (ID !== null && ID !== '0') return `postmark/${ID}`;
  return MessageID === null ? null : `postmark/${[MessageID, RecordType, whom, ChangedAt].filter(Boolean).join('/')}`;
}

function recipientOf(record: Record_, whom: string): ReportedRecipient {
  const { RecordType: type, Details: details } = record;
  if (type === 'Delivery') return told(whom, 'delivered', details);
  if (type === 'SpamComplaint') return told(whom, 'complaint', details);
  if (type === 'SubscriptionChange') return told(whom, changedTo(record), record.SuppressionReason);
  return type === 'Bounce' ? bounced(record, whom) : told(whom, 'other');
}

/** Postmark tells of its own list too; the bounce that led to it comes by itself. */
function changedTo({ SuppressSending, SuppressionReason }: Record_): 'unsubscribe' | 'complaint' | 'other' {
  if (SuppressSending !== true) return 'other';
  if (SuppressionReason === 'SpamComplaint') return 'complaint';
  return SuppressionReason === 'ManualSuppression' ? 'unsubscribe' : 'other';
}

/** https://postmarkapp.com/developer/api/bounce-api#bounce-types */
const TYPES: Readonly<Record<string, ReportedRecipient['kind'] | Verdict>> = {
  HardBounce: 'open',
  BadEmailAddress: 'nobody',
  Unsubscribe: 'unsubscribe',
  AutoResponder: 'auto-reply',
  ChallengeVerification: 'challenge',
  SpamComplaint: 'complaint',
  Subscribe: 'other',
  AddressChange: 'other',
};

function bounced({ Type, Details, Description }: Record_, whom: string): ReportedRecipient {
  const meant = TYPES[Type ?? ''] ?? 'soft';
  if (meant === 'open' || meant === 'nobody' || meant === 'soft')
    return refused(whom, { words: Details || Description, verdict: meant });
  return told(whom, meant, Details || Description);
}
