import type { FeedbackEvent, FeedbackKind, ReportedRecipient } from './event.ts';
import { addressIn, fieldGroups, type Fields } from './delivery-status.ts';
import type { ReadMail } from './read-mail.ts';

const WHOM = ['original-rcpt-to', 'removal-recipient', 'original-recipient', 'final-recipient', 'x-removal-recipient'];
const HOTMAIL = 'x-hmxmroriginalrecipient';
/** What a report of a provider says of a mail; all else that is not named here is a complaint (RFC 5965 3.1, 7.3). */
const KINDS: Readonly<Record<string, FeedbackKind>> = {
  'not-spam': 'other',
  'auth-failure': 'other',
  dmarc: 'other',
  miscategorized: 'other',
};

/** Reads a feedback report (RFC 5965); null where the mail holds none. */
export function complaintIn(mail: ReadMail): FeedbackEvent | null {
  const report = mail.parts.find(({ type }) => type === 'message/feedback-report');
  const fields = report ? joined(fieldGroups(report.text)) : null;
  const type = fields?.get('feedback-type')?.toLowerCase();
  if (!fields || type === undefined) return fromHotmail(mail);
  const kind = KINDS[type.split(/[;\s]/, 1)[0] ?? ''] ?? 'complaint';
  const returned = mail.parts.find((part) => part.type === 'message/rfc822' || part.type === 'text/rfc822-headers');
  const named = addressesOf(fields);
  const addresses = named.length > 0 ? named : addressedTo(returned?.text ?? '');
  const line = `Feedback-Type: ${type}`;
  return { kind, recipients: addresses.map((address) => complained(address, kind, line)), because: line };
}

/** Hotmail's Junk Mail Reporting Program returned the mail with the reader's name in its header, and no report. */
function fromHotmail({ headers, from, subject, parts }: ReadMail): FeedbackEvent | null {
  const isTheirs = from === 'staff@hotmail.com' || headers.get('return-path') === 'staff@hotmail.com';
  const [returned] = fieldGroups(parts.find(({ type }) => type === 'message/rfc822')?.text ?? '');
  const whom = headers.get(HOTMAIL) ?? returned?.get(HOTMAIL);
  if (!isTheirs || whom === undefined) return null;
  const line = /complaint about message/i.test(subject) ? subject.trim() : `${HOTMAIL}: ${whom}`;
  const address = addressIn(whom);
  const recipients = address === null ? [] : [complained(address, 'complaint', line)];
  return { kind: 'complaint', recipients, because: line };
}

function joined(groups: readonly Fields[]): Fields {
  return new Map(groups.flatMap((group) => [...group]).reverse());
}

function addressesOf(fields: Fields): string[] {
  const addresses = WHOM.flatMap((name) => addressIn(fields.get(name) ?? '') ?? []);
  return [...new Set(addresses)];
}

/** The mail that a report returns is its evidence here: many providers name the reader there alone (RFC 6650 5). */
function addressedTo(returned: string): string[] {
  const [head] = fieldGroups(returned);
  const address = addressIn(head?.get('to') ?? '') ?? addressIn(head?.get('x-original-to') ?? '');
  return address === null ? [] : [address];
}

function complained(address: string, kind: FeedbackKind, line: string): ReportedRecipient {
  return { address, kind, status: null, reply: null, about: null, rule: null, line };
}
