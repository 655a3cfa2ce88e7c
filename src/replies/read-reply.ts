import type { SmtpStage } from '../model/mail.ts';
import { enhancedCode, says } from './words.ts';

/** A refusal as it was spoken: the code, the whole text, and what it answered. */
export interface Refusal {
  code: number;
  reply: string;
  stage: SmtpStage;
}

/**
 * Whom a refusal is about, which decides what becomes of the mail:
 * `address` nobody lives there · `mailbox` this reader alone: full, busy, closed · `session` this connection is used up ·
 * `rate` too much at once · `system` the server itself, whoever asks · `us` our name, sender, address, account or allowance, for good ·
 * `later` another «not now», perhaps of this mail alone (greylisting) · `refused` another «no» to this mail.
 */
export type About = 'address' | 'mailbox' | 'session' | 'rate' | 'system' | 'us' | 'later' | 'refused';

/** What a refusal means. */
export interface Reading {
  about: About;
  /** True of a `rate` that can only be the mail server's own: said before a recipient was named, or of our account. */
  everybody: boolean;
  /** The same for refusals with the same cause: the code, and the enhanced code or the first words. */
  signature: string;
}

/** Reads a refusal by its meaning, not by its first digit (RFC 5321 4.2; RFC 3463; the words of common servers). */
export function readReply(refusal: Refusal): Reading {
  const about = refusal.code >= 500 ? readForGood(refusal) : readForNow(refusal);
  // A 421 may come at any moment, whatever was asked last.
  const beforeRecipient = refusal.stage === 'mail' && refusal.code !== 421;
  const everybody = about === 'rate' && (beforeRecipient || says.ourAllowance(refusal.reply));
  return { about, everybody, signature: signatureOf(refusal) };
}

/** Codes that speak of our side of the dialogue: commands, HELO, authentication (RFC 5321 4.2.3, RFC 4954 6), a host that takes no mail (RFC 7504). */
const OUR_CODES = new Set([500, 502, 503, 504, 521, 530, 534, 535, 538]);
/** The mail is larger than the server takes (RFC 1870 6.1): said of MAIL FROM, but no matter of the sender. */
const TOO_LARGE = 552;

function readForGood({ code, reply, stage }: Refusal): About {
  const enhanced = enhancedCode(reply);
  if (MAILBOX_CODES.test(enhanced)) return 'mailbox';
  if (says.tooLarge(reply) || (code === TOO_LARGE && stage !== 'rcpt' && !says.allowance(reply))) return 'refused';
  if (OUR_CODES.has(code) || stage === 'mail' || OUR_ENHANCED.test(enhanced)) return 'us';
  if (says.session(reply)) return 'session';
  if (says.blamesUs(reply)) return 'us';
  if (says.mailbox(reply)) return 'mailbox';
  if (says.allowance(reply)) return 'us';
  return refusesAddress(enhanced, reply, stage) ? 'address' : 'refused';
}

function readForNow({ code, reply, stage }: Refusal): About {
  const enhanced = enhancedCode(reply);
  if (MAILBOX_CODES.test(enhanced)) return 'mailbox';
  if (says.session(reply)) return 'session';
  if (says.greylisted(reply)) return 'later';
  if (says.allowance(reply) && !says.mailbox(reply)) return 'rate';
  if (code === 421) return isBeforeBody(stage) ? 'session' : 'system';
  if (stage === 'mail' || code === 454 || SYSTEM_CODES.test(enhanced)) return 'system';
  if (says.mailbox(reply)) return 'mailbox';
  return code === 452 && enhanced === '' ? 'system' : 'later';
}

/** RFC 3463 3.3: the mailbox's own state; .3 speaks of the mail's length. */
const MAILBOX_CODES = /^[45]\.2\.(0|1|2|4)$/;
/** RFC 3463 3.4: the mail system itself; .4 speaks of the mail's length. */
const SYSTEM_CODES = /^4\.3\.(0|1|2|3|5)$/;
/**
 * RFC 3463 3.2 (.7 and .8: the sender), 3.6 (the dialogue), RFC 4954 6, RFC 7372 3, RFC 7505 4.2, RFC 8689 5; and Microsoft's and
 * Google's own for senders, relaying, allowances and addresses that are banned (5.4.5, 5.7.5xx to 5.7.7xx).
 */
const OUR_ENHANCED = /^5\.(1\.[78]|2\.252|4\.5|5\.[0124]|7\.(3|8|9|1[0-5]|2[0-9]|30|57|60|64|5\d\d|6\d\d|7\d\d))$/;
/** The codes of RFC 3463 3.2 that say something of the recipient's address; 5.1.10 is RFC 7505's. */
const BAD_ADDRESS = /^5\.1\.(0|1|2|3|4|6|10)$/;

function refusesAddress(enhanced: string, reply: string, stage: SmtpStage): boolean {
  if (stage !== 'rcpt' || says.policy(reply)) return false;
  return BAD_ADDRESS.test(enhanced) || (enhanced === '' && says.nobodyThere(reply));
}

/** Tells whether the server cannot have anything of the mail's body yet. */
export function isBeforeBody(stage: SmtpStage): boolean {
  return stage !== 'body' && stage !== 'reply';
}

function signatureOf({ code, reply }: Refusal): string {
  const enhanced = enhancedCode(reply);
  if (enhanced !== '') return `${code} ${enhanced}`;
  const words = reply
    .slice(0, 120)
    .toLowerCase()
    .match(/[a-z]{3,}/g);
  return `${code} ${(words ?? []).slice(0, 4).join(' ')}`;
}
