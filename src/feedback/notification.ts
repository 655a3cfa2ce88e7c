import { z } from 'zod';
import type { FeedbackEvent, FeedbackKind, ReportedRecipient } from './event.ts';
import type { ReadMail } from './read-mail.ts';
import { judgeRecipient } from './refusal-words.ts';

/** What a provider tells, by e-mail or as the body of a webhook; a longer one is no notification. */
const MOST_BYTES = 256 * 1024;
const BEGINS = /^\s{0,20}[[{]/;

const address = z
  .string()
  .max(320)
  .transform((text) => text.trim().toLowerCase());
const words = z.string().max(4_000).nullish();
/** https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html */
const ses = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  bounce: z
    .object({
      bounceType: z.string(),
      bouncedRecipients: z.array(z.object({ emailAddress: address, status: words, diagnosticCode: words })),
    })
    .optional(),
  complaint: z.object({ complainedRecipients: z.array(z.object({ emailAddress: address })) }).optional(),
  delivery: z.object({ recipients: z.array(address), smtpResponse: words }).optional(),
});
/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
const sendgrid = z
  .array(z.object({ email: address, event: z.string().optional(), reason: words, response: words, status: words }))
  .min(1);
const envelope = z.object({ Type: z.literal('Notification'), Message: z.string() });

/** Reads a provider's notification that stands alone; null where it is none. */
export function readNotification(bytes: Uint8Array): FeedbackEvent | null {
  if (bytes.length > MOST_BYTES) return null;
  const text = Buffer.from(bytes).toString('utf8');
  return BEGINS.test(text) ? ofJson(jsonOf(text)) : null;
}

/** Reads a notification of SES that Amazon's SNS sent as a mail; null where it is none. */
export function notificationIn({ from, text }: ReadMail): FeedbackEvent | null {
  if (from !== 'no-reply@sns.amazonaws.com' || !BEGINS.test(text)) return null;
  const end = text.indexOf('\n--\n');
  // A mail server of old breaks what is too long for it by «!» and a new line.
  return ofJson(jsonOf((end === -1 ? text : text.slice(0, end)).replaceAll('!\n ', '')));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function ofJson(value: unknown): FeedbackEvent | null {
  const wrapped = envelope.safeParse(value);
  const told = wrapped.success ? jsonOf(wrapped.data.Message) : value;
  const events = sendgrid.safeParse(told);
  if (events.success) return eventOf(events.data.map(ofSendgrid), 'an event of SendGrid');
  const notice = ses.safeParse(told);
  return notice.success ? ofSes(notice.data) : null;
}

function ofSes({
  bounce,
  complaint,
  delivery,
  notificationType,
  eventType,
}: z.output<typeof ses>): FeedbackEvent | null {
  const type = notificationType ?? eventType;
  if (type === 'Bounce' && bounce)
    return eventOf(bounce.bouncedRecipients.map(bounced), `a bounce of SES: ${bounce.bounceType}`);
  if (type === 'Complaint' && complaint)
    return eventOf(
      complaint.complainedRecipients.map(({ emailAddress }) => told(emailAddress, 'complaint')),
      'a complaint to SES',
    );
  if (type === 'Delivery' && delivery)
    return eventOf(
      delivery.recipients.map((each) => told(each, 'delivered', delivery.smtpResponse)),
      'a delivery of SES',
    );
  return null;
}

type Bounced = NonNullable<z.output<typeof ses>['bounce']>['bouncedRecipients'][number];

function bounced({ emailAddress, status, diagnosticCode }: Bounced): ReportedRecipient {
  return judgeRecipient(emailAddress, { words: [(diagnosticCode ?? '').replace(TYPED, '')], status: enhanced(status) });
}

const TYPED = /^[\w-]{1,20};\s{0,4}/;
const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3}$/;
const enhanced = (status: string | null | undefined) => (ENHANCED.test(status ?? '') ? (status ?? null) : null);
const KINDS: Readonly<Record<string, FeedbackKind>> = {
  spamreport: 'complaint',
  unsubscribe: 'unsubscribe',
  group_unsubscribe: 'unsubscribe',
  delivered: 'delivered',
  deferred: 'delayed',
};

function ofSendgrid({ email, event, reason, response, status }: z.output<typeof sendgrid>[number]): ReportedRecipient {
  const kind = event === undefined ? undefined : KINDS[event];
  if (kind !== undefined) return told(email, kind, response ?? reason);
  if (event !== undefined && event !== 'bounce' && event !== 'dropped') return told(email, 'other');
  return judgeRecipient(email, { words: [reason ?? ''], status: enhanced(status) });
}

function told(whom: string, kind: FeedbackKind, line: string | null = null): ReportedRecipient {
  return { address: whom, kind, status: null, reply: null, about: null, rule: null, line };
}

function eventOf(recipients: ReportedRecipient[], because: string): FeedbackEvent {
  return { kind: recipients[0]?.kind ?? 'other', recipients, because };
}
