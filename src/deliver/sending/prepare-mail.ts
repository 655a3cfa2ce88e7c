import { AppError, messageOf } from '../../lib/errors.ts';
import type { Composer, NewsletterInput } from '../../model/newsletter.ts';
import type { PreparedMail } from './connection-loop.ts';
import { noticeInput } from './notice-input.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import { isNotice } from '../../model/mail-kind.ts';

/** A claimed delivery with what its newsletter is made of: null for notices that show none; or why it is not there. */
export interface Claimed {
  delivery: ClaimedDelivery;
  input: NewsletterInput | null | { problem: string };
}

/**
 * Composes and signs; what cannot be composed says so and harms no other mail, unless no mail can be signed. Never
 * rejects.
 */
export async function prepareMail(composer: Composer, { delivery, input }: Claimed): Promise<PreparedMail> {
  try {
    if (input && 'problem' in input) return input;
    const mail = await composer.sign(
      input && !isNotice(delivery.kind)
        ? composer.newsletter({ ...input, at: delivery.datedAt })
        : composer.notice({ ...noticeInput(delivery), ...(input && { newsletter: input }) }),
    );
    return mail.raw.length > 0 ? { mail } : { problem: 'it would have been empty' };
  } catch (error) {
    if (error instanceof AppError && error.code === 'unavailable') return { problem: error.message, ours: true };
    return { problem: `it could not be composed: ${messageOf(error)}` };
  }
}
