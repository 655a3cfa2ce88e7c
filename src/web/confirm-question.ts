import type { Request, Response } from 'express';
import { loadWishes } from '../db/subscribers/subscribers.ts';
import { showNotice, type NoticeButton } from '../http/notice.ts';
import { pageUrl } from '../http/parameters.ts';
import { visitOf } from '../http/visit.ts';
import type { Translate } from '../lib/strings.ts';
import type { ConfirmationView, QuestionKind } from '../subscribers/look-up-confirmation.ts';
import type { Web } from './respond.ts';
import { summaryOf } from './wishes-summary.ts';

/** What each question says, and its buttons. */
const WORDS: Record<QuestionKind, (t: Translate) => { heading: string; lines: string[]; buttons: NoticeButton[] }> = {
  'sign-up': (t) => ({
    heading: t('confirm.heading'),
    lines: [t('confirm.lead'), t('confirm.ignore')],
    buttons: [
      { label: t('confirm.submit'), look: 'big' },
      { label: t('confirm.submitWithoutLatest'), look: 'quiet', name: 'latest', value: 'no' },
    ],
  }),
  'new-address': (t) => ({
    heading: t('confirm.change.heading'),
    lines: [t('confirm.change.lead'), t('confirm.ignoreChange')],
    buttons: [{ label: t('confirm.change.submit'), look: 'big' }],
  }),
  'take-over': (t) => ({
    heading: t('confirm.takeOver.heading'),
    lines: [t('confirm.takeOver.lead'), t('confirm.takeOver.keep')],
    buttons: [{ label: t('confirm.takeOver.submit'), look: 'big' }],
  }),
};

/** Shows an open question: the address, what was asked for, and one press that says yes. */
export async function showQuestion(
  { ctx, show }: Web,
  req: Request,
  res: Response,
  { kind, subscriber, email, asked, shown }: ConfirmationView & { state: 'open' },
  note: string,
): Promise<void> {
  const t = visitOf(req).words;
  const { heading, lines, buttons } = WORDS[kind](t);
  const wishes = asked?.wishes ?? (await loadWishes(ctx.db, subscriber.id));
  const told = await summaryOf(ctx.db, t, { email, wishes, preferences: asked?.preferences ?? subscriber });
  const summary = kind === 'new-address' ? told.slice(0, 1) : told;
  const form = { action: pageUrl(req), hidden: kind === 'take-over' ? { shown } : {}, buttons };
  showNotice({ show }, req, res, {
    heading,
    lines: note ? [note] : lines.slice(0, 1),
    summary,
    forms: [form],
    notes: note ? [] : lines.slice(1),
  });
}
