import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';
import { createLru } from '../lib/lru.ts';
import { folded, headerPhrase, headerText } from './encoded-words.ts';

/** The header fields of a mail, in order: ASCII values, folded. */
export type Headers = [name: string, value: string][];

/** What the headers of every mail are made of. */
export interface HeaderInput {
  deliveryPublicId: string;
  email: string;
  subject: string;
  /** Instant of the Date header. */
  at: Date;
  /** Campaign part of Feedback-ID: the edition, or the kind of notice. */
  campaign: string;
  kind: string;
}

type MailSettings = Pick<Config, 'MAIL_FROM' | 'MAIL_REPLY_TO' | 'LIST_ID' | 'PUBLIC_URL' | 'UNSUBSCRIBE_MAILTO'>;

/** Returns the headers of a mail that is no newsletter: no list, no one-click pair, the address is not on the list (yet). */
export function noticeHeaders(settings: MailSettings, input: HeaderInput): Headers {
  return withFolding([...addressing(settings, input), ...nature(settings, input)]);
}

/**
 * Returns the headers of a newsletter: RFC 2919 and RFC 2369 list fields and the one-click pair of RFC 8058, whose https address
 * is the reader's unsubscribe page; the token also stands in the mailto's subject where UNSUBSCRIBE_MAILTO is set.
 */
export function newsletterHeaders(settings: MailSettings, input: HeaderInput, unsubscribeUrl: string): Headers {
  const token = unsubscribeUrl.slice(unsubscribeUrl.lastIndexOf('/') + 1);
  const mailto = settings.UNSUBSCRIBE_MAILTO?.replace(/^mailto:/i, '');
  const unsubscribe = mailto
    ? `<${unsubscribeUrl}>, <mailto:${mailto}?subject=unsubscribe%20${token}>`
    : `<${unsubscribeUrl}>`;
  return withFolding([
    ...addressing(settings, input),
    ['List-Id', `${headerPhrase(settings.MAIL_FROM.name)} <${settings.LIST_ID}>`],
    ['List-Unsubscribe', unsubscribe],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['List-Help', `<${settings.PUBLIC_URL}/help>`],
    ['List-Post', 'NO'],
    ['Precedence', 'bulk'],
    ...nature(settings, input),
  ]);
}

/** Returns the Message-ID: the same at every attempt, different for every delivery, and telling nothing of the reader. */
export function messageIdOf(settings: MailSettings, deliveryPublicId: string): string {
  return `<${deliveryPublicId.replace(/-/g, '')}@${domainOf(settings.MAIL_FROM.address)}>`;
}

/** Returns the domain of an address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function addressing(settings: MailSettings, input: HeaderInput): Headers {
  const replyTo = settings.MAIL_REPLY_TO;
  return [
    ['From', mailbox(settings.MAIL_FROM)],
    [
      'Reply-To',
      replyTo
        ? replyTo.name === settings.MAIL_FROM.name
          ? mailbox(replyTo)
          : replyTo.address
        : settings.MAIL_FROM.address,
    ],
    ['To', input.email],
    ['Subject', subjects.get(input.subject, () => headerText(input.subject))],
    ['Date', dateHeader(input.at)],
    ['Message-ID', messageIdOf(settings, input.deliveryPublicId)],
  ];
}

function nature(settings: MailSettings, input: HeaderInput): Headers {
  return [
    ['Auto-Submitted', 'auto-generated'],
    [
      'Feedback-ID',
      `${input.campaign.replace(/[^A-Za-z0-9.-]/g, '.')}:${input.kind}:papers:${senderId(settings.LIST_ID)}`,
    ],
    ['MIME-Version', '1.0'],
    ['Content-Type', `multipart/alternative;\r\n boundary="${boundaryOf(input.deliveryPublicId)}"`],
  ];
}

/** Returns the boundary of a delivery's parts; `=_` cannot occur in quoted-printable text (RFC 2045 6.7). */
export function boundaryOf(deliveryPublicId: string): string {
  return `=_${deliveryPublicId.replace(/-/g, '')}`;
}

/** The readers of one edition share few subjects. */
const subjects = createLru<string>(2_000);

const senderIds = new Map<string, string>();

/** Sender id of Feedback-ID: stable for the installation, 5 to 15 characters (Google help 6254652). */
function senderId(listId: string): string {
  const found = senderIds.get(listId) ?? `offprint${createHash('sha256').update(listId).digest('hex').slice(0, 6)}`;
  senderIds.set(listId, found);
  return found;
}

function mailbox({ name, address }: { name: string; address: string }): string {
  return `${headerPhrase(name)} <${address}>`;
}

/** Words an instant as RFC 5322 3.3 does, in UTC. */
export function dateHeader(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}

function withFolding(headers: Headers): Headers {
  return headers.map(([name, value]) => [name, folded(value, name.length + 2)]);
}
