import { z } from 'zod';
import type { FeedbackEvent } from './event.ts';
import { toldBySendgrid } from './providers/sendgrid.ts';
import { toldBySes } from './providers/ses.ts';
import { jsonOf } from './providers/told.ts';
import type { ReadMail } from './read-mail.ts';
import type { ToldEvent } from './received.ts';

/** What a provider tells by e-mail or as a file; a longer one is no notification. */
const MOST_BYTES = 256 * 1024;
const BEGINS = /^\s{0,20}[[{]/;

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

function ofJson(value: unknown): FeedbackEvent | null {
  const wrapped = envelope.safeParse(value);
  const said = wrapped.success ? jsonOf(wrapped.data.Message) : value;
  return joined(toldBySendgrid(said) ?? toldBySes(said));
}

/**
 * Events of several recipients are one here, as those of a report are. Nobody signed the mail: its own id of the event
 * counts for nothing, what it hands back of ours does.
 */
function joined(events: readonly ToldEvent[] | null): FeedbackEvent | ToldEvent | null {
  const [first, ...more] = events ?? [];
  if (!events || !first) return null;
  if (more.length === 0) return { ...first, id: null };
  return { kind: first.kind, recipients: events.flatMap(({ recipients }) => recipients), because: first.because };
}
