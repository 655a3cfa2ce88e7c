import { z } from 'zod';
import type { ToldEvent } from '../received.ts';
import { address, eventOf, label, refused, token, TOKEN_NAME, told, words, type Verdict } from './told.ts';

const heard = z.object({ emailAddress: address, status: words, diagnosticCode: words });
const recipient = z.object({ emailAddress: address });
const mail = z.object({
  messageId: label,
  destination: z.array(address).max(100).optional(),
  tags: z.record(z.string(), z.array(token)).optional().catch(undefined),
  headers: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .optional()
    .catch(undefined),
  commonHeaders: z.object({ messageId: label }).optional().catch(undefined),
});

/**
 * A notification of SES, by topic or by event publishing:
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html, …/event-publishing-retrieving-sns-contents.html
 */
const schema = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: mail.optional(),
  bounce: z
    .object({ bounceType: z.string(), bounceSubType: words, bouncedRecipients: z.array(heard), feedbackId: label })
    .optional(),
  complaint: z
    .object({ complainedRecipients: z.array(recipient), complaintFeedbackType: words, feedbackId: label })
    .optional(),
  delivery: z.object({ recipients: z.array(address), smtpResponse: words }).optional(),
  deliveryDelay: z.object({ delayType: words, delayedRecipients: z.array(heard), timestamp: label }).optional(),
  subscription: z.object({ newTopicPreferences: z.object({ unsubscribeAll: z.boolean().optional() }) }).optional(),
});

type Notice = z.output<typeof schema>;
type Told = Pick<ToldEvent, 'recipients' | 'because'> & { id: string | null };

/** Reads a notification of SES: an event for each recipient; null where it is none. What readers open is no event. */
export function toldBySes(value: unknown): ToldEvent[] | null {
  const parsed = schema.safeParse(value);
  const type = parsed.data?.notificationType ?? parsed.data?.eventType;
  if (!parsed.success || type === undefined) return null;
  const read = BY_TYPE[type];
  if (!read) return KNOWN.has(type) ? [] : null;
  const all = read(parsed.data);
  if (!all) return null;
  const origin = originOf(parsed.data.mail);
  const idOf = (at: number) => (all.id === null ? null : `ses/${all.id}${at === 0 ? '' : `/${at}`}`);
  return all.recipients.map((each, at) => eventOf(each, { because: all.because, id: idOf(at), ...origin }));
}

/** Events that say nothing of an address. */
const KNOWN = new Set(['Send', 'Open', 'Click', 'Reject', 'Rendering Failure', 'AmazonSnsSubscriptionSucceeded']);

const BY_TYPE: Readonly<Record<string, (notice: Notice) => Told | null>> = {
  Bounce: ({ bounce }) =>
    bounce
      ? {
          recipients: bounce.bouncedRecipients.map((each) =>
            refused(each.emailAddress, {
              words: each.diagnosticCode,
              status: each.status,
              verdict: verdictOf(bounce.bounceType, bounce.bounceSubType),
            }),
          ),
          because: `a bounce of SES: ${[bounce.bounceType, bounce.bounceSubType].filter(Boolean).join(', ')}`,
          id: bounce.feedbackId,
        }
      : null,
  Complaint: ({ complaint }) => {
    if (!complaint) return null;
    const kind = complaint.complaintFeedbackType === 'not-spam' ? 'other' : 'complaint';
    return {
      recipients: complaint.complainedRecipients.map(({ emailAddress }) => told(emailAddress, kind)),
      because: `a complaint to SES${complaint.complaintFeedbackType ? `: ${complaint.complaintFeedbackType}` : ''}`,
      id: complaint.feedbackId,
    };
  },
  Delivery: ({ delivery, mail: sent }) =>
    delivery
      ? {
          recipients: delivery.recipients.map((each) => told(each, 'delivered', delivery.smtpResponse)),
          because: 'a delivery of SES',
          id: sent?.messageId ? `${sent.messageId}/delivery` : null,
        }
      : null,
  DeliveryDelay: ({ deliveryDelay: delay, mail: sent }) =>
    delay
      ? {
          recipients: delay.delayedRecipients.map(({ emailAddress, status, diagnosticCode }) => ({
            ...refused(emailAddress, { words: diagnosticCode, status, verdict: 'soft' as const }),
            kind: 'delayed' as const,
          })),
          because: `a delay at SES${delay.delayType ? `: ${delay.delayType}` : ''}`,
          id: sent?.messageId ? `${sent.messageId}/delay/${delay.timestamp ?? ''}` : null,
        }
      : null,
  Subscription: ({ subscription, mail: sent }) =>
    subscription?.newTopicPreferences.unsubscribeAll === true
      ? {
          recipients: (sent?.destination ?? []).map((each) => told(each, 'unsubscribe')),
          because: 'unsubscribed at SES',
          id: sent?.messageId ? `${sent.messageId}/unsubscribe` : null,
        }
      : { recipients: [], because: 'other wishes at SES', id: null },
};

/** Bounce types and subtypes: https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html#bounce-types */
function verdictOf(type: string, subtype: string | null | undefined): Verdict {
  if (type === 'Transient') return 'soft';
  const isOfAddress = ['NoEmail', 'Suppressed', 'OnAccountSuppressionList'].includes(subtype ?? '');
  return type === 'Permanent' && isOfAddress ? 'nobody' : 'open';
}

const TAGGED = /\boffprint=([\w-]{1,100})/;

/** SES hands back tags by event publishing; headers where notifications are told to include them. */
function originOf(sent: Notice['mail']): { token: string | null; messageId: string | null } {
  const header = (name: string) => sent?.headers?.find((each) => each.name.toLowerCase() === name)?.value;
  const tagged = TAGGED.exec(header('x-ses-message-tags') ?? '')?.[1];
  return {
    token: sent?.tags?.[TOKEN_NAME]?.[0] ?? tagged ?? null,
    messageId: header('message-id') ?? sent?.commonHeaders?.messageId ?? null,
  };
}
