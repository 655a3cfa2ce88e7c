import type { NoticeInput } from '../../model/newsletter.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import { isNotice, MAIL_KINDS } from '../../model/mail-kind.ts';
import { readNotice } from '../../model/notice.ts';

/** Gathers what the composer needs for a mail that is no newsletter. Throws where the row does not say it. */
export function noticeInput(delivery: ClaimedDelivery): NoticeInput {
  const { kind, publicId, email, language, keyId, generation, datedAt, payload } = delivery;
  if (!isNotice(kind)) throw new Error(`delivery ${publicId} is a newsletter, not a notice`);
  const notice = readNotice(kind, payload);
  const link = notice.payload && 'link' in notice.payload ? notice.payload.link : null;
  const subjects = { request: delivery.requestPublicId, subscriber: delivery.subscriberPublicId, link };
  const own = MAIL_KINDS[kind].link;
  const tokenSubject = own && subjects[own.names];
  const base = { deliveryPublicId: publicId, email, language, keyId, generation, at: datedAt, tokenSubject };
  return { ...base, ...notice };
}
