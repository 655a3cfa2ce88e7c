import type { Config } from '../../config.ts';
import { links } from '../../links/links.ts';
import type { Translate } from '../../lib/strings.ts';
import type { LinkKey } from '../../links/tokens.ts';
import type { NoticeInput } from '../../model/newsletter.ts';
import { cleanText, shorten } from '../text/clean-text.ts';

/** A link with its words. */
interface NoticeLink {
  label: string;
  url: string;
}

/** What a mail that is no newsletter shows. Nothing that a visitor typed is in it: it goes to an address that nobody has confirmed. */
export interface NoticeView {
  language: string;
  name: string;
  postal: string | null;
  subject: string;
  preheader: string;
  heading: string;
  paragraphs: string[];
  action: NoticeLink | null;
  closing: string[];
  /** «Not me, never again.» */
  refusal: NoticeLink | null;
}

/** Makes the view of a notice; throws where its subject is missing. */
export function noticeView(config: Config, input: NoticeInput, key: LinkKey, t: Translate): NoticeView {
  const name = config.MAIL_FROM.name;
  const common = { language: input.language, name, postal: config.POSTAL_ADDRESS || null };
  if (input.kind === 'alarm') return { ...common, ...alarmView(input, name, t) };
  if (!input.tokenSubject) throw new Error(`A ${input.kind} mail needs a token subject`);
  const { tokenSubject: subject, generation } = input;
  const base = config.PUBLIC_URL;
  const asks = input.kind === 'confirmation' || input.kind === 'reminder';
  const words = input.moves ? 'move' : input.kind;
  const answered = words === 'reminder' ? 'confirmation' : words; // a reminder is answered like its question
  const to = asks ? links.confirm : input.kind === 'moving' ? links.undo : links.preferences;
  return {
    ...common,
    subject: t(`mail.${words}.subject`, { name }),
    preheader: t(`mail.${words}.preheader`),
    heading: t(`mail.${words}.heading`),
    paragraphs: [t(`mail.${words}.body`, { name })],
    action: { label: t(`mail.${answered}.action`), url: to(base, key, subject, generation) },
    closing: [t(`mail.${answered}.ignore`)],
    refusal: asks
      ? { label: t('mail.confirmation.refusal'), url: links.decline(base, key, subject, generation) }
      : null,
  };
}

function alarmView(input: NoticeInput, name: string, t: Translate): Omit<NoticeView, 'language' | 'name' | 'postal'> {
  const subject = shorten(cleanText(input.alarm?.subject ?? ''), 100) || name;
  return {
    subject,
    preheader: t('mail.alarm.preheader'),
    heading: subject,
    paragraphs: (input.alarm?.lines ?? []).slice(0, 50).map((line) => shorten(cleanText(line), 500)),
    action: null,
    closing: [t('mail.alarm.closing', { name })],
    refusal: null,
  };
}
