import type { Config } from '../../config.ts';
import { links } from '../../links/links.ts';
import type { Translate } from '../../lib/strings.ts';
import type { LinkKey } from '../../links/tokens.ts';
import { MAIL_KINDS } from '../../model/mail-kind.ts';
import type { NoticeInput } from '../../model/newsletter.ts';
import { cleanText, shorten } from '../text/clean-text.ts';

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
  /** «Not me, never again.» */
  refusal: NoticeLink | null;
}

/** Words of the question whether a reader may move to an address. */
const MOVE = { says: 'mail.move', answers: 'mail.move' };

/** Makes the view of a notice; throws where its subject is missing. */
export function noticeView(config: Config, input: NoticeInput, key: LinkKey, t: Translate): NoticeView {
  const name = config.MAIL_FROM.name;
  const common = { language: input.language, name, postal: config.POSTAL_ADDRESS || null };
  const { link, words } = MAIL_KINDS[input.kind];
  const { payload, tokenSubject: subject, generation } = input;
  if (payload && 'lines' in payload) return { ...common, ...messageView(payload, words.says, name, t) };
  if (!link || !subject) throw new Error(`A ${input.kind} mail needs a token subject`);
  const base = config.PUBLIC_URL;
  const { says, answers } = payload && 'moves' in payload ? MOVE : words;
  return {
    ...common,
    subject: t(`${says}.subject`, { name }),
    preheader: t(`${says}.preheader`),
    heading: t(`${says}.heading`),
    paragraphs: [t(`${says}.body`, { name })],
    action: { label: t(`${answers}.action`), url: links[link.does](base, key, subject, generation) },
    closing: [t(`${answers}.ignore`)],
    refusal:
      link.does === 'confirm'
        ? { label: t(`${words.answers}.refusal`), url: links.decline(base, key, subject, generation) }
        : null,
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
    refusal: null,
  };
}
