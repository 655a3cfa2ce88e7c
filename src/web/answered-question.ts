import type { Request, Response } from 'express';
import { showNotice, type NoticeForm } from '../http/notice.ts';
import { tokenOf } from '../http/parameters.ts';
import { visitOf } from '../http/visit.ts';
import { links } from '../links/links.ts';
import { displayAddress } from '../model/address.ts';
import type { ConfirmationView } from '../subscribers/look-up-confirmation.ts';
import { wayBackOf } from '../subscribers/way-back.ts';
import { showDeadLink } from './dead-link.ts';
import { preferencesPath } from './reader-links.ts';
import type { Web } from './respond.ts';
import { wayBackForms } from './way-back-forms.ts';

type Answered = Exclude<ConfirmationView, { state: 'open' }>;

/** Shows a question that waits for no answer any more, and what can be done instead. */
export async function showAnswered(web: Web, req: Request, res: Response, found: Answered): Promise<void> {
  const t = visitOf(req).words;
  const { state } = found;
  if (state === 'unknown') return showDeadLink(web, req, res, t('confirm.unknown'));
  const { subscriber } = found;
  const lead = t(leadOf(found), 'email' in found ? { address: displayAddress(found.email) } : {});
  const says = (forms: NoticeForm[], more: { href: string; label: string }[] = [], lines: string[] = []) =>
    showNotice(web, req, res, {
      heading: t(`confirm.${state}.heading`),
      lines: [lead, ...lines],
      forms,
      links: more,
    });
  const askForLink = { href: '/preferences', label: t('confirm.already.link') };
  if (state === 'already' || state === 'lapsed') return says([], [askForLink]);
  if (state === 'closed') return says([], [askForLink, { href: '/', label: t('dead.signUpLink') }]);
  if (state === 'expired')
    return says([
      {
        action: `/confirm/${tokenOf(req)}`,
        hidden: { action: 'renew' },
        buttons: [{ label: t('confirm.expired.submit'), look: 'big' }],
      },
    ]);
  if (state === 'declined') return says([undoDeclineForm(web, req)]);
  const back = wayBackForms(web.ctx, t, subscriber, await wayBackOf(web.ctx, web.ctx.db, subscriber));
  return says(
    back.forms,
    [{ href: preferencesPath(web.ctx, subscriber), label: t('confirm.done.preferences') }],
    back.lines,
  );
}

function leadOf(found: Exclude<Answered, { state: 'unknown' }>): string {
  const isMove = found.state === 'declined' && found.kind === 'new-address';
  return isMove ? 'confirm.declined.move' : `confirm.${found.state}.lead`;
}

/** The button of «that was a mistake», whichever of the two links of a question was followed. */
export function undoDeclineForm({ ctx }: Pick<Web, 'ctx'>, req: Request): NoticeForm {
  const [, subject = '', generation = '0'] = tokenOf(req).split('.');
  const [key] = ctx.keys.link;
  if (!key) throw new Error('No key to sign links with');
  const label = visitOf(req).words('decline.undo');
  return {
    action: links.decline('', key, subject, Number(generation)),
    hidden: { action: 'undo' },
    buttons: [{ label, look: 'quiet' }],
  };
}
