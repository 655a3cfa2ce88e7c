import { z } from 'zod';
import type { ListedEvent } from '../../db/feedback/list.ts';
import { DOORS, EFFECTS, FEEDBACK_KINDS } from '../../model/feedback.ts';
import { maskedAddress, maskedText } from '../../model/masked.ts';
import { address, instant } from './common.ts';
import { answer, pageOf } from './named.ts';

const ABOUT = ['address', 'mailbox', 'us', 'content', 'network', 'policy'] as const;

/** Something that came back, as API and `feedback corrections --json` tell of it. */
export const feedbackEvent = answer(
  'FeedbackEvent',
  z.object({
    id: z.uuid(),
    at: instant,
    kind: z.enum(FEEDBACK_KINDS).describe('`hard`: the address is dead for good; `soft`: this mail alone, or for now'),
    about: z.enum(ABOUT).nullable().describe('What a refusal speaks of; null where no rule knows'),
    door: z.enum(DOORS).describe('How it came; `session`: the answer while the mail was sent'),
    effect: z.enum(EFFECTS).nullable().describe('What it changed; null while it is still to be weighed'),
    email: address.nullable().describe('Null where nobody knows it; masked without addresses:read'),
    destination: z.string(),
    delivery: z.uuid().nullable().describe('Id of the mail it speaks of; null where it could not be placed'),
    subscriber: z.string().nullable(),
    status: z.string().nullable().describe('RFC 3463, for instance 5.1.1'),
    reply: z.string().nullable().describe('The SMTP code, for instance 550'),
    rule: z.string().nullable(),
    line: z.string().nullable().describe('The line that decided, in the words of the server'),
    correctedKind: z.enum(FEEDBACK_KINDS).nullable().describe('What an operator says it is'),
  }),
);

/** A page of what came back. */
export const feedbackPage = pageOf('FeedbackPage', feedbackEvent);

/** Tells of something that came back. */
export function feedbackView(row: ListedEvent, seesAddresses: boolean): z.output<typeof feedbackEvent> {
  const { id, at, kind, about, door, effect, email, destination, delivery, subscriber } = row;
  const { status, reply, rule, line, correctedKind } = row;
  return {
    ...{ id, at: at.toISOString(), kind, about, door, effect, destination, delivery, subscriber },
    email: email === null || seesAddresses ? email : maskedAddress(email),
    ...{ status, reply, rule, correctedKind },
    line: line === null || seesAddresses ? line : maskedText(line),
  };
}
