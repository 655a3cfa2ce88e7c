import { z } from 'zod';
import type { NoticeInput } from '../../model/newsletter.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';

const question = z.object({ requestPublicId: z.string(), moves: z.boolean().optional() });
const alarm = z.object({ subject: z.string(), lines: z.array(z.string()) });

/** Gathers what the composer needs for a mail that is no newsletter. Throws where the row does not say it. */
export function noticeInput(delivery: ClaimedDelivery): NoticeInput {
  const { kind, publicId, email, language, keyId, generation, datedAt, payload } = delivery;
  if (kind === 'newsletter') throw new Error(`delivery ${publicId} is a newsletter, not a notice`);
  const base = { kind, deliveryPublicId: publicId, email, language, keyId, generation, at: datedAt };
  if (kind === 'alarm') return { ...base, tokenSubject: null, alarm: alarm.parse(payload) };
  if (kind === 'link') return { ...base, tokenSubject: delivery.subscriberPublicId };
  const { requestPublicId, moves } = question.parse(payload);
  return { ...base, tokenSubject: requestPublicId, ...(moves ? { moves } : {}) };
}
