import { z } from 'zod';
import type { LedgerEntry } from '../../db/ledger/list.ts';
import type { ListedNothing } from '../../db/newsletters/nothing.ts';
import type { DeliveryDetail } from '../../db/ledger/detail.ts';
import { DELIVERY_STATES, END_REASONS } from '../../model/delivery.ts';
import { maskedAddress, maskedText } from '../../model/masked.ts';
import { mailKinds } from '../../model/mail-kind.ts';
import { NOTHING_REASONS } from '../../model/nothing.ts';
import { address, instant, iso } from './common.ts';
import { answer, pageOf } from './named.ts';

/** A mail, as API and `deliveries --json` tell of one. */
export const delivery = answer(
  'Delivery',
  z.object({
    id: z.uuid(),
    kind: z.enum(mailKinds()),
    edition: z.string().nullable(),
    email: address.nullable().describe('Null once the person is erased; masked without addresses:read'),
    state: z.enum(DELIVERY_STATES).describe('`sent`: the mail server said 250'),
    attempts: z.int(),
    messageId: z.string().nullable(),
    sentAt: instant.nullable(),
    lastReply: z.string().nullable().describe('The last words about it: of the mail server, or ours'),
    papers: z.int(),
  }),
);

const attempt = z.object({
  attempt: z.int(),
  at: instant,
  outcome: z.enum(['sent', 'deferred', 'bounced', 'lost', 'uncertain', 'failed']),
  stage: z.string().nullable().describe('Where in the SMTP dialogue it ended'),
  reply: z.string().nullable(),
});

/** A mail with every try at it. */
export const deliveryWithAttempts = answer(
  'DeliveryWithAttempts',
  z.object({
    ...delivery.shape,
    subscriber: z.string().nullable().describe('Id of the reader; null for an operator, and once they are erased'),
    endReason: z.enum(END_REASONS).nullable().describe('Why it ended other than by being sent'),
    plannedAt: instant,
    nextAttemptAt: instant.nullable().describe('While it waits'),
    finishedAt: instant.nullable(),
    tries: z.array(attempt),
  }),
);

/** A page of mails. */
export const deliveryPage = pageOf('DeliveryPage', delivery);

/** A reader who had a slot in an edition and got no mail. */
export const without = answer(
  'Without',
  z.object({
    edition: z.string(),
    subscriber: z.string().nullable().describe('Id of the reader; null once they are erased'),
    email: address.nullable(),
    reason: z
      .enum(NOTHING_REASONS)
      .describe('No paper was there; none they had not had fitted; what fitted came before their last newsletter'),
    plannedAt: instant,
    later: z.boolean().describe('Whether it was sent to them later'),
  }),
);

/** A page of readers without a newsletter. */
export const withoutPage = pageOf('WithoutPage', without);

/** Tells of a reader without a newsletter. */
export function withoutView(row: ListedNothing, seesAddresses: boolean): z.output<typeof without> {
  const { edition, reader: subscriber, email, reason, at, later } = row;
  const seen = email === null || seesAddresses ? email : maskedAddress(email);
  return { edition, subscriber, email: seen, reason, plannedAt: at.toISOString(), later };
}

/** Tells of a mail. */
export function deliveryView(row: LedgerEntry, seesAddresses: boolean): z.output<typeof delivery> {
  const { id, kind, edition, email, state, attempts, messageId, sentAt, lastReply, papers } = row;
  const seen = email === null || seesAddresses ? email : maskedAddress(email);
  const said = lastReply === null || seesAddresses ? lastReply : maskedText(lastReply);
  return { id, kind, edition, email: seen, state, attempts, messageId, sentAt: iso(sentAt), lastReply: said, papers };
}

/** Tells of a mail with every try at it. */
export function deliveryDetailView(row: DeliveryDetail, seesAddresses: boolean): z.output<typeof deliveryWithAttempts> {
  const { subscriber, endReason, plannedAt, nextAttemptAt, finishedAt, tries } = row;
  return {
    ...deliveryView(row, seesAddresses),
    ...{ subscriber, endReason, plannedAt: plannedAt.toISOString() },
    ...{ nextAttemptAt: iso(nextAttemptAt), finishedAt: iso(finishedAt) },
    tries: tries.map(({ attempt, at, outcome, stage, reply }) => ({
      ...{ attempt, at: at.toISOString(), outcome, stage },
      reply: reply === null || seesAddresses ? reply : maskedText(reply),
    })),
  };
}
