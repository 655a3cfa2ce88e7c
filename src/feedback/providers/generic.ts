import { z } from 'zod';
import type { ReportedRecipient } from '../event.ts';
import type { ToldEvent } from '../received.ts';
import { address, eventOf, refused, told } from './told.ts';

const event = z.object({
  type: z.enum(['bounce', 'complaint', 'delayed', 'delivered', 'unsubscribe', 'other']),
  recipient: address.pipe(z.string().includes('@')),
  /** What the mail server answered, as it stood. */
  reply: z.string().max(4_000).optional(),
  /** RFC 3463, for instance 5.1.1. */
  status: z.string().max(20).optional(),
  /** False where it may arrive another time; true where the sender is sure that nobody lives there. */
  permanent: z.boolean().optional(),
  id: z.string().min(1).max(200).optional(),
  messageId: z.string().max(320).optional(),
  token: z.string().max(320).optional(),
});

/** The body of the generic webhook: one event, or several. docs/feedback.md tells senders of it. */
const schema = z.union([
  z.object({ events: z.array(event).min(1).max(1_000) }),
  event.transform((one) => ({ events: [one] })),
]);

type Event = z.output<typeof event>;

/** Reads the body of the generic webhook; null where it is none. An event without an id goes by that of its message. */
export function toldInGeneral(value: unknown, message: string): ToldEvent[] | null {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? parsed.data.events.map((each, at) =>
        eventOf(recipientOf(each), {
          because: `a program told us: ${each.type}`,
          id: `generic/${each.id ?? `${message}/${at}`}`,
          token: each.token,
          messageId: each.messageId,
        }),
      )
    : null;
}

function recipientOf({ type, recipient, reply, status, permanent }: Event): ReportedRecipient {
  if (type !== 'bounce' && type !== 'delayed') return told(recipient, type, reply);
  const verdict = permanent === undefined ? 'open' : permanent ? 'nobody' : 'soft';
  const judged = refused(recipient, { words: reply, status, verdict });
  return type === 'delayed' ? { ...judged, kind: 'delayed' } : judged;
}
