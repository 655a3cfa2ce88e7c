import type { SmtpStage } from '../model/mail.ts';
import { enhancedCode, plainWords, says } from './words.ts';

/** A refusal as it was spoken: the code, the whole text, and what it answered. */
export interface Refusal {
  code: number;
  reply: string;
  stage: SmtpStage;
}

/**
 * Whom a refusal is about, which decides what becomes of the mail: `address` nobody lives there · `mailbox` this reader
 * alone: full, busy, closed · `session` this connection is used up · `crowd` one connection too many, or too soon ·
 * `rate` too much at once · `system` the server itself, whoever asks · `us` our name, sender, address, account or
 * allowance, for good · `later` another «not now», perhaps of this mail alone (greylisting) · `refused` another «no» to
 * this mail.
 */
export type About = 'address' | 'mailbox' | 'session' | 'crowd' | 'rate' | 'system' | 'us' | 'later' | 'refused';

/** What a refusal means. */
export interface Reading {
  about: About;
  /** True of a `rate` that can only be the mail server's own: said before a recipient was named, or of our account. */
  everybody: boolean;
  /** The same for refusals with the same cause: whom it is about, or the code and the enhanced code. */
  signature: string;
}

/** Reads a refusal by its meaning, not by its first digit (RFC 5321 4.2; RFC 3463; the words of common servers). */
export function readReply({ code, reply, stage }: Refusal): Reading {
  const words = plainWords(reply);
  const heard: Heard = { code, words, enhanced: enhancedCode(words), stage };
  const about = code >= 500 ? readForGood(heard) : readForNow(heard);
  // A 421 may come at any moment, whatever was asked last.
  const beforeRecipient = stage === 'mail' && code !== 421;
  const everybody = about === 'rate' && (beforeRecipient || says.ourAllowance(words));
  return { about, everybody, signature: signatureOf(heard, about) };
}

/** A refusal, ready to be read. */
interface Heard {
  code: number;
  words: string;
  enhanced: string;
  stage: SmtpStage;
}

/**
 * Codes that speak of our side of the dialogue: commands, HELO, authentication (RFC 5321 4.2.3, RFC 4954 6), a host
 * that takes no mail (RFC 7504).
 */
const OUR_CODES = new Set([500, 502, 503, 504, 521, 530, 534, 535, 538]);
/** The mail is larger than the server takes (RFC 1870 6.1): said of MAIL FROM, but no matter of the sender. */
const TOO_LARGE = 552;

function readForGood(heard: Heard): About {
  const { code, words, enhanced, stage } = heard;
  if (says.session(words)) return 'session';
  if (says.ourAccount(words)) return 'us';
  if (MAILBOX_CODES.test(enhanced) && !OUR_CODES.has(code) && !says.blamesOurAddress(words)) return 'mailbox';
  if (says.tooLarge(words) || (code === TOO_LARGE && stage !== 'rcpt' && !says.allowance(words))) return 'refused';
  if (OUR_CODES.has(code) || stage === 'mail' || OUR_ENHANCED.test(enhanced)) return 'us';
  if (isNews(heard)) return 'address';
  if (says.blamesUs(words)) return 'us';
  if (says.mailbox(words) || (code === TOO_LARGE && stage === 'rcpt')) return 'mailbox';
  if (namesOurAddress(heard) || says.allowance(words)) return 'us';
  return stage === 'rcpt' && BAD_ADDRESS.test(enhanced) && !says.policy(words) ? 'address' : 'refused';
}

function readForNow({ code, words, enhanced, stage }: Heard): About {
  if (says.session(words)) return 'session';
  if (says.crowd(words)) return 'crowd';
  if (says.greylisted(words)) return 'later';
  if (MAILBOX_CODES.test(enhanced)) return 'mailbox';
  if (code === 421 && says.timedOut(words) && isBeforeBody(stage)) return 'session';
  if (says.allowance(words) && !says.mailbox(words)) return 'rate';
  if (code === 421) return isBeforeBody(stage) ? 'session' : 'system';
  if (stage === 'mail' || code === 454 || SYSTEM_CODES.test(enhanced) || says.doubtsUs(words)) return 'system';
  if (says.mailbox(words)) return 'mailbox';
  return code === 452 && enhanced === '' ? 'system' : 'later';
}

/** Is it the plain news that nobody lives there? It may come with a host's name that sounds like a block list. */
function isNews({ words, enhanced, stage }: Heard): boolean {
  if (stage !== 'rcpt' || !(BAD_ADDRESS.test(enhanced) || SAYS_LITTLE.test(enhanced))) return false;
  return says.nobodyThere(words) && !says.blamesUs(words) && !says.policy(words);
}

/** Before the mail was heard, what is blocked is who brings it; after it, that has to be said. */
function namesOurAddress({ words, enhanced, stage }: Heard): boolean {
  if (says.blamesOurAddress(words)) return true;
  if (stage !== 'rcpt') return says.ipAddress(words) && says.blocked(words);
  return says.ipAddress(words) || (says.blocked(words) && enhanced !== NO_SUCH_RECIPIENT);
}

/** RFC 3463 3.3: the mailbox's own state; .3 speaks of the mail's length. */
const MAILBOX_CODES = /^[45]\.2\.(0|1|2|4)$/;
/** RFC 3463 3.4: the mail system itself; .4 speaks of the mail's length. */
const SYSTEM_CODES = /^4\.3\.(0|1|2|3|5)$/;
/**
 * RFC 3463 3.2 (.7 and .8: the sender), 3.6 (the dialogue), RFC 4954 6, RFC 7372 3, RFC 7505 4.2, RFC 8689 5; and
 * Microsoft's and Google's own for senders, relaying, allowances and addresses that are banned (5.4.5, 5.7.5xx to
 * 5.7.7xx).
 */
const OUR_ENHANCED = /^5\.(1\.[78]|2\.252|4\.5|5\.[124]|7\.(3|8|9|1[0-5]|2[0-9]|30|57|60|64|5\d\d|6\d\d|7\d\d))$/;
/** The codes of RFC 3463 3.2 that say something of the recipient's address; 5.1.10 is RFC 7505's. */
const BAD_ADDRESS = /^5\.1\.(0|1|2|3|4|6|10)$/;

/** Codes that leave it to the words. */
const SAYS_LITTLE = /^(5\.(0\.0|3\.0|5\.0|7\.1|7\.17))?$/;
/** Microsoft's «Recipient address rejected: Access denied» for addresses that it doesn't know. */
const NO_SUCH_RECIPIENT = '5.4.1';

/** Tells whether the server cannot have anything of the mail's body yet. */
export function isBeforeBody(stage: SmtpStage): boolean {
  return stage !== 'body' && stage !== 'reply';
}

function signatureOf({ code, enhanced }: Heard, about: About): string {
  // A server in trouble has many words for it, and some hold a time or a name.
  if (about === 'system' || about === 'session' || about === 'us') return about;
  return enhanced === '' ? `${code} ${about}` : `${code} ${enhanced}`;
}
