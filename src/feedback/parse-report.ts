import { complaintIn } from './complaint.ts';
import { statusesOf, type StatusOfRecipient } from './delivery-status.ts';
import type { FeedbackEvent, FeedbackKind, ReportedRecipient } from './event.ts';
import { notificationIn, readNotification } from './notification.ts';
import { ownLines } from './own-words.ts';
import { readMail, type ReadMail } from './read-mail.ts';
import { judgeRecipient } from './refusal-words.ts';
import { autoReplySign, isAnswer, isChallenge, isFromServer, isUnsubscribe, opensReport } from './signs.ts';
import { readText, wordsAbout } from './text-report.ts';

/**
 * Understands a mail that came back: a report for machines (RFC 3464, 5965), a report in words, an auto-reply, a
 * person. What it quotes or returns decides nothing. It never throws.
 */
export async function parseReport(bytes: Uint8Array): Promise<FeedbackEvent> {
  return (await understand(bytes)).event;
}

/** Does the same, and returns the mail as it was read; null where it is none. */
export async function understand(bytes: Uint8Array): Promise<{ event: FeedbackEvent; mail: ReadMail | null }> {
  const notified = readNotification(bytes);
  if (notified) return { event: notified, mail: null };
  const mail = await readMail(bytes);
  return { event: mail ? eventOf(mail) : nothing('other', 'it cannot be read as a mail'), mail };
}

function eventOf(mail: ReadMail): FeedbackEvent {
  const complaint = complaintIn(mail) ?? notificationIn(mail);
  if (complaint) return complaint;
  const lines = ownLines(mail.text);
  const recipients = fromStatus(mail, lines) ?? fromWords(mail, lines);
  if (recipients && recipients.length > 0) return { kind: worst(recipients), recipients, because: 'a delivery report' };
  return recipients && opensReport(lines) ? ofNobody(lines) : fromPerson(mail, lines);
}

function fromStatus(mail: ReadMail, lines: readonly string[]): ReportedRecipient[] | null {
  const data = mail.parts.filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type));
  const apart = data.flatMap(({ text }) => statusesOf(text));
  const found = apart.length > 0 || !isFromServer(mail, lines) ? apart : statusesOf(lines.join('\n'));
  if (found.length === 0) return null;
  const said = found.slice(0, MOST_RECIPIENTS);
  const all = said.map(({ address }) => address);
  const wordsOf = wordsAbout(lines, all);
  return said.map((each) => recipientOf(each, wordsOf(each.address)));
}

const FIELD = /^[A-Za-z-]+:/;
const LEAST_WORDS = 20;
const MOST_RECIPIENTS = 100;
const DONE = /^(?:deliver|relay|expand)/;

/** Rules of a reader's own account at Amazon answer after the mail was taken, in words that they choose. */
const ANSWERS_BY_RULE = /\binbound-smtp\.[\w-]{1,40}\.amazonaws\.com/i;
/** So Dovecot says what its rules or its quota decided; the diagnostic beside it is a made-up one. */
const REJECTED_BY_ITSELF = /was automatically rejected:/i;

function recipientOf(given: StatusOfRecipient, told: string[]): ReportedRecipient {
  const { address, action, status, diagnostic, reporter } = given;
  const words = told.some((each) => REJECTED_BY_ITSELF.test(each)) ? [...told, diagnostic] : [diagnostic, ...told];
  const judged = judgeRecipient(address, { words, status, isAlone: status === null && diagnostic !== '' });
  if (judged.kind === 'hard' && ANSWERS_BY_RULE.test(reporter)) judged.kind = 'soft';
  if (DONE.test(action)) return { ...judged, kind: 'delivered', about: null, rule: null };
  return action.startsWith('delayed') ? { ...judged, kind: 'delayed' } : judged;
}

/** Null where it is no report at all. */
function fromWords(mail: ReadMail, lines: readonly string[]): ReportedRecipient[] | null {
  const hasHeader = mail.headers.size > 0;
  if (hasHeader && !isFromServer(mail, lines)) return null;
  if (!opensReport(lines) && !hasHeader) return null;
  const failed = saysSomething(lines) ? mail.headers.get('x-failed-recipients') : undefined;
  return readText(lines, mail.to, failed);
}

/** Is there more than the frame of a mail whose parts are lost? */
function saysSomething(lines: readonly string[]): boolean {
  const words = lines.filter((line) => !line.startsWith('--') && !FIELD.test(line)).join(' ');
  return words.trim().length >= LEAST_WORDS;
}

/** A report that names nobody: whom it was sent to may still be known by the address that it came to. */
function ofNobody(lines: readonly string[]): FeedbackEvent {
  const { kind, line } = judgeRecipient('', { words: [lines.join(' ')] });
  return nothing(kind, line ?? 'a report that names nobody');
}

function fromPerson(mail: ReadMail, lines: readonly string[]): FeedbackEvent {
  const sign = autoReplySign(mail, lines);
  if (isUnsubscribe(mail, lines)) return nothing('unsubscribe', 'it asks to be let go');
  if (isChallenge(mail, lines)) return nothing('challenge', 'it asks for a proof');
  if (sign !== null)
    return { ...nothing('auto-reply', sign), recipients: isFromServer(mail, lines) ? [] : [away(mail.from, sign)] };
  return isAnswer(mail) ? nothing('reply', 'it answers a mail') : nothing('other', 'nothing tells what it is');
}

function away(address: string, line: string): ReportedRecipient {
  return { address, kind: 'auto-reply', status: null, reply: null, about: null, rule: null, line };
}

function nothing(kind: FeedbackKind, because: string): FeedbackEvent {
  return { kind, recipients: [], because };
}

const ORDER: readonly FeedbackKind[] = ['hard', 'soft', 'delayed', 'delivered'];

function worst(recipients: readonly ReportedRecipient[]): FeedbackKind {
  return ORDER.find((kind) => recipients.some((recipient) => recipient.kind === kind)) ?? 'other';
}
