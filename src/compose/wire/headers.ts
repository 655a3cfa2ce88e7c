import { createHash } from 'node:crypto';
import type { Config } from '../../config.ts';
import { createLru } from '../../lib/lru.ts';
import { domainOf } from '../../model/address.ts';
import type { MailKindRow } from '../../model/mail-kind.ts';
import { folded, headerPhrase, headerText } from './encoded-words.ts';

/** What the headers of every mail are made of. */
export interface HeaderInput {
  /** The delivery's public id, its digits alone. */
  digits: string;
  email: string;
  subject: string;
  /** Instant of the Date header. */
  at: Date;
  /** Campaign part of Feedback-ID: the edition, or the kind of notice. */
  campaign: string;
}

type MailSettings = Pick<Config, 'MAIL_FROM' | 'MAIL_REPLY_TO' | 'LIST_ID' | 'PUBLIC_URL' | 'UNSUBSCRIBE_MAILTO'>;

/** Writes the headers of mails, folded, ASCII, without the blank line behind them. */
export interface HeaderWriter {
  /** A mail that is no newsletter: no list, no one-click pair, the address is not on the list (yet). */
  notice: (input: HeaderInput) => string;
  /**
   * A newsletter: RFC 2919 and RFC 2369 list fields and the one-click pair of RFC 8058, whose https address is the
   * reader's unsubscribe page; the token also stands in the subject of the mailto, where there is one.
   */
  newsletter: (input: HeaderInput, unsubscribeUrl: string) => string;
  /** The Message-ID: the same at every attempt, different for every delivery, and telling nothing of the reader. */
  messageId: (digits: string) => string;
}

/** Opens the writer of headers: what is the same in all mails is written once. */
export function openHeaders(settings: MailSettings): HeaderWriter {
  const { MAIL_FROM: from } = settings;
  const senders = senderFields(settings);
  const domain = domainOf(from.address);
  const messageId = (digits: string) => `<${digits}@${domain}>`;
  const addressing = ({ email, subject, at, digits }: HeaderInput) =>
    senders +
    field('To', email) +
    subjects.get(subject, () => field('Subject', headerText(subject))) +
    dates.get(at.getTime(), () => field('Date', dateHeader(at))) +
    field('Message-ID', messageId(digits));
  const sender = senderId(settings.LIST_ID);
  const natureOfNotice = openNature('notice', sender);
  const natureOfNewsletter = openNature('newsletter', sender);
  const listFields = openListFields(settings);
  return {
    messageId,
    notice: (input) => addressing(input) + natureOfNotice(input),
    newsletter: (input, unsubscribeUrl) => addressing(input) + listFields(unsubscribeUrl) + natureOfNewsletter(input),
  };
}

function senderFields({ MAIL_FROM: from, MAIL_REPLY_TO: replyTo = from }: MailSettings): string {
  return (
    field('From', mailbox(from)) +
    field('Reply-To', replyTo !== from && replyTo.name === from.name ? mailbox(replyTo) : replyTo.address)
  );
}

/** Opens the writer of the fields about the list, which differ by the reader's unsubscribe page alone. */
function openListFields(settings: MailSettings): (unsubscribeUrl: string) => string {
  const list = field('List-Id', `${headerPhrase(settings.MAIL_FROM.name)} <${settings.LIST_ID}>`);
  const aboutList =
    field('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click') +
    field('List-Help', `<${settings.PUBLIC_URL}/help>`) +
    field('List-Post', 'NO') +
    field('Precedence', 'bulk');
  const mailto = settings.UNSUBSCRIBE_MAILTO?.replace(/^mailto:/i, '');
  return (unsubscribeUrl) => {
    const token = () => unsubscribeUrl.slice(unsubscribeUrl.lastIndexOf('/') + 1);
    const byMail = mailto ? `, <mailto:${mailto}?subject=unsubscribe%20${token()}>` : '';
    return list + field('List-Unsubscribe', `<${unsubscribeUrl}>${byMail}`) + aboutList;
  };
}

/** Opens the writer of the fields that say what a mail is and how it is built. */
function openNature(form: MailKindRow['form'], sender: string): (input: HeaderInput) => string {
  const campaigns = createLru<string>(2_000);
  const feedbackId = (campaign: string) =>
    field('Feedback-ID', `${campaign.replace(/[^A-Za-z0-9.-]/g, '.')}:${form}:papers:${sender}`);
  return ({ campaign, digits }) =>
    `Auto-Submitted: auto-generated\r\n${campaigns.get(campaign, () => feedbackId(campaign))}` +
    `MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="${boundaryOf(digits)}"\r\n`;
}

/** Returns the boundary of a delivery's parts; `=_` cannot occur in quoted-printable text (RFC 2045 6.7). */
export function boundaryOf(digits: string): string {
  return `=_${digits}`;
}

/** The readers of one edition share few subjects. */
const subjects = createLru<string>(2_000);

/** And fewer instants. */
const dates = createLru<string, number>(2_000);

/** Sender id of Feedback-ID: stable for the installation, 5 to 15 characters (Google help 6254652). */
function senderId(listId: string): string {
  return `offprint${createHash('sha256').update(listId).digest('hex').slice(0, 6)}`;
}

function mailbox({ name, address }: { name: string; address: string }): string {
  return `${headerPhrase(name)} <${address}>`;
}

/** Words an instant as RFC 5322 3.3 does, in UTC. */
export function dateHeader(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}

function field(name: string, value: string): string {
  return `${name}: ${folded(value, name.length + 2)}\r\n`;
}
