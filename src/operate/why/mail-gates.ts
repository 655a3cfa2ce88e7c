import { WAITS, WAITS_FOR } from '../../db/ledger/waiting.ts';
import type { EndReason } from '../../model/delivery.ts';
import { GATE_OF_END, type GateName } from '../../model/why.ts';
import type { Facts } from './facts.ts';
import { passes, said, stops, type Judged } from './reader-gates.ts';

/** Whether the mail had room for it. */
export function sizeGate({ mail, paper, inMail }: Facts): Judged {
  if (paper && inMail === false) return stops(said('no-room'));
  if (paper && inMail) return passes(said('in-mail'));
  return passes(mail ? said('composed-when-sent') : said('size-foreseen'));
}

/** Whether the day had a place for it while warming up. */
export function warmUpGate({ mail, sending: { warmUp } }: Facts): Judged {
  if (waitsFor(mail, WAITS_FOR.warmUp)) return stops(said('waits', { words: wordsOf(mail), at: next(mail) }));
  return passes(warmUp ? said('warm-up', { ...warmUp }) : said('no-warm-up'));
}

/** Whether the reader's night was over. */
export function quietGate({ mail, sending: { quietHours, quietUntil } }: Facts): Judged {
  if (waitsFor(mail, WAITS_FOR.quietHours)) return stops(said('waits', { words: wordsOf(mail), at: next(mail) }));
  if (!mail?.sentAt && quietUntil) return stops(said('quiet', { until: quietUntil }));
  return passes(quietHours ? said('not-quiet', quietHours) : said('no-quiet-hours'));
}

/** Whether the destination had a place for it. */
export function paceGate({ mail, now, sending: { perMinute, paceMs } }: Facts): Judged {
  const waits = isWaiting(mail) && mail !== null && mail.nextAttemptAt > now && mail.tries === 0 && !mail.lastReply;
  if (waits) return stops(said('paced', { at: mail.nextAttemptAt }));
  if (paceMs > 0 && !mail?.sentAt) return passes(said('pace-busy', { seconds: Math.ceil(paceMs / 1000) }));
  return passes(perMinute === null ? said('no-pace') : said('pace', { perMinute }));
}

/** Whether sending went at all. */
export function circuitGate({ mail, sending: { circuit, hold } }: Facts): Judged {
  const isToGo = !mail || isWaiting(mail);
  if (hold && isToGo) return stops(said('on-hold', { at: hold.heldAt, problem: hold.reason }), '/admin');
  if (!circuit || !isToGo) return passes(said('circuit-closed'));
  return stops(said('circuit-open', { at: circuit.openedAt, problem: circuit.problem }), '/admin');
}

/** What the server said. */
export function replyGate({ mail, now }: Facts): Judged | null {
  if (!mail || mail.state === 'sending') return null;
  if (mail.state === 'sent') return passes(said('accepted', { at: mail.sentAt ?? now, reply: mail.lastReply ?? '' }));
  if (mail.tries === 0 && !mail.lastReply) return null;
  return stops(said('put-off', { reply: wordsOf(mail), at: mail.nextAttemptAt, tries: mail.tries }));
}

/** What came back later. */
export function laterGate({ mail, later }: Facts): Judged | null {
  if (mail?.state !== 'sent') return null;
  return later
    ? stops(said(`later-${later.reason}`, { at: later.at }), '/admin/suppressions')
    : passes(said('nothing-later'));
}

/** Where a mail ended that was not sent, or would end if it were claimed now; null where nothing stops it. */
export function endOf({ mail, suppression, now }: Facts): { gate: GateName; judged: Judged; reason: EndReason } | null {
  if (!mail || mail.state === 'sent' || mail.state === 'sending') return null;
  const reason = mail.endReason ?? (isWaiting(mail) ? (mail.atDoor?.split(':')[0] as EndReason | undefined) : null);
  if (!reason) return null;
  const at = mail.finishedAt ?? now;
  const values = { at, reply: mail.lastReply ?? suppression?.reason ?? '', tries: mail.tries, key: mail.key };
  return { gate: GATE_OF_END[reason], reason, judged: stops(said(`end-${reason}`, values)) };
}

function isWaiting(mail: Facts['mail']): boolean {
  return mail?.state === 'planned' || mail?.state === 'retrying';
}

function waitsFor(mail: Facts['mail'], what: string): boolean {
  return isWaiting(mail) && (mail?.lastReply?.startsWith(WAITS + what) ?? false);
}

const wordsOf = (mail: Facts['mail']) => (mail?.lastReply ?? '').replace(WAITS, '');
const next = (mail: Facts['mail']) => mail?.nextAttemptAt ?? new Date(0);
