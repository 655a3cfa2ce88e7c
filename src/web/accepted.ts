import type { Request, Response } from 'express';
import type { Fields } from '../http/bodies.ts';
import { visitOf } from '../http/visit.ts';
import { displayAddress } from '../model/address.ts';
import type { SignUp } from '../subscribers/sign-up.ts';
import { carriedFields } from './carried-fields.ts';
import { unreadText } from './check-sign-up.ts';
import { lineHint } from './line-hint.ts';
import type { Web } from './respond.ts';
import { probablyMeant } from './typo-hint.ts';

/**
 * Says after a sign-up where the mail went and how to mend the address: the same whatever is known of it, from what was
 * typed alone.
 */
export function showAccepted(web: Web, req: Request, res: Response, signUp: SignUp, fields: Fields): void {
  const { email, unread, wishes } = signUp;
  const { words: t, wantsJson, seesOutbox } = visitOf(req);
  const meant = probablyMeant(email);
  if (wantsJson) {
    res.status(202).json({
      outcome: 'accepted',
      message: t('accepted.json'),
      ...(meant && { probablyMeant: meant }),
      ...(unread && { unread }),
    });
    return;
  }
  const view = {
    address: displayAddress(email),
    meant: meant ? { address: meant, label: displayAddress(meant) } : null,
    notes: [unread ? unreadText(t, unread) : '', lineHint(t, wishes)].filter(Boolean),
    action: req.originalUrl,
    // What was filled in comes back to the form, or goes out again to the other address.
    hidden: carriedFields(fields, ['email', 'website', 'challenge', 'solution', 'see']),
    // A mail of a few seconds ago counts: it may have left before this page was written.
    mailUrl: seesOutbox ? `/outbox/newest?since=${web.ctx.now().getTime() - 5_000}` : '',
  };
  res.set('Cache-Control', 'no-store');
  web.show(req, res, { template: 'accepted', title: t('accepted.heading'), status: 202, view });
}
