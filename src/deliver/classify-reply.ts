import type { SendResult, SmtpStage } from '../model/mail.ts';

/** What is known besides the answer itself. */
export interface Circumstances {
  /** Tries so far, this one included. */
  tries: number;
  /** Waits between tries, in minutes; when they are used up the delivery fails. */
  retryMinutes: readonly number[];
  /** What to do with a mail that may have arrived. */
  onUncertain: 'hold' | 'resend';
  /** An earlier try may have arrived. */
  doubted?: boolean;
  now: Date;
}

/** What an answer means for the delivery. */
export interface Verdict {
  state: 'sent' | 'retrying' | 'bounced' | 'failed' | 'uncertain';
  outcome: 'sent' | 'deferred' | 'bounced' | 'lost' | 'uncertain' | 'failed';
  stage: SmtpStage | null;
  /** The server's words, or ours: one line, at most 500 characters. */
  reply: string;
  nextAttemptAt: Date | null;
  /** True where the address itself is refused for good. */
  suppress: boolean;
}

/**
 * Decides what an SMTP answer means: 2xx sent · 4xx, and 5xx before any recipient was named, retried with back-off until used up, then
 * failed · other 5xx bounced, and suppressed only where RCPT refuses the address itself · lost before handing over retried · lost after handing over uncertain
 * (RFC 5321 4.2.1, 4.5.3.2.6; RFC 3463).
 */
export function classifyReply(result: SendResult, known: Circumstances): Verdict {
  if (result.outcome === 'accepted') return verdict('sent', 'sent', 'reply', result.reply);
  if (result.outcome === 'lost') {
    if (!result.handedOver) return later('lost', result.stage, result.problem, known);
    return known.onUncertain === 'resend'
      ? later('uncertain', result.stage, result.problem, known)
      : verdict('uncertain', 'uncertain', result.stage, result.problem);
  }
  if (result.code < 500 || blamesUs(result)) return later('deferred', result.stage, result.reply, known);
  return { ...verdict('bounced', 'bounced', result.stage, result.reply), suppress: refusesAddress(result) };
}

/** Tells whether a temporary refusal asks us to send less: 421 or 4.7.x with the words for it; greylisting is no such thing. */
export function asksToSlowDown(result: SendResult): boolean {
  if (result.outcome !== 'refused' || result.code >= 500) return false;
  return (
    /\b(rate|too many|too fast|throttl\w*|slow down|limit\w*|unusual|unexpected volume|server busy)\b/i.test(
      result.reply,
    ) && !/gr[ea]ylist/i.test(result.reply)
  );
}

/** Says what a mail that cannot be composed means: it fails alone, with its reason. */
export function unfit(problem: string, doubted: boolean): Verdict {
  return { ...verdict(doubted ? 'uncertain' : 'failed', 'failed', 'mail', problem), stage: null };
}

/** Gathers the circumstances of a try from the settings. */
export function circumstances(
  settings: { RETRY_MINUTES: readonly number[]; ON_UNCERTAIN: 'hold' | 'resend' },
  { tries, doubted }: { tries: number; doubted: boolean },
  now: Date,
): Circumstances {
  return { tries: tries + 1, doubted, retryMinutes: settings.RETRY_MINUTES, onUncertain: settings.ON_UNCERTAIN, now };
}

/** Authentication is asked for or failed (RFC 4954 6): a setting of ours is wrong, not the address. */
const OUR_FAULT = new Set([530, 534, 535, 538]);
/** The mail is larger than the server takes (RFC 1870 6.1): said of MAIL FROM, but no matter of the sender. */
const TOO_LARGE = 552;

/** The codes of RFC 3463 3.2 that say something of the recipient's address; .7 to .9 speak of the sender's. */
const BAD_ADDRESS = /(^|[^\d.])5\.1\.(0|1|2|3|4|6|10)(?![\d.])/;
const OTHER_CLASS = /(^|[^\d.])5\.\d{1,3}\.\d{1,3}(?![\d.])/;
/** How servers without enhanced codes say that nobody lives there. */
const NOBODY_THERE =
  /\b(no such (user|mailbox|recipient|address|person)|(user|recipient|mailbox|address) (is )?(unknown|not found|does not exist|doesn't exist)|unknown (user|recipient|mailbox|local part)|invalid (mailbox|recipient))\b/i;
/** Refusals of us, whatever code they come with. */
const REFUSES_US =
  /\b(spam|blocked|block ?list|blacklist|listed (at|by|in)|rbl|dnsbl|reputation|policy|relay(ing)?|spf|dkim|dmarc|rate limit|quota|full)\b/i;

/** Our name, sender or password is refused, not the recipient: whoever mends that can send the mail again. */
function blamesUs({ code, stage }: Extract<SendResult, { outcome: 'refused' }>): boolean {
  return OUR_FAULT.has(code) || (stage === 'mail' && code >= 500 && code !== TOO_LARGE);
}

function refusesAddress({ stage, reply }: Extract<SendResult, { outcome: 'refused' }>): boolean {
  if (stage !== 'rcpt' || REFUSES_US.test(reply)) return false;
  return BAD_ADDRESS.test(reply) || (!OTHER_CLASS.test(reply) && NOBODY_THERE.test(reply));
}

function later(
  outcome: 'lost' | 'deferred' | 'uncertain',
  stage: SmtpStage,
  reply: string,
  known: Circumstances,
): Verdict {
  const minutes = known.retryMinutes[known.tries - 1];
  if (minutes === undefined) {
    // A mail that may have arrived does not become a failure by trying too often.
    return outcome === 'uncertain' || known.doubted
      ? verdict('uncertain', outcome, stage, reply)
      : verdict('failed', outcome, stage, reply);
  }
  return {
    ...verdict('retrying', outcome, stage, reply),
    nextAttemptAt: new Date(known.now.getTime() + minutes * 60_000),
  };
}

function verdict(state: Verdict['state'], outcome: Verdict['outcome'], stage: SmtpStage, reply: string): Verdict {
  return { state, outcome, stage, reply: oneLine(reply), nextAttemptAt: null, suppress: false };
}

/** Makes a server's words safe to keep and show: one line, no control characters, at most 500 characters. */
export function oneLine(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500)
    .replace(/[\uD800-\uDBFF]$/, ''); // half a character
}
