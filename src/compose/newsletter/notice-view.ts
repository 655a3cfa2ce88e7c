import type { Config } from '../../config.ts';
import { links } from '../../links/links.ts';
import type { Translate } from '../../lib/strings.ts';
import type { LinkKey } from '../../links/tokens.ts';
import { MAIL_KINDS } from '../../model/mail-kind.ts';
import type { NoticeInput } from '../../model/newsletter.ts';
import { cleanText, shorten } from '../text/clean-text.ts';
import { instantInWords } from '../text/dates.ts';

/** A link with its words. */
interface NoticeLink {
  label: string;
  url: string;
}

/**
 * What a mail that is no newsletter shows. Nothing that a visitor typed is in it: it goes to an address that nobody has
 * confirmed.
 */
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
  /** «Not me, never again», or the reader's own link where the first is another. */
  second: NoticeLink | null;
}

/** Words of the question whether a reader may move to an address. */
const MOVE = { says: 'mail.move', answers: 'mail.move' };
/** Words of a reader's link that also offers what they asked for again. */
const OFFER = { says: 'mail.offer', answers: 'mail.offer' };

/** Makes the view of a notice; throws where its subject is missing. */
export function noticeView(config: Config, input: NoticeInput, key: LinkKey, t: Translate): NoticeView {
  const name = config.MAIL_FROM.name;
  const common = { language: input.language, name, postal: config.POSTAL_ADDRESS || null };
  const { link, words } = MAIL_KINDS[input.kind];
  const { payload, tokenSubject: subject, generation } = input;
  if (payload && 'lines' in payload) return { ...common, ...messageView(payload, words.says, name, t) };
  if (payload && 'browser' in payload) return { ...common, ...signInView(config, payload, t) };
  if (!link || !subject) throw new Error(`A ${input.kind} mail needs a token subject`);
  const base = config.PUBLIC_URL;
  const offer = payload && 'offer' in payload ? payload.offer : null;
  const { says, answers } = offer !== null ? OFFER : payload && 'moves' in payload ? MOVE : words;
  const own = { label: t(`${words.answers}.action`), url: links[link.does](base, key, subject, generation) };
  return {
    ...common,
    subject: t(`${says}.subject`, { name }),
    preheader: t(`${says}.preheader`),
    heading: t(`${says}.heading`),
    paragraphs: [t(`${says}.body`, { name, ...(payload && 'role' in payload ? payload : {}) })],
    ...(offer !== null
      ? { action: { label: t('mail.offer.action'), url: links.confirm(base, key, offer, generation) }, second: own }
      : { action: { ...own, label: t(`${answers}.action`) }, second: refusalOf(base, input, key, t) }),
    closing: [closingOf(input, { says, answers }, t)],
  };
}

/** «Not me, never again», where the mail puts a question. */
function refusalOf(base: string, input: NoticeInput, key: LinkKey, t: Translate): NoticeLink | null {
  const { link, words } = MAIL_KINDS[input.kind];
  if (link?.does !== 'confirm' || input.tokenSubject === null) return null;
  const url = links.decline(base, key, input.tokenSubject, input.generation);
  return { label: t(`${words.answers}.refusal`), url };
}

/** What follows if nothing is pressed; a reminder says until when its link works, but for one of an older release. */
function closingOf({ payload, language }: NoticeInput, { says, answers }: typeof MOVE, t: Translate): string {
  if (payload && 'until' in payload)
    return t(`${says}.ignore`, { at: instantInWords(new Date(payload.until), language, payload.timeZone) });
  return t(says === answers ? `${answers}.ignore` : `${says}.ignorePlain`);
}

/** Tells an admin of a sign-in from elsewhere; the button leads to where it can be ended. */
function signInView(
  { MAIL_FROM: { name }, PUBLIC_URL }: Config,
  from: { browser: string; network: string },
  t: Translate,
): Omit<NoticeView, 'language' | 'name' | 'postal'> {
  const words = MAIL_KINDS.new_sign_in.words.says;
  return {
    subject: t(`${words}.subject`, { name }),
    preheader: t(`${words}.preheader`),
    heading: t(`${words}.heading`),
    paragraphs: [t(`${words}.body`, { name, ...from })],
    action: { label: t(`${words}.action`), url: `${PUBLIC_URL}/admin/sessions` },
    closing: [t(`${words}.ignore`)],
    second: null,
  };
}

/** A notice that brings its own lines. */
function messageView(
  message: { subject: string; lines: readonly string[] },
  words: string,
  name: string,
  t: Translate,
): Omit<NoticeView, 'language' | 'name' | 'postal'> {
  const subject = shorten(cleanText(message.subject), 100) || name;
  return {
    subject,
    preheader: t(`${words}.preheader`),
    heading: subject,
    paragraphs: message.lines.slice(0, 50).map((line) => shorten(cleanText(line), 500)),
    action: null,
    closing: [t(`${words}.closing`, { name })],
    second: null,
  };
}
